#include "core/parameters/recipe.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/security/digest_list.h"
#include "core/security/sha256.h"

namespace bloch {
namespace fs = std::filesystem;

std::string to_json(const Recipe& recipe) {
  nlohmann::ordered_json json;
  json["bloch"] = "recipe";
  json["format"] = 1;
  json["version"] = recipe.version;
  json["command"] = recipe.command;
  json["algorithm"] = recipe.algorithm;
  json["parameters"] = nlohmann::ordered_json::parse(recipe.parameters.empty() ? "{}" : recipe.parameters);
  json["inputs"] = nlohmann::ordered_json::array();
  for (const auto& input : recipe.inputs)
    json["inputs"].push_back({{"role", input.role}, {"name", input.name}, {"sha256", input.sha256}});
  json["options"] = recipe.options;
  json["seed"] = recipe.seed;
  json["threads"] = recipe.threads;
  json["wisdom_hash"] = recipe.wisdom_hash;
  json["output"] = recipe.output;
  return json.dump(2) + "\n";
}

Result<Recipe> recipe_from_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("bloch", "") != "recipe")
    return failure(ErrorKind::malformed, "this is not a recipe of Bloch");
  try {
    Recipe recipe;
    recipe.version = json.value("version", "");
    recipe.command = json.at("command").get<std::string>();
    recipe.algorithm = json.value("algorithm", "");
    recipe.parameters = json.value("parameters", nlohmann::json::object()).dump();
    for (const auto& input : json.at("inputs"))
      recipe.inputs.push_back({input.at("role").get<std::string>(), input.at("name").get<std::string>(),
                               input.at("sha256").get<std::string>()});
    recipe.options = json.value("options", std::map<std::string, std::string>{});
    recipe.seed = json.value("seed", 0ULL);
    recipe.threads = json.value("threads", 1);
    recipe.wisdom_hash = json.value("wisdom_hash", "");
    recipe.output = json.value("output", "");
    return recipe;
  } catch (const nlohmann::json::exception&) {
    return failure(ErrorKind::malformed, "a part of the recipe is missing or has the wrong type");
  }
}

Result<Recipe> read_recipe(const fs::path& path) {
  BLOCH_TRY(bytes, read_file(path, 16U << 20));
  auto recipe = recipe_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!recipe) return failure(recipe.error().in("'" + path.string() + "'"));
  return recipe;
}

fs::path recipe_path(const fs::path& output) {
  fs::path base = output.filename().empty() ? output.parent_path() : output;
  base += ".recipe.json";
  return base;
}

Result<void> write_recipe(const Recipe& recipe, const fs::path& output) {
  return write_file(recipe_path(output), to_json(recipe));
}

Result<RecipeInput> describe_input(std::string role, const fs::path& path, DigestSource source) {
  const auto digest_of = [&](const fs::path& file) {
    return source == DigestSource::list ? DigestList::of_user().sha256_of(file) : sha256_of_file(file);
  };
  RecipeInput input{std::move(role),
                    path.filename().empty() ? path.parent_path().filename().string() : path.filename().string(),
                    {}};
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    BLOCH_TRY(digest, digest_of(file_of(path)));
    input.sha256 = std::move(digest);
    return input;
  }
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, code);
       !code && entry != fs::recursive_directory_iterator(); entry.increment(code))
    if (entry->is_regular_file(code)) files.push_back(entry->path());
  std::vector<std::string> digests;
  for (const auto& file : files) {
    BLOCH_TRY(digest, digest_of(file));
    digests.push_back(std::move(digest));
  }
  std::sort(digests.begin(), digests.end());
  std::string all;
  for (const auto& digest : digests) all += digest;
  input.sha256 = sha256_of(all);
  return input;
}

} // namespace bloch
