#include "app/cli/recon_batch.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/recipe_digests.h"
#include "app/cli/recon_batch_plan.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The line of one job, read by recon's own options.
struct PreparedJob {
  std::shared_ptr<CLI::App> app; ///< holds what the body's options are bound to
  CommandBody body;
};

Result<PreparedJob> prepare(const BatchJob& job, const fs::path& out, const std::string& ending) {
  const auto all = commands();
  const auto recon =
      std::find_if(all.begin(), all.end(), [](const Command& one) { return one.name == "recon"; });
  PreparedJob prepared{std::make_shared<CLI::App>(), {}};
  prepared.body = recon->configure(*prepared.app);
  std::vector<std::string> line = job.arguments;
  line.insert(line.end(), {"--out", (out / (job.name + ending)).string()});
  std::reverse(line.begin(), line.end());
  try {
    prepared.app->parse(line);
  } catch (const CLI::ParseError& error) {
    return failure(ErrorKind::invalid_parameter, fmt::format("the batch's job {}: {}", job.name, error.what()));
  }
  return prepared;
}

/// Digests of inputs, each read once.
class Digests {
 public:
  Result<std::string> of(const fs::path& path) {
    const auto known = known_.find(path);
    if (known != known_.end()) return known->second;
    BLOCH_TRY(input, describe_input("input", path, DigestSource::list));
    known_[path] = input.sha256;
    return input.sha256;
  }

 private:
  std::map<fs::path, std::string> known_;
};

/// Whether an output is whole: the digest that its recipe keeps; a DICOM object, of which it keeps none, is
/// there and not empty.
bool is_whole(const fs::path& output) {
  std::error_code code;
  if (!fs::exists(output, code)) return false;
  const auto recipe = read_recipe(recipe_path(output));
  if (!recipe) return false;
  const auto digest = recipe->options.find("output-sha256");
  if (digest == recipe->options.end()) return !fs::is_empty(output, code) && !code;
  const auto found = output_digest(output);
  return found && *found == digest->second;
}

/// What a finished job says of itself; nothing where it must be done (again).
std::optional<Json> finished(const fs::path& file, const BatchJob& job, const std::string& digest) {
  const auto bytes = read_file(file);
  if (!bytes) return std::nullopt;
  const Json kept = Json::parse(bytes->begin(), bytes->end(), nullptr, false);
  if (!kept.is_object() || kept.value("arguments", Json()) != Json(job.arguments) ||
      kept.value("input_sha256", Json()) != Json(digest) || !kept.contains("result"))
    return std::nullopt;
  const Json& result = kept["result"];
  const Json parts = result.contains("parts") ? result["parts"] : Json::array({result});
  for (const Json& part : parts) {
    if (!part.is_object() || !part.contains("output") || !part["output"].is_string() ||
        !is_whole(part["output"].get<std::string>()))
      return std::nullopt;
  }
  return result;
}

Result<Json> run_job(const Invocation& invocation, const PreparedJob& prepared, const Progress& progress) {
  std::string text;
  Invocation piece = invocation;
  piece.quiet = true;
  piece.wants_json = true;
  piece.json_on_stdout = true;
  piece.progress = progress;
  piece.set_json = [&](std::string answer) { text = std::move(answer); };
  BLOCH_CHECK(prepared.body(piece));
  return Json::parse(text);
}

/// Names and values of one row of the table.
Json row_of(const BatchJob& job, const Json& result) {
  Json row = Json::object();
  for (const auto& [name, value] : job.settings) row[name] = value;
  row["part"] = result.value("part", "");
  for (const char* name : {"acceleration", "lambda", "lambda-tv", "iterations", "converged"})
    if (result.contains(name)) row[name] = result[name];
  if (result.contains("metrics")) {
    for (const char* name : {"nrmse", "psnr_db", "ssim"}) row[name] = result["metrics"][name];
    for (const char* name : {"nrmse", "psnr_db", "ssim"})
      row[std::string("scaled_") + name] = result["metrics"]["scaled"][name];
  }
  if (result.contains("seconds"))
    for (const auto& [name, value] : result["seconds"].items()) row["seconds_" + name] = value;
  if (result.contains("coils"))
    for (const char* name : {"used", "kept_energy"}) row[std::string("coils_") + name] = result["coils"][name];
  row["simulated"] = result.value("simulated", "");
  row["output"] = fs::path(result.value("output", "")).filename().string();
  row["error"] = "";
  return row;
}

