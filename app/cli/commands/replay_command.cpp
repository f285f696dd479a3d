#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

struct ReplayOptions {
  fs::path recipe;
  std::string inputs, out;
};

/// The input of that name and content: in --inputs, beside the recipe, or in the current folder.
Result<fs::path> find_input(const RecipeInput& wanted, const ReplayOptions& options) {
  std::vector<fs::path> folders;
  if (!options.inputs.empty()) folders.emplace_back(options.inputs);
  folders.push_back(options.recipe.parent_path());
  folders.emplace_back(".");
  bool changed = false;
  for (const fs::path& folder : folders) {
    // --inputs may also name the input itself.
    for (const fs::path& candidate : {folder / wanted.name, folder}) {
      std::error_code code;
      if (candidate.filename() != wanted.name || !fs::exists(file_of(candidate), code)) continue;
      BLOCH_TRY(found, describe_input(wanted.role, candidate));
      if (found.sha256 == wanted.sha256) return candidate;
      changed = true;
    }
  }
  if (changed)
    return failure(
        ErrorKind::failed,
        fmt::format("the {} '{}' has changed since the recipe was written, so the result cannot be made again",
                    wanted.role, wanted.name));
  return failure(
      ErrorKind::not_found,
      fmt::format(
          "the {} '{}' is neither beside the recipe nor in the current folder; say where with --inputs DIR",
          wanted.role, wanted.name));
}

/// The options that a command has, so that a recipe's roles and names find their place on its line.
class CommandShape {
 public:
  explicit CommandShape(const Command& command) { command.configure(app_); }
  bool has(const std::string& name) const { return app_.get_option_no_throw("--" + name) != nullptr; }

 private:
  CLI::App app_;
};

Result<const Command*> find_command(const std::string& name) {
  for (const Command& command : commands())
    if (command.name == name) return &command;
  return failure(ErrorKind::malformed,
                 fmt::format("the recipe is of a command '{}' that this version does not have", name));
}

/// Where an output beside the main one goes: under its recorded name beside the recipe or, with --out, beside
/// that under a name of its own, so that nothing of the first run is written over.
fs::path other_output(const std::string& option, const std::string& recorded, const ReplayOptions& options,
                      const fs::path& out) {
  const fs::path folder = recipe_path(out).parent_path();
  const std::string name = fs::path(recorded).filename().string(); // a recipe may come from anywhere
  std::string main = recipe_path(out).stem().stem().string();
  if (options.out.empty()) return folder / (name == main ? option.substr(4) + "_" + name : name);
  main.resize(std::min(main.size(), main.find('.')));
  return folder / (main + "_" + name);
}

Result<std::vector<std::string>> command_line(const Recipe& recipe, const ReplayOptions& options,
                                              const fs::path& out) {
  BLOCH_TRY(command, find_command(recipe.command));
  const CommandShape shape(*command);
  std::vector<std::string> line = split(recipe.command, ' ');
  for (const RecipeInput& input : recipe.inputs) {
    BLOCH_TRY(path, find_input(input, options));
    if (shape.has(input.role)) line.push_back("--" + input.role);
    line.push_back(path.string());
  }
  const auto parameters = nlohmann::json::parse(recipe.parameters, nullptr, false);
  if (!parameters.is_object())
    return failure(ErrorKind::malformed, "the recipe's parameters are not a JSON object");
  for (const char* name : {"method", "map", "kind"})
    if (shape.has(name) && !recipe.options.contains(name) && !parameters.contains(name) &&
        !recipe.algorithm.empty())
      line.insert(line.end(), {std::string("--") + name, recipe.algorithm});
  for (const auto& [name, value] : recipe.options) {
    if (!shape.has(name)) continue;
    const std::string text =
        name.starts_with("out-") ? other_output(name, value, options, out).string() : value;
    line.push_back("--" + name + "=" + text);
  }
  for (const auto& [name, value] : parameters.items()) {
    std::string text = value.is_string()         ? value.get<std::string>()
                       : value.is_number_float() ? to_text(value.get<double>())
                                                 : value.dump();
    if (value.is_array()) text = text.substr(1, text.size() - 2);
    if (shape.has(name))
      line.push_back("--" + name + "=" + text);
    else
      line.insert(line.end(), {"--set", name + "=" + text});
  }
  line.insert(line.end(), {"--out", out.string(), "--threads", std::to_string(recipe.threads)});
  return line;
}

/// The same bits are promised for the same version, threads and FFT plans only.
std::string verdict(const Recipe& before, const Recipe& after) {
  const auto digest = [](const Recipe& recipe) {
    const auto found = recipe.options.find("output-sha256");
    return found == recipe.options.end() ? std::string() : found->second;
  };
  std::vector<std::string> differences;
  if (before.version != after.version)
    differences.push_back("version " + before.version + " before, " + after.version + " now");
  if (before.wisdom_hash != after.wisdom_hash) differences.emplace_back("other FFT plans");
  if (!digest(before).empty() && digest(before) == digest(after)) return "the same bits as before";
  const std::string reason = differences.empty() ? "" : " (" + join(differences, "; ") + ")";
  if (!digest(before).empty() && !digest(after).empty()) return "not the same bits as before" + reason;
  return differences.empty() ? "made again with the same version, threads and FFT plans"
                             : "made again" + reason;
}

Result<void> run_replay(const Invocation& invocation, const ReplayOptions& options) {
  BLOCH_TRY(recipe, read_recipe(options.recipe));
  const fs::path out =
      options.out.empty() ? options.recipe.parent_path() / recipe.output : fs::path(options.out);
  BLOCH_TRY(line, command_line(recipe, options, out));
  if (invocation.quiet || invocation.json_on_stdout) line.emplace_back("--quiet");
  if (recipe.version != version())
    invocation.warn(fmt::format(
        "the recipe was written by version {}, this is {}: the result may differ in its last digits",
        recipe.version, version()));
  if (run_command_line(line) != 0) return failure(ErrorKind::failed, "the recorded command failed, see above");
  std::string outcome = "made again";
  if (const auto after = read_recipe(recipe_path(out))) outcome = verdict(recipe, *after);
  invocation.say(fmt::format("{}: {}", out.string(), outcome));
  const nlohmann::ordered_json json{{"command", line},
                                    {"output", out.string()},
                                    {"outcome", outcome},
                                    {"same_bits", outcome == "the same bits as before"}};
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_replay(CLI::App& app) {
  const auto options = std::make_shared<ReplayOptions>();
  app.add_option("recipe", options->recipe, "the OUT.recipe.json beside a result")
      ->required()
      ->type_name("RECIPE");
  app.add_option("--inputs", options->inputs, "folder with the inputs, when they are not beside the recipe")
      ->type_name("DIR");
  app.add_option("--out", options->out, "where to write instead of the recorded place beside the recipe")
      ->type_name("FILE|DIR/");
  return [options](const Invocation& invocation) { return run_replay(invocation, *options); };
}

} // namespace

Command replay_command() {
  return {"replay",
          "Makes a result again from the recipe beside it, after checking that its inputs have not changed.",
          "bloch-cli replay image.nii.gz.recipe.json --inputs data/", configure_replay};
}

} // namespace bloch::app
