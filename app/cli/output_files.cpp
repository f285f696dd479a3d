#include "app/cli/output_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/parameters/recipe.h"
#include "imaging/dicom/medium_name.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

/// A file or folder that the command line names, or that belongs to one.
struct LineFile {
  std::string option; ///< "--noise", or "INPUT" for what stands without an option
  fs::path path;
};

std::string line_name(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
  std::string name = option.get_name(true);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

fs::path without_slash(const fs::path& path) {
  return path.has_filename() || !path.has_parent_path() ? path : path.parent_path();
}

/// Terminals and other devices hold nothing that could be lost.
bool may_be_lost(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  return !fs::exists(status) || fs::is_regular_file(status) || fs::is_directory(status);
}

bool same_place(const fs::path& a, const fs::path& b) {
  std::error_code code;
  if (fs::exists(a, code) && fs::exists(b, code)) return fs::equivalent(a, b, code);
  const fs::path first = fs::weakly_canonical(fs::absolute(a, code), code);
  return !code && first == fs::weakly_canonical(fs::absolute(b, code), code);
}

/// The other file of those that come in twos.
std::vector<fs::path> with_other_half(const fs::path& path) {
  std::vector<fs::path> files{path};
  const std::string ending = lower_case(path.extension().string());
  const auto add = [&](const char* other) { files.push_back(fs::path(path).replace_extension(other)); };
  if (ending == ".cfl" || ending == ".img") add(".hdr");
  if (ending == ".hdr") {
    add(".cfl");
    add(".img");
  }
  return files;
}

/// Begins as DICOM files on a disk do.
bool holds_dicom(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 132> start{};
  file.read(start.data(), start.size());
  return file && std::string_view(start.data() + 128, 4) == "DICM";
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  std::error_code code;
  const fs::path inside = fs::relative(path, folder, code);
  return !code && !inside.empty() && *inside.begin() != "..";
}

class LineFiles {
 public:
  explicit LineFiles(const CLI::App& app) {
    std::vector<LineFile> given;
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_items_expected_max() == 0) continue; // a flag
      const std::string name = line_name(*option);
      for (const std::string& text : option->results())
        if (names_output(name))
          add_output(app, name, text);
        else
          given.push_back({name, text});
    }
    for (const LineFile& each : given) add_input(each);
    add_chosen_files(given);
  }

  Result<void> check() const {
    for (const LineFile& output : outputs_) {
      for (const LineFile& input : inputs_)
        if (same_place(output.path, input.path)) return refuse_input(output, input.option);
      for (const LineFile& folder : folders_)
        if (lies_below(output.path, folder.path) && holds_dicom(output.path))
          return refuse_input(output, folder.option);
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if (outputs_[i].option != outputs_[k].option && same_place(outputs_[i].path, outputs_[k].path))
          return failure(ErrorKind::invalid_parameter,
                         fmt::format("{} and {} would both be written to '{}'; give each a file of its own",
                                     outputs_[k].option, outputs_[i].option, outputs_[i].path.string()));
    return {};
  }

 private:
  static Result<void> refuse_input(const LineFile& output, const std::string& input) {
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("{} would overwrite '{}', which is read as {}; give {} another name",
                               output.option, output.path.string(), input, output.option));
  }

  void add_output(const CLI::App& app, const std::string& option, const std::string& text) {
    if (text.empty() || (option == "--json" && text == "-")) return;
    const fs::path path = without_slash(text);
    std::vector<fs::path> files = with_other_half(path);
    const bool replays = app.get_name() == "replay"; // its recipe is written again as it was
    if (option != "--json" && !replays) files.push_back(recipe_path(path));
    const CLI::Option* batch = app.get_option_no_throw("--batch");
    if (option == "--out" && batch && batch->count() > 0) files = {path / "batch.csv", path / "batch.json"};
    for (const fs::path& file : files)
      if (may_be_lost(file)) outputs_.push_back({option, file});
  }

  /// Whatever names something that is there: a file, a folder, FILE#NAME or FOLDER#UID.
  void add_input(const LineFile& given) {
    std::error_code code;
    fs::path path = given.path;
    const std::string text = path.string();
    if (const auto hash = text.rfind('#'); hash != std::string::npos && !fs::exists(path, code))
      path = text.substr(0, hash);
    path = without_slash(path);
    if (path.empty()) return;
    for (const fs::path& file : with_other_half(path))
      if (fs::exists(file, code) && may_be_lost(file)) inputs_.push_back({given.option, file});
    if (fs::is_directory(path, code)) folders_.push_back({given.option, path});
    if (fs::is_regular_file(path, code) && imaging::is_dicomdir_name(path))
      folders_.push_back({given.option, fs::absolute(path, code).parent_path()});
  }

  /// --series may name an image file of a folder.
  void add_chosen_files(const std::vector<LineFile>& given) {
    constexpr std::string_view file_uid = "file:";
    for (const LineFile& each : given) {
      const std::string text = each.path.string();
      const fs::path name = text.starts_with(file_uid) ? text.substr(file_uid.size()) : text;
      std::error_code code;
      if (name != each.path && fs::is_regular_file(name, code)) inputs_.push_back({each.option, name});
      for (const LineFile& folder : folders_)
        if (fs::is_regular_file(folder.path / name, code)) inputs_.push_back({each.option, folder.path / name});
    }
  }

  std::vector<LineFile> inputs_, folders_, outputs_;
};

} // namespace

bool names_output(const std::string& option) {
  constexpr std::array<std::string_view, 4> names = {"--out", "--json", "--statevector", "--circuit"};
  return std::find(names.begin(), names.end(), option) != names.end() || option.starts_with("--out-");
}

Result<void> check_output_files(const CLI::App& app) { return LineFiles(app).check(); }

} // namespace bloch::app
