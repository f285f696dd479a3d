#include "app/cli/recon_batch_plan.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <glob.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/security/sha256.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_jobs = 100000;

tl::unexpected<Error> wrong(const fs::path& batch, const std::string& reason) {
  return failure(ErrorKind::invalid_parameter, fmt::format("the batch '{}' {}; see bloch-cli recon --help",
                                                           batch.filename().string(), reason));
}

/// One key with one of its values chosen.
struct Choice {
  std::string key;
  std::optional<std::string> value; ///< nothing: a flag
};
using Combination = std::vector<Choice>;

std::optional<std::string> text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return to_text(value.get<double>());
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

/// The product of all lists of an object; a single value is a list of one.
Result<std::vector<Combination>> combinations(const Json& object, bool flags, const fs::path& batch) {
  std::vector<Combination> all{{}};
  for (const auto& [key, given] : object.items()) {
    const Json list = given.is_array() ? given : Json::array({given});
    if (list.empty()) return wrong(batch, fmt::format("gives '{}' no value", key));
    std::vector<Combination> grown;
    for (const Combination& before : all)
      for (const Json& value : list) {
        const auto text = text_of(value);
        if (!text || (flags && value == false))
          return wrong(batch, fmt::format("gives '{}' something that is no value", key));
        Combination after = before;
        after.push_back({key, flags && value.is_boolean() ? std::nullopt : text});
        grown.push_back(std::move(after));
        if (grown.size() > most_jobs) return wrong(batch, "describes more than 100000 reconstructions");
      }
    all = std::move(grown);
  }
  return all;
}

/// A method with each combination of its settings.
Result<std::vector<std::pair<std::string, Combination>>> methods_of(const Json& root, const fs::path& batch) {
  std::vector<std::pair<std::string, Combination>> methods;
  const Json given = root.value("methods", Json::array());
  if (!given.is_array() || given.empty()) return wrong(batch, "needs \"methods\": a list of names or objects");
  for (const Json& one : given) {
    if (one.is_string()) {
      methods.emplace_back(one.get<std::string>(), Combination());
      continue;
    }
    if (!one.is_object() || !one.contains("method") || !one["method"].is_string())
      return wrong(batch, "has a method that is neither a name nor {\"method\": name, \"set\": {…}}");
    for (const auto& [key, value] : one.items())
      if (key != "method" && key != "set")
        return wrong(batch, fmt::format("has a method with an unknown key '{}'", key));
    const Json set = one.value("set", Json::object());
    if (!set.is_object()) return wrong(batch, "has a method whose \"set\" is not an object");
    BLOCH_TRY(settings, combinations(set, false, batch));
    for (auto& setting : settings) methods.emplace_back(one["method"].get<std::string>(), std::move(setting));
  }
  return methods;
}

/// Files that a pattern relative to the batch's folder matches, sorted; a path without pattern as it is.
std::vector<fs::path> expand(const fs::path& pattern) {
  glob_t found{};
  std::vector<fs::path> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  std::error_code code;
  if (paths.empty() && fs::exists(file_of(pattern), code)) paths.push_back(pattern); // FILE.mat#NAME
  return paths;
}

Result<std::vector<fs::path>> inputs_of(const Json& root, const fs::path& batch) {
  const Json given = root.value("inputs", Json::array());
  if (!given.is_array() || given.empty()) return wrong(batch, "needs \"inputs\": a list of files or patterns");
  std::vector<fs::path> inputs;
  for (const Json& one : given) {
    if (!one.is_string()) return wrong(batch, "has an input that is not a text");
    const fs::path pattern = batch.parent_path() / one.get<std::string>();
    const auto found = expand(pattern);
    if (found.empty())
      return failure(ErrorKind::not_found,
                     fmt::format("the batch's input '{}' does not exist", pattern.string()));
    inputs.insert(inputs.end(), found.begin(), found.end());
  }
  return inputs;
}

/// Options that name a file: relative to the batch as well.
std::string resolved(const std::string& key, const std::string& value, const fs::path& batch) {
  static const std::set<std::string> files{"mask", "coils", "reference", "like", "phase", "prewhiten"};
  return files.contains(key) ? (batch.parent_path() / value).string() : value;
}

/// From the batch file, so that equal names in different folders are told apart; "../a.npy" where it lies
/// elsewhere.
std::string input_text(const fs::path& input, const fs::path& batch) {
  std::error_code code;
  const fs::path relative = fs::absolute(input, code)
                                .lexically_normal()
                                .lexically_relative(fs::absolute(batch, code).lexically_normal().parent_path());
  return relative.empty() ? input.string() : relative.generic_string();
}

BatchJob make_job(const fs::path& input, const std::pair<std::string, Combination>& method,
                  const Combination& options, const fs::path& batch) {
  BatchJob job;
  job.input = input;
  job.arguments = {input.string(), "--method", method.first};
  job.settings = {{"input", input_text(input, batch)}, {"method", method.first}};
  for (const Choice& choice : method.second) {
    job.arguments.insert(job.arguments.end(), {"--set", choice.key + "=" + *choice.value});
    job.settings.emplace_back(choice.key, *choice.value);
  }
  for (const Choice& choice : options) {
    const std::string value = choice.value ? "=" + resolved(choice.key, *choice.value, batch) : "";
    job.arguments.push_back("--" + choice.key + value);
    job.settings.emplace_back(choice.key, choice.value.value_or("true"));
  }
  // The same wherever the folder lies.
  std::string key;
  for (const auto& [name, value] : job.settings) key += name + "=" + value + "\n";
  job.name = fmt::format("{}_{}_{}", input.stem().string(), method.first, sha256_of(key).substr(0, 10));
  return job;
}

} // namespace

Result<BatchPlan> plan_batch(const fs::path& batch) {
  BLOCH_TRY(text, read_file(batch));
  const Json root = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!root.is_object())
    return failure(ErrorKind::malformed, fmt::format("'{}' is not a JSON object", batch.filename().string()));
  static const std::vector<std::string> known{"inputs", "methods", "options", "ending"};
  for (const auto& [key, value] : root.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      return wrong(batch, fmt::format("has a key '{}'{}", key, suggestion(key, known)));
  BLOCH_TRY(inputs, inputs_of(root, batch));
  BLOCH_TRY(methods, methods_of(root, batch));
  const Json given = root.value("options", Json::object());
  if (!given.is_object()) return wrong(batch, "has \"options\" that are not an object");
  for (const char* own : {"out", "json", "batch", "method", "set", "threads"})
    if (given.contains(own)) return wrong(batch, fmt::format("sets '{}', which the batch itself decides", own));
  BLOCH_TRY(options, combinations(given, true, batch));
  BatchPlan plan;
  if (root.contains("ending")) {
    if (!root["ending"].is_string()) return wrong(batch, "has an \"ending\" that is not a text");
    plan.ending = root["ending"].get<std::string>();
  }
  if (inputs.size() * methods.size() * options.size() > most_jobs)
    return wrong(batch, "describes more than 100000 reconstructions");
  for (const auto& input : inputs)
    for (const auto& method : methods)
      for (const Combination& one : options) plan.jobs.push_back(make_job(input, method, one, batch));
  return plan;
}

} // namespace bloch::app
