#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace bloch {

/// A file that went into a result: told apart by content, named without its folder.
struct RecipeInput {
  std::string role;   ///< "input", "mask", "coils", …
  std::string name;   ///< file name without folder
  std::string sha256; ///< of a file; of a folder: over the sorted digests of its files
};

/// How a result was made, saved beside it as OUT.recipe.json; `bloch-cli replay` makes it again.
struct Recipe {
  std::string command;    ///< "recon", "anomaly score", …
  std::string algorithm;  ///< name in its list, "l1-wavelet"
  std::string parameters; ///< JSON object of the algorithm's ParameterSet
  std::vector<RecipeInput> inputs;
  std::map<std::string, std::string>
      options; ///< the command's own options by long name, "undersample": "random,accel=4"
  unsigned long long seed = 0;
  int threads = 1;
  std::string version;     ///< of Bloch
  std::string wisdom_hash; ///< of the FFT plans in use; empty where no FFT ran
  std::string output;      ///< file name without folder
};

std::string to_json(const Recipe& recipe);
Result<Recipe> recipe_from_json(std::string_view json);
Result<Recipe> read_recipe(const std::filesystem::path& path);

/// "brain.nii.gz" -> "brain.nii.gz.recipe.json"; a folder's recipe lies beside the folder.
std::filesystem::path recipe_path(const std::filesystem::path& output);
Result<void> write_recipe(const Recipe& recipe, const std::filesystem::path& output);

/// Whether the digest of a large file that was not changed may come from the user's DigestList. For a recipe
/// that is written it may; what checks one reads the file.
enum class DigestSource { file, list };

/// Name and digest of a file or a folder. Errors: not_found.
Result<RecipeInput> describe_input(std::string role, const std::filesystem::path& path,
                                   DigestSource source = DigestSource::file);

} // namespace bloch
