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
#include "imaging/learning/anomaly.h"
#include "imaging/open/open.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::app {
namespace {

struct AnomalyTrainOptions {
  std::filesystem::path input;
  std::string series;
  std::string normal;
  std::string mask;
  std::string qubits, patch_mm, seed; ///< as given; empty: the default of the setting
  std::vector<std::string> settings;
  std::filesystem::path out;
};

/// --qubits, --patch-mm and --seed are short for --set of the same name.
Result<ParameterSet> training_settings(const AnomalyTrainOptions& options) {
  std::vector<std::string> settings = options.settings;
  if (!options.qubits.empty()) settings.push_back("qubits=" + options.qubits);
  if (!options.patch_mm.empty()) settings.push_back("patch-mm=" + options.patch_mm);
  if (!options.seed.empty()) settings.push_back("seed=" + options.seed);
  BLOCH_TRY(given, parse_settings(imaging::anomaly_parameters(), settings));
  return with_defaults(imaging::anomaly_parameters(), given);
}

/// A file of this name wins over the words, except for box=.
Result<imaging::NormalRegion> normal_region(const std::string& text, bool& is_file, const Progress& progress) {
  is_file = !text.starts_with("box=") && std::filesystem::exists(text);
  if (!is_file) return imaging::parse_normal_region(text);
  BLOCH_TRY(image, imaging::open_image(text, {}, progress));
  imaging::NormalRegion region;
  region.kind = imaging::NormalRegion::Kind::other;
  region.other = std::make_shared<const Volume>(image.volume);
  return region;
}

Result<void> write_training_recipe(const AnomalyTrainOptions& options, const ParameterSet& parameters,
                                   bool normal_is_file) {
  Recipe recipe;
  recipe.command = "anomaly train";
  recipe.algorithm = to_text(*parameters.find("map"));
  recipe.parameters = to_json(parameters);
  const std::pair<const char*, std::string> files[] = {{"input", options.input.string()},
                                                       {"mask", options.mask},
                                                       {"normal", normal_is_file ? options.normal : ""}};
  BLOCH_CHECK(add_digests(recipe, files, options.out));
  if (!options.series.empty()) recipe.options["series"] = options.series;
  if (!normal_is_file) recipe.options["normal"] = options.normal;
  recipe.seed = static_cast<unsigned long long>(std::get<long long>(*parameters.find("seed")));
  recipe.threads = imaging::thread_count();
  recipe.version = version();
  recipe.output = options.out.filename().string();
  return write_recipe(recipe, options.out);
}

nlohmann::ordered_json kernel_json(const imaging::KernelDiagnostics& kernel) {
  return {{"off_diagonal_mean", kernel.off_diagonal_mean},
          {"off_diagonal_deviation", kernel.off_diagonal_deviation},
          {"effective_rank", kernel.effective_rank},
          {"eigenvalues", kernel.eigenvalues},
          {"width", kernel.width},
          {"support", kernel.support},
          {"seconds", kernel.seconds}};
}

std::string kernel_line(const char* name, const char* width, const imaging::KernelDiagnostics& kernel) {
  return fmt::format("{:<10} {} {:.4g}, kernel between patches {:.3f} +- {:.3f}, effective rank {:.1f}, {} "
                     "support patches, {:.2f} s",
                     name, width, kernel.width, kernel.off_diagonal_mean, kernel.off_diagonal_deviation,
                     kernel.effective_rank, kernel.support, kernel.seconds);
}

Result<void> run_anomaly_train(const Invocation& invocation, const AnomalyTrainOptions& options) {
  BLOCH_TRY(parameters, training_settings(options));
  bool normal_is_file = false;
  BLOCH_TRY(normal, normal_region(options.normal, normal_is_file, invocation.progress.child(0, 0.1)));
  BLOCH_TRY(image, imaging::open_image(options.input, options.series, invocation.progress.child(0.1, 0.2)));
  for (const Warning& warning : image.series.warnings) invocation.warn(warning.message);
  std::optional<LabelMap> mask;
  if (!options.mask.empty()) {
    BLOCH_TRY(opened, imaging::open_label_map(options.mask));
    mask = opened;
  } else if (image.series.inverse) {
    std::vector<std::string> doubts;
    BLOCH_TRY(found, imaging::mask_of_inverse(image.volume, doubts));
    for (const std::string& doubt : doubts) invocation.warn(doubt);
    mask = found;
  }
  BLOCH_TRY(training,
            imaging::train_anomaly(image.volume, normal, mask, parameters, invocation.progress.child(0.2, 1)));
  for (const std::string& warning : training.warnings) invocation.warn(warning);
  BLOCH_CHECK(imaging::write_model(options.out, training.model));
  BLOCH_CHECK(write_training_recipe(options, parameters, normal_is_file));
  invocation.say(fmt::format("{} patches, {} features, {:.1f} % of their variance kept", training.patches,
                             training.feature_names.size(), 100 * training.explained_variance));
  invocation.say(kernel_line("quantum", "bandwidth", training.quantum));
  invocation.say(kernel_line("classical", "gamma", training.classical));
  nlohmann::ordered_json json{{"model", options.out.string()},
                              {"patches", training.patches},
                              {"features", training.feature_names},
                              {"explained_variance", training.explained_variance},
                              {"parameters", nlohmann::ordered_json::parse(to_json(parameters))},
                              {"quantum", kernel_json(training.quantum)},
                              {"classical", kernel_json(training.classical)},
                              {"warnings", training.warnings}};
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_anomaly_train(CLI::App& app) {
  const auto options = std::make_shared<AnomalyTrainOptions>();
  app.add_option("input", options->input, "image file, or DICOM file or folder")
      ->required()
      ->type_name("INPUT");
  app.add_option("--series", options->series,
                 "which series of the input, by its UID (see bloch-cli info); an image file in a folder or "
                 "archive, by its name")
      ->type_name("UID|FILE");
  app.add_option("--normal", options->normal,
                 "where normal tissue is learnt: a box of voxels (both corners inside), both hemispheres "
                 "against each other, all, or another image")
      ->required()
      ->type_name("box=x0,y0,z0,x1,y1,z1|mirror|all|FILE");
  app.add_option("--mask", options->mask,
                 "where to look; default: voxels that are not 0, closed, largest component")
      ->type_name("FILE");
  app.add_option("--qubits", options->qubits, "principal components kept, one a qubit")->type_name("N");
  app.add_option("--patch-mm", options->patch_mm, "side of the patch that features are taken from")
      ->type_name("MM");
  app.add_option("--seed", options->seed, "of the choice of patches")->type_name("N");
  app.add_option("--set", options->settings, "any setting of `bloch-cli list anomaly`")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  app.add_option("--out", options->out, "model file to write (JSON): holds both twins")
      ->required()
      ->type_name("MODEL");
  return [options](const Invocation& invocation) { return run_anomaly_train(invocation, *options); };
}

} // namespace

Command anomaly_train_command() {
  return {
      "anomaly train", "Learns what normal patches look like: quantum-kernel one-class SVM and its RBF twin.",
      "bloch-cli anomaly train flair.nii.gz --normal mirror --out flair.model.json", configure_anomaly_train};
}

} // namespace bloch::app
