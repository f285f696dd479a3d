#include "app/panels/reconstruct_run.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "imaging/operators/fft.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::app {
namespace {

/// The file, or the folder that holds the files of a series.
std::filesystem::path input_path(const ReconstructRequest& request) {
  if (!request.series) return request.file;
  const auto& files = request.series->series.files;
  if (files.empty()) return {};
  return files.size() == 1 ? files.front() : files.front().parent_path();
}

imaging::ReconstructionTask to_task(const ReconstructRequest& request, const MethodChoice& choice) {
  imaging::ReconstructionTask task;
  task.method = choice.name;
  task.parameters = choice.parameters;
  task.coil_parameters = request.coil_parameters;
  task.undersample = request.undersample;
  task.first_slice = request.first_slice;
  task.last_slice = request.last_slice;
  return task;
}

Item common_item(const ReconstructRequest& request, const imaging::ReconstructedScan& scan) {
  Item item;
  if (request.series) {
    item.patient = request.series->patient;
    item.study = request.series->study;
    item.series = request.series->series;
    item.series.windows.clear();
    item.source = request.series->id;
  } else {
    item.series.description = request.file.stem().string();
  }
  item.series.modality = "MR"; // whatever the image that was under-sampled is
  item.tags = {"RECON"};
  const bool simulated = !scan.simulated.empty() || (request.kspace && !request.kspace->simulated.empty());
  if (simulated || request.retrospective()) item.tags.insert(item.tags.begin(), "SIMULATED");
  return item;
}

std::vector<std::pair<double, double>> numbered(const std::vector<double>& values) {
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < values.size(); ++i) points.emplace_back(static_cast<double>(i + 1), values[i]);
  return points;
}

/// Settings of the coil calibration that the command line can tell from those of the method.
ParameterSet coils_beside(const ReconstructRequest& request, const MethodChoice& choice) {
  const auto method = imaging::find_reconstruction(choice.name);
  if (!method || !(*method)->needs_sensitivities) return {};
  ParameterSet beside;
  for (const auto& [name, value] : request.coil_parameters.values()) {
    const auto& own = (*method)->parameters;
    if (std::none_of(own.begin(), own.end(), [&key = name](const Parameter& one) { return one.name == key; }))
      beside.set(name, value);
  }
  return beside;
}

std::string reached_text(double acceleration) {
  const double rounded = std::round(acceleration * 10) / 10;
  return "R " + to_text(rounded);
}

} // namespace