std::string csv_cell(const Json& value) {
  if (value.is_null()) return "";
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// What was set, in the order of the plan, then what came out: the same columns whatever any job did.
std::vector<std::string> columns_of(const BatchPlan& plan) {
  std::vector<std::string> columns;
  const auto add = [&](const std::string& name) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  };
  for (const BatchJob& job : plan.jobs)
    for (const auto& [name, value] : job.settings) add(name);
  for (const char* name : {"part",
                           "acceleration",
                           "lambda",
                           "lambda-tv",
                           "iterations",
                           "converged",
                           "nrmse",
                           "psnr_db",
                           "ssim",
                           "scaled_nrmse",
                           "scaled_psnr_db",
                           "scaled_ssim",
                           "seconds_read",
                           "seconds_calibrate",
                           "seconds_solve",
                           "seconds_write",
                           "seconds_total",
                           "coils_used",
                           "coils_kept_energy",
                           "simulated",
                           "output",
                           "error"})
    add(name);
  return columns;
}

std::string csv_of(const Json& rows, const std::vector<std::string>& columns) {
  std::string text = join(columns, ",") + "\n";
  for (const Json& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& name : columns) cells.push_back(row.contains(name) ? csv_cell(row[name]) : "");
    text += join(cells, ",") + "\n";
  }
  return text;
}

void add_rows(Json& rows, const BatchJob& job, const Json& result) {
  if (!result.contains("parts")) {
    rows.push_back(row_of(job, result));
    return;
  }
  for (const Json& part : result["parts"]) rows.push_back(row_of(job, part));
}

struct Tally {
  std::size_t made = 0, kept = 0, failed = 0;
};

/// One job done, or taken from before; only a cancelled one ends the batch.
Result<void> run_or_keep(const Invocation& invocation, const BatchJob& job, const PreparedJob& prepared,
                         const fs::path& out, const Progress& progress, Digests& digests, Json& rows,
                         Tally& tally) {
  auto digest = digests.of(job.input);
  const fs::path record = out / (job.name + ".json");
  if (digest)
    if (const auto before = finished(record, job, *digest)) {
      add_rows(rows, job, *before);
      ++tally.kept;
      return {};
    }
  Result<Json> result = digest ? run_job(invocation, prepared, progress) : failure(digest.error());
  if (result) {
    const Json whole{
        {"arguments", job.arguments}, {"input_sha256", *digest}, {"version", version()}, {"result", *result}};
    BLOCH_CHECK(write_file(record, whole.dump(2) + "\n"));
    add_rows(rows, job, *result);
    ++tally.made;
    return {};
  }
  if (result.error().kind == ErrorKind::cancelled) return failure(result.error());
  Json row = row_of(job, Json::object());
  row["error"] = result.error().message;
  rows.push_back(std::move(row));
  ++tally.failed;
  invocation.warn(job.name + ": " + result.error().message);
  return {};
}

} // namespace

Result<void> run_recon_batch(const Invocation& invocation, const fs::path& batch, const std::string& out) {
  BLOCH_TRY(plan, plan_batch(batch));
  std::vector<PreparedJob> prepared; // what is wrong with any line is said before the first is run
  for (const BatchJob& job : plan.jobs) {
    BLOCH_TRY(one, prepare(job, out, plan.ending));
    prepared.push_back(std::move(one));
  }
  std::error_code code;
  fs::create_directories(out, code);
  if (code) return failure(file_error(out, code.value(), true));
  Digests digests;
  Json rows = Json::array();
  Tally tally;
  Result<void> state;
  for (std::size_t i = 0; i < plan.jobs.size() && state; ++i) {
    const double share = 1.0 / static_cast<double>(plan.jobs.size());
    const double begin = static_cast<double>(i) * share;
    state =
        run_or_keep(invocation, plan.jobs[i], prepared[i], out,
                    invocation.progress.child(begin, begin + share, plan.jobs[i].name), digests, rows, tally);
  }
  BLOCH_CHECK(write_file(fs::path(out) / "batch.csv", csv_of(rows, columns_of(plan))));
  BLOCH_CHECK(write_file(fs::path(out) / "batch.json", rows.dump(2) + "\n"));
  if (!state) return state;
  invocation.say(fmt::format("{} reconstructions: {} made, {} there already, {} failed; table in {}",
                             plan.jobs.size(), tally.made, tally.kept, tally.failed,
                             (fs::path(out) / "batch.csv").string()));
  invocation.set_json(Json{
      {"jobs", plan.jobs.size()},
      {"made", tally.made},
      {"kept", tally.kept},
      {"failed", tally.failed},
      {"rows", rows}}.dump(2));
  if (tally.failed > 0)
    return failure(
        ErrorKind::failed,
        fmt::format("{} of {} reconstructions failed; batch.csv says why, and the next call tries them again",
                    tally.failed, plan.jobs.size()));
  return {};
}

} // namespace bloch::app
