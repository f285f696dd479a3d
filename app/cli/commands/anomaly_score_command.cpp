#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/recipe_digests.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "imaging/learning/anomaly.h"
#include "imaging/open/open.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::app {
namespace {

struct AnomalyScoreOptions {
  std::filesystem::path input;
  std::string series;
  std::filesystem::path model;
  std::string truth;
  std::string mask;
  std::string out;
  std::string out_classical;
  std::string twin = "quantum"; ///< whose map --out is
};

bool is_series_folder(const std::string& out) {
  std::error_code code;
  return out.ends_with('/') || std::filesystem::is_directory(out, code);
}

Result<void> check_map_target(const std::string& out) {
  if (out.empty() || is_series_folder(out)) return {};
  return imaging::image_writer_of(out).map([](const auto*) {});
}

Result<std::optional<LabelMap>> open_optional_mask(const std::string& path) {
  if (path.empty()) return std::optional<LabelMap>{};
  BLOCH_TRY(labels, imaging::open_label_map(path));
  return std::optional<LabelMap>{labels};
}

Result<void> write_map_recipe(const AnomalyScoreOptions& options, const std::string& out,
                              const std::string& twin) {
  Recipe recipe;
  recipe.command = "anomaly score";
  recipe.algorithm = twin;
  recipe.parameters = "{}";
  const std::pair<const char*, std::string> inputs[] = {{"input", options.input.string()},
                                                        {"model", options.model.string()},
                                                        {"mask", options.mask},
                                                        {"truth", options.truth}};
  if (!options.series.empty()) recipe.options["series"] = options.series;
  recipe.threads = imaging::thread_count();
  recipe.version = version();
  std::filesystem::path target(out);
  if (!target.has_filename()) target = target.parent_path();
  recipe.output = target.filename().string();
  recipe.options["twin"] = twin;
  // A series has new UIDs each time.
  BLOCH_CHECK(add_digests(recipe, inputs, is_series_folder(out) ? std::filesystem::path() : target));
  return write_recipe(recipe, target);
}

Result<void> write_map(const AnomalyScoreOptions& options, const imaging::OpenedImage& image, const Volume& map,
                       const std::string& out, const std::string& twin, const Progress& progress) {
  if (is_series_folder(out)) {
    imaging::DerivedSeries derived;
    derived.description = fmt::format("Anomaly map ({}), not for diagnosis", twin);
    derived.derivation_description = fmt::format("Bloch {}: one-class SVM on patch features, {} kernel; value: "
                                                 "quantile of the score among training patches",
                                                 version(), twin);
    derived.image_comments = "Anomaly map, computed for research, not for diagnostic use";
    derived.image_type_extra = {"ANOMALY_MAP"};
    derived.quantity = "{0:1}";
    derived.inverse = false;
    const SeriesPlace source{&image.patient, &image.study, &image.series};
    BLOCH_CHECK(imaging::write_derived_series(out, map, source, derived, progress));
  } else {
    BLOCH_CHECK(imaging::write_image(out, map));
  }
  return write_map_recipe(options, out, twin);
}

nlohmann::ordered_json twin_json(const imaging::AnomalyScore& score, const std::string& out) {
  nlohmann::ordered_json json;
  json["map"] = out.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(out);
  if (score.auc) {
    json["auc"] = *score.auc;
    json["auc_ci"] = score.auc_interval;
  }
  json["seconds"] = score.seconds;
  return json;
}

nlohmann::ordered_json scores_json(const AnomalyScoreOptions& options, const imaging::AnomalyScores& scores) {
  nlohmann::ordered_json json;
  const bool classical_first = options.twin == "classical";
  json["quantum"] = twin_json(scores.quantum, classical_first ? "" : options.out);
  json["classical"] = twin_json(scores.classical, classical_first ? options.out : options.out_classical);
  if (scores.auc_difference)
    json["difference"] = {
        {"auc", *scores.auc_difference}, {"auc_ci", scores.difference_interval}, {"verdict", scores.verdict}};
  json["voxels"] = scores.voxels;
  json["seconds"] = scores.feature_seconds + scores.quantum.seconds + scores.classical.seconds;
  json["warnings"] = scores.warnings;
  return json;
}

void say_scores(const Invocation& invocation, const imaging::AnomalyScores& scores) {
  invocation.say(fmt::format("{} voxels: features {:.1f} s, quantum {:.1f} s, classical {:.1f} s",
                             scores.voxels, scores.feature_seconds, scores.quantum.seconds,
                             scores.classical.seconds));
  if (!scores.auc_difference) return;
  const auto line = [](const char* name, double value, const std::array<double, 2>& interval) {
    return fmt::format("{:<11} AUC {:.3f}  (95 % {:.3f} to {:.3f})", name, value, interval[0], interval[1]);
  };
  invocation.say(line("quantum", *scores.quantum.auc, scores.quantum.auc_interval));
  invocation.say(line("classical", *scores.classical.auc, scores.classical.auc_interval));
  invocation.say(line("difference", *scores.auc_difference, scores.difference_interval) + ": " +
                 scores.verdict);
}

Result<void> run_anomaly_score(const Invocation& invocation, const AnomalyScoreOptions& options) {
  BLOCH_CHECK(check_map_target(options.out));
  BLOCH_CHECK(check_map_target(options.out_classical));
  BLOCH_TRY(model, imaging::read_model(options.model));
  BLOCH_TRY(image, imaging::open_image(options.input, options.series, invocation.progress.child(0, 0.1)));
  for (const Warning& warning : image.series.warnings) invocation.warn(warning.message);
  BLOCH_TRY(mask, open_optional_mask(options.mask));
  if (!mask && image.series.inverse) {
    std::vector<std::string> doubts;
    BLOCH_TRY(found, imaging::mask_of_inverse(image.volume, doubts));
    for (const std::string& doubt : doubts) invocation.warn(doubt);
    mask = found;
  }
  BLOCH_TRY(truth, open_optional_mask(options.truth));
  BLOCH_TRY(scores,
            imaging::score_anomaly(image.volume, model, mask, truth, invocation.progress.child(0.1, 0.95)));
  for (const std::string& warning : scores.warnings) invocation.warn(warning);
  const Volume& first = options.twin == "quantum" ? scores.quantum.map : scores.classical.map;
  BLOCH_CHECK(write_map(options, image, first, options.out, options.twin,
                        invocation.progress.child(0.95, 0.97, "writing")));
  if (!options.out_classical.empty())
    BLOCH_CHECK(write_map(options, image, scores.classical.map, options.out_classical, "classical",
                          invocation.progress.child(0.97, 1, "writing")));
  say_scores(invocation, scores);
  invocation.set_json(scores_json(options, scores).dump(2));
  return {};
}

CommandBody configure_anomaly_score(CLI::App& app) {
  const auto options = std::make_shared<AnomalyScoreOptions>();
  app.add_option("input", options->input, "image file, or DICOM file or folder")
      ->required()
      ->type_name("INPUT");
  app.add_option("--series", options->series,
                 "which series of the input, by its UID (see bloch-cli info); an image file in a folder or "
                 "archive, by its name")
      ->type_name("UID|FILE");
  app.add_option("--model", options->model, "what anomaly train wrote")->required()->type_name("MODEL");
  app.add_option("--truth", options->truth, "mask of what should be found: adds AUC with 95 % intervals")
      ->type_name("FILE");
  app.add_option("--mask", options->mask,
                 "where to look; default: voxels that are not 0, closed, largest component")
      ->type_name("FILE");
  app.add_option("--out", options->out,
                 "map of the quantum twin: image file, or a folder (ending in /) for a derived DICOM series")
      ->required()
      ->type_name("MAP|DIR/");
  app.add_option("--twin", options->twin, "whose map --out is")
      ->check(CLI::IsMember({"quantum", "classical"}))
      ->capture_default_str();
  app.add_option("--out-classical", options->out_classical, "map of the classical twin")->type_name("MAP|DIR/");
  return [options](const Invocation& invocation) { return run_anomaly_score(invocation, *options); };
}

} // namespace

Command anomaly_score_command() {
  return {"anomaly score",
          "Scores every voxel of the mask by both twins, and compares them where a truth mask is given.",
          "bloch-cli anomaly score flair.nii.gz --model flair.model.json --out map.nii.gz --out-classical "
          "rbf.nii.gz",
          configure_anomaly_score};
}

} // namespace bloch::app