std::string shell_quoted(const std::string& text) {
  const bool plain =
      !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_-./:=,+@") == std::string::npos;
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::array<int, 3> mask_size(const ReconstructRequest& request) {
  if (request.kspace) return {request.kspace->size().kx, request.kspace->size().ky, request.kspace->size().kz};
  if (request.series && request.series->volume) {
    const auto& size = request.series->volume->geometry().size;
    return {size[0], size[1], 1};
  }
  return {1, 1, 1};
}

Result<imaging::ReconstructedScan> run_method(const ReconstructRequest& request, const MethodChoice& choice,
                                              const Progress& progress) {
  const imaging::ReconstructionTask task = to_task(request, choice);
  if (request.series)
    return imaging::reconstruct_series(*request.series->volume, request.simulation, task, progress);
  if (request.kspace) return imaging::reconstruct(*request.kspace, task, std::nullopt, progress);
  return failure(ErrorKind::invalid_parameter,
                 "there is nothing to reconstruct: open a series or choose raw data");
}

ReconstructedItems to_items(const ReconstructRequest& request, const MethodChoice& choice,
                            const imaging::ReconstructedScan& scan) {
  ReconstructedItems items;
  Item& image = items.image;
  image = common_item(request, scan);
  image.kind = ItemKind::reconstruction;
  image.method = choice.name;
  const std::string base = request.series ? request.series->name : request.file.stem().string();
  const std::string label = method_label(choice.name);
  image.name = base + " · " + label + " " + reached_text(scan.acceleration);
  image.volume = std::make_shared<const Volume>(magnitude(scan.image));
  image.series.geometry = image.volume->geometry();
  if (scan.metrics) {
    image.numbers["nrmse"] = scan.metrics->plain.nrmse;
    image.numbers["psnr_db"] = scan.metrics->plain.psnr_db;
    if (scan.metrics->plain.ssim) image.numbers["ssim"] = *scan.metrics->plain.ssim;
  }
  image.numbers["seconds"] = scan.seconds.solve;
  image.numbers["seconds_total"] = scan.seconds.total;
  image.numbers["seconds_calibrate"] = scan.seconds.calibrate;
  image.numbers["iterations"] = scan.iterations;
  image.numbers["converged"] = scan.converged ? 1 : 0;
  image.numbers["lambda"] = scan.lambda;
  if (scan.lambda_tv) image.numbers["lambda-tv"] = *scan.lambda_tv;
  image.numbers["acceleration"] = scan.acceleration;
  image.convergence = numbered(scan.nrmse.empty() ? scan.objective : scan.nrmse);
  image.numbers["convergence_is_nrmse"] = scan.nrmse.empty() ? 0 : 1;
  if (!scan.simulated.empty()) image.warnings.push_back({"simulated", scan.simulated});
  for (const auto& warning : scan.warnings) image.warnings.push_back({"reconstruction", warning});
  if (scan.error) {
    items.error = common_item(request, scan);
    items.error->kind = ItemKind::error_map;
    items.error->method = choice.name;
    items.error->name = base + " · error of " + label;
    items.error->volume = std::make_shared<const Volume>(*scan.error);
  }
  if (!request.series && scan.reference) {
    items.reference = common_item(request, scan);
    items.reference->kind = ItemKind::reconstruction;
    items.reference->name = base + " · fully sampled";
    items.reference->volume = std::make_shared<const Volume>(*scan.reference);
  }
  return items;
}

std::string command_line(const ReconstructRequest& request, const MethodChoice& choice) {
  const std::string input = input_path(request).string();
  std::string line =
      "bloch-cli recon " + (input.empty() ? "INPUT" : shell_quoted(input)) + " --method " + choice.name;
  for (const auto& [name, value] : choice.parameters.values())
    line += " --set " + shell_quoted(name + "=" + to_text(value));
  const ParameterSet of_coils = coils_beside(request, choice);
  for (const auto& [name, value] : of_coils.values())
    line += " --set " + shell_quoted(name + "=" + to_text(value));
  if (request.undersample) line += " --undersample " + imaging::to_text(*request.undersample);
  if (request.kspace && request.coil_axis != imaging::CoilAxis::automatic)
    line += " --coil-axis " + imaging::to_text(request.coil_axis);
  if (request.series) {
    const auto& simulation = request.simulation;
    line += " --simulate coils=" + std::to_string(simulation.coils) + ",noise=" + to_text(simulation.noise) +
            ",phase=" + simulation.phase + ",seed=" + std::to_string(simulation.seed);
  }
  if (request.slices > 1 && !request.whole_stack())
    line += " --slices " + std::to_string(request.first_slice) + ":" + std::to_string(request.last_slice);
  return line + " --out " + choice.name + ".nii.gz";
}

Result<Recipe> make_recipe(const ReconstructRequest& request, const MethodChoice& choice) {
  Recipe recipe;
  recipe.command = "recon";
  recipe.algorithm = choice.name;
  ParameterSet given = coils_beside(request, choice);
  for (const auto& [name, value] : choice.parameters.values()) given.set(name, value);
  recipe.parameters = to_json(given);
  const auto path = input_path(request);
  if (!path.empty()) {
    BLOCH_TRY(input, describe_input("input", path, DigestSource::list));
    recipe.inputs.push_back(input);
  }
  if (request.undersample) {
    recipe.options["undersample"] = imaging::to_text(*request.undersample);
    recipe.seed = static_cast<unsigned long long>(std::max(0, request.undersample->seed));
  }
  if (request.kspace && request.coil_axis != imaging::CoilAxis::automatic)
    recipe.options["coil-axis"] = imaging::to_text(request.coil_axis);
  if (request.series)
    recipe.options["simulate"] =
        "coils=" + std::to_string(request.simulation.coils) + ",noise=" + to_text(request.simulation.noise) +
        ",phase=" + request.simulation.phase + ",seed=" + std::to_string(request.simulation.seed);
  if (request.slices > 1 && !request.whole_stack())
    recipe.options["slices"] = std::to_string(request.first_slice) + ":" + std::to_string(request.last_slice);
  recipe.options["method"] = choice.name;
  recipe.threads = imaging::thread_count();
  recipe.version = version();
  recipe.wisdom_hash = imaging::fft_plan_hash();
  recipe.output = choice.name + ".nii.gz";
  return recipe;
}

std::string method_label(const std::string& name) {
  for (const auto& method : imaging::reconstructions())
    if (method.name == name) return method.label;
  return name;
}

std::string method_colour(const std::string& name) {
  static const std::vector<std::pair<std::string, std::string>> known{
      {"zero-filled", "text-3"}, {"l1-wavelet", "series-1"}, {"cg-sense", "series-2"}, {"tv", "series-3"}};
  for (const auto& [method, colour] : known)
    if (method == name) return colour;
  int place = 0;
  for (const auto& method : imaging::reconstructions()) {
    if (method.name == name) break;
    const bool is_known =
        std::any_of(known.begin(), known.end(), [&](const auto& k) { return k.first == method.name; });
    if (!is_known) ++place;
  }
  return place % 2 == 0 ? "series-4" : "series-5";
}

} // namespace bloch::app
