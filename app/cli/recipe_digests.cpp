#include "app/cli/recipe_digests.h"

#include <vector>

#include "core/security/sha256.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::app {

Result<std::string> output_digest(std::filesystem::path output) {
  if (output.extension() == ".hdr") output.replace_extension(".cfl");
  return sha256_of_file(output);
}

Result<void> add_digests(Recipe& recipe, std::span<const std::pair<const char*, std::string>> inputs,
                         const std::filesystem::path& output) {
  std::vector<Result<RecipeInput>> described(inputs.size(), RecipeInput());
  Result<std::string> written;
  imaging::parallel_for(0, inputs.size() + 1, [&](std::size_t i) {
    if (i == inputs.size()) {
      if (!output.empty()) written = output_digest(output);
    } else if (!inputs[i].second.empty()) {
      described[i] = describe_input(inputs[i].first, inputs[i].second, DigestSource::list);
    }
  });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].second.empty()) continue;
    BLOCH_TRY(input, described[i]);
    recipe.inputs.push_back(input);
  }
  BLOCH_TRY(digest, written);
  if (!digest.empty()) recipe.options["output-sha256"] = digest;
  return {};
}

} // namespace bloch::app
