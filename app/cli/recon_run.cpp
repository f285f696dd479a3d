#include "app/cli/recon_run.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/like_series.h"
#include "app/cli/recipe_digests.h"
#include "app/cli/recon_dicom.h"
#include "app/cli/recon_files.h"
#include "app/cli/recon_preparation.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "imaging/io/image_file.h"
#include "imaging/operators/fft.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/noise_maps.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

/// Geometry (and patient) from --like, whole or cut to the slices that were reconstructed.
Result<VolumeGeometry> like_geometry(const imaging::OpenedImage& like, const VolumeGeometry& own,
                                     int first_slice) {
  VolumeGeometry geometry = like.volume.geometry();
  if (geometry.size == own.size) return geometry;
  if (geometry.size[0] == own.size[0] && geometry.size[1] == own.size[1] &&
      first_slice + own.size[2] <= geometry.size[2]) {
    geometry.origin = geometry.to_world({Eigen::Vector3d(0, 0, first_slice)});
    geometry.size = own.size;
    return geometry;
  }
  return failure(ErrorKind::invalid_parameter,
                 fmt::format("--like has {} x {} x {} voxels, but the reconstruction has {} x {} x {}; give a "
                             "series of the same size",
                             geometry.size[0], geometry.size[1], geometry.size[2], own.size[0], own.size[1],
                             own.size[2]));
}

/// What image files say of simulated data; measured data need no word.
std::string description_of(const imaging::ReconstructedScan& scan) {
  return scan.simulated.empty() ? "" : "simulated: " + scan.simulated;
}

Result<void> write_result(const Invocation& invocation, const ReconOptions& options, const ReconInput& input,
                          const imaging::ReconstructionTask& task, const imaging::ReconstructedScan& scan) {
  std::optional<imaging::OpenedImage> like;
  VolumeGeometry geometry = scan.image.geometry();
  const bool dicom = is_dicom_output(options.out);
  if (!options.like.empty()) {
    BLOCH_TRY(opened, open_like_series(options.like));
    BLOCH_TRY(taken, like_geometry(opened, geometry, task.first_slice));
    geometry = taken;
    if (input.image) warn_of_another_patient(invocation, input.image->patient, opened.patient);
    like = std::move(opened);
  } else if (dicom && input.kspace && !input.kspace->geometry) {
    return failure(ErrorKind::invalid_parameter,
                   "this k-space has no geometry, so DICOM needs --like SERIES for patient and geometry");
  }
  if (!dicom && is_complex_output(options.out)) {
    const bool stack = input.kspace ? input.kspace->size().kz == 1 : options.dimensions != 3;
    return write_complex_image(options.out, scan.image, stack);
  }
  const Volume image = magnitude(scan.image).with_geometry(geometry);
  if (!dicom) return imaging::write_image(options.out, image, description_of(scan));
  return write_recon_dicom(invocation, options, {input, task, scan, image, like});
}

/// The noise that pseudo-replicas were given.
struct AddedNoise {
  double sigma = 0; ///< standard deviation of the complex noise of a sample
  int replicas = 0;
};

/// Outputs beside the image, by their file names, so that replay makes them again.
void record_other_outputs(const ReconOptions& options, const std::optional<AddedNoise>& noise, Recipe& recipe) {
  const std::pair<const char*, std::string> outputs[] = {
      {"out-error", options.out_error}, {"out-noise", options.out_noise}, {"out-gfactor", options.out_gfactor}};
  for (const auto& [name, file] : outputs)
    if (!file.empty()) recipe.options[name] = fs::path(file).filename().string();
  if (!noise) return;
  recipe.options["replicas"] = std::to_string(noise->replicas);
  recipe.options["noise-sigma"] = to_text(noise->sigma); // not an option: replay leaves it out
}

Result<void> write_recon_recipe(const ReconOptions& options, const imaging::ReconstructionTask& task,
                                const imaging::ReconstructedScan& scan,
                                const std::optional<AddedNoise>& noise) {
  Recipe recipe;
  recipe.command = "recon";
  recipe.algorithm = task.method;
  ParameterSet given = task.parameters;
  for (const auto& [name, value] : task.coil_parameters.values()) given.set(name, value);
  recipe.parameters = to_json(given);
  const std::pair<const char*, std::string> files[] = {
      {"input", options.input.string()},
      {"mask", options.mask},
      {"coils", options.coils},
      {"reference", options.reference},
      {"like", options.like.substr(0, options.like.rfind('#'))},
      {"phase", options.phase},
      {"prewhiten",
       options.prewhiten_given && options.prewhiten.empty() ? options.input.string() : options.prewhiten}};
  // DICOM gets new UIDs each time, so that its digest says nothing.
  BLOCH_CHECK(add_digests(recipe, files, is_dicom_output(options.out) ? fs::path() : fs::path(options.out)));
  const std::pair<const char*, std::string> texts[] = {
      {"method", task.method},    {"undersample", options.undersample}, {"slices", options.slices},
      {"select", options.select}, {"compress", options.compress},       {"series", options.series}};
  for (const auto& [name, text] : texts)
    if (!text.empty()) recipe.options[name] = text;
  if (options.partial_fourier != "zero") recipe.options["partial-fourier"] = options.partial_fourier;
  if (options.coil_axis != "auto") recipe.options["coil-axis"] = options.coil_axis;
  if (options.simulate_given) {
    BLOCH_TRY(simulation, imaging::parse_simulation(options.simulate));
    recipe.options["simulate"] = fmt::format("coils={},noise={},phase={},seed={}", simulation.coils,
                                             to_text(simulation.noise), simulation.phase, simulation.seed);
    recipe.seed = static_cast<unsigned long long>(simulation.seed);
  }
  // Not an option: replay leaves it out.
  if (!scan.simulated.empty()) recipe.options["simulated"] = scan.simulated;
  if (options.dimensions != 0) recipe.options["dimensions"] = std::to_string(options.dimensions);
  record_other_outputs(options, noise, recipe);
  recipe.threads = imaging::thread_count();
  recipe.version = version();
  recipe.wisdom_hash = imaging::fft_plan_hash();
  recipe.output = recipe_path(options.out).stem().stem().string();
  return write_recipe(recipe, options.out);
}

/// One finished reconstruction and what to say of it.
struct Outcome {
  imaging::ReconstructedScan scan;
  std::optional<CoilPreparation> coils;
  std::vector<std::string> notes;
  std::optional<AddedNoise> noise;
};

nlohmann::ordered_json result_json(const ReconOptions& options, const Outcome& outcome) {
  const imaging::ReconstructedScan& scan = outcome.scan;
  const auto& size = scan.image.geometry().size;
  nlohmann::ordered_json json{{"method", options.method}};
  const auto method = imaging::find_reconstruction(options.method);
  const auto task = read_task(options);
  const auto complete = with_defaults((*method)->parameters, task->parameters);
  json["parameters"] = nlohmann::ordered_json::parse(to_json(*complete));
  json["iterations"] = scan.iterations;
  json["converged"] = scan.converged;
  json["size"] = size;
  json["lambda"] = scan.lambda;
  if (scan.lambda_tv) json["lambda-tv"] = *scan.lambda_tv;
  json["acceleration"] = scan.acceleration;
  json["seconds"] = {{"read", scan.seconds.read},
                     {"calibrate", scan.seconds.calibrate},
                     {"solve", scan.seconds.solve},
                     {"write", scan.seconds.write},
                     {"total", scan.seconds.total}};
  if (scan.metrics) json["metrics"] = nlohmann::ordered_json::parse(imaging::to_json(*scan.metrics));
  json["objective"] = scan.objective;
  json["nrmse"] = scan.nrmse;
  json["simulated"] = scan.simulated;
  json["warnings"] = scan.warnings;
  json["notes"] = outcome.notes;
  json["output"] = options.out;
  if (!options.select.empty()) json["part"] = options.select;
  if (options.coil_axis != "auto") json["coil_axis"] = options.coil_axis;
  if (outcome.noise) json["noise"] = {{"sigma", outcome.noise->sigma}, {"replicas", outcome.noise->replicas}};
  if (outcome.coils)
    json["coils"] = {{"measured", outcome.coils->measured},
                     {"used", outcome.coils->used},
                     {"kept_energy", outcome.coils->kept_energy},
                     {"whitened", outcome.coils->whitened}};
  return json;
}

void say_result(const Invocation& invocation, const ReconOptions& options,
                const imaging::ReconstructedScan& scan) {
  const auto& size = scan.image.geometry().size;
  invocation.say(fmt::format("{}: {} x {} x {}, R {:.2f}, {} iterations, {:.2f} s to {}", options.method,
                             size[0], size[1], size[2], scan.acceleration, scan.iterations, scan.seconds.total,
                             options.out));
  if (!scan.simulated.empty()) invocation.say("simulated: " + scan.simulated);
  if (scan.metrics)
    invocation.say(fmt::format("against the reference: NRMSE {:.4f}, PSNR {:.2f} dB, SSIM {}",
                               scan.metrics->plain.nrmse, scan.metrics->plain.psnr_db,
                               imaging::ssim_text(scan.metrics->plain.ssim, 4)));
}

Result<std::optional<AddedNoise>> write_noise_maps(const Invocation& invocation, const ReconOptions& options,
                                                   const ReconInput& input,
                                                   const imaging::ReconstructionTask& task,
                                                   const imaging::ReconstructedScan& scan) {
  if (options.out_noise.empty() && options.out_gfactor.empty()) return std::optional<AddedNoise>();
  if (!input.kspace)
    return failure(ErrorKind::invalid_parameter, "noise maps are made of raw data; give k-space as input");
  BLOCH_TRY(maps, imaging::pseudo_replica(*input.kspace, task, scan, options.replicas, 1,
                                          invocation.progress.child(0.6, 0.95, "noise")));
  if (!options.out_noise.empty())
    BLOCH_CHECK(imaging::write_image(options.out_noise, maps.noise, description_of(scan)));
  if (!options.out_gfactor.empty())
    BLOCH_CHECK(imaging::write_image(options.out_gfactor, maps.g_factor, description_of(scan)));
  return std::optional(AddedNoise{maps.sample_noise, options.replicas});
}

Result<void> write_error_map(const ReconOptions& options, const imaging::ReconstructedScan& scan) {
  if (options.out_error.empty()) return {};
  if (!scan.error)
    return failure(ErrorKind::invalid_parameter, "there is no reference, so there is no error map to write");
  return imaging::write_image(options.out_error, *scan.error, description_of(scan));
}

Result<Outcome> run_part(const Invocation& invocation, const ReconOptions& options,
                         const imaging::KSpacePart& part) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  BLOCH_TRY(task, read_task(options));
  BLOCH_TRY(coil_axis, imaging::parse_coil_axis(options.coil_axis));
  BLOCH_TRY(input, read_recon_input(options.input, part, coil_axis, options.series, options.simulate_given,
                                    invocation.progress.child(0, 0.1, "read")));
  if (input.kspace && (options.simulate_given || !options.phase.empty()))
    return failure(ErrorKind::invalid_parameter,
                   "--simulate and --phase are for images; this input is k-space already");
  BLOCH_TRY(reference, read_side_files(options, input, task, invocation.progress));
  BLOCH_TRY(coils, prepare_coils(options, input, task));
  const double read_s = elapsed();
  const bool noise = !options.out_noise.empty() || !options.out_gfactor.empty();
  BLOCH_TRY(scan,
            run_task(options, input, task, reference, invocation.progress.child(0.1, noise ? 0.6 : 0.95)));
  scan.seconds.read = read_s;
  if (input.image)
    for (const Warning& warning : input.image->series.warnings) scan.warnings.push_back(warning.message);
  BLOCH_TRY(added, write_noise_maps(invocation, options, input, task, scan));
  const double before_write = elapsed();
  BLOCH_CHECK(write_result(invocation, options, input, task, scan));
  BLOCH_CHECK(write_error_map(options, scan));
  BLOCH_CHECK(write_recon_recipe(options, task, scan, added));
  scan.seconds.write = elapsed() - before_write;
  scan.seconds.total = elapsed();
  Outcome outcome{std::move(scan), coils, {}, added};
  if (input.kspace) outcome.notes = input.kspace->notes;
  return outcome;
}

void say_outcome(const Invocation& invocation, const ReconOptions& options, const Outcome& outcome) {
  for (const std::string& warning : outcome.scan.warnings) invocation.warn(warning);
  for (const std::string& note : outcome.notes) invocation.say(note);
  if (outcome.coils)
    invocation.say(fmt::format("coils: {} measured, {} used, {:.2f} % of the energy{}", outcome.coils->measured,
                               outcome.coils->used, 100 * outcome.coils->kept_energy,
                               outcome.coils->whitened ? ", noise whitened" : ""));
  say_result(invocation, options, outcome.scan);
  if (outcome.noise)
    invocation.say(
        fmt::format("noise: {} replicas, each with complex noise of sigma {:.4g} added to every sample",
                    outcome.noise->replicas, outcome.noise->sigma));
}

/// Raw data may hold several parts; everything else is one.
Result<std::vector<imaging::KSpacePart>> parts_of(const ReconOptions& options) {
  BLOCH_TRY(selection, imaging::parse_kspace_part(options.select));
  std::error_code code;
  const bool exists = fs::exists(file_of(options.input), code);
  if (!exists && !selection.empty())
    return failure(ErrorKind::not_found, fmt::format("'{}' does not exist", options.input.string()));
  if (exists && !options.simulate_given && is_raw_data(options.input))
    return imaging::kspace_parts(options.input, selection);
  if (!selection.empty())
    return failure(ErrorKind::invalid_parameter, "--select is for raw data that hold several scans");
  return std::vector<imaging::KSpacePart>{{}};
}

} // namespace

std::string part_output(const std::string& out, const std::string& part) {
  if (part.empty() || out.empty()) return out;
  std::string name = part;
  std::replace(name.begin(), name.end(), '=', '-');
  std::replace(name.begin(), name.end(), ',', '_');
  if (is_folder_output(out)) return (fs::path(out) / name).string() + "/";
  const fs::path path(out);
  fs::path stem = path.stem();
  std::string ending = path.extension().string();
  if (ending == ".gz") {
    ending = stem.extension().string() + ending;
    stem = stem.stem();
  }
  return (path.parent_path() / (stem.string() + "_" + name + ending)).string();
}

Result<void> run_recon(const Invocation& invocation, const ReconOptions& options) {
  BLOCH_CHECK(check_recon_output(options.out));
  BLOCH_CHECK(read_task(options)); // what is wrong with the line is said before anything is read
  BLOCH_TRY(parts, parts_of(options));
  auto all = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ReconOptions own = options;
    const std::string name = parts.size() > 1 ? imaging::to_text(parts[i]) : std::string();
    for (std::string* out : {&own.out, &own.out_error, &own.out_noise, &own.out_gfactor})
      *out = part_output(*out, name);
    own.select = imaging::to_text(parts[i]);
    std::error_code code;
    if (!name.empty() && is_folder_output(options.out)) fs::create_directories(options.out, code);
    Invocation piece = invocation;
    const double share = 1.0 / static_cast<double>(parts.size());
    if (parts.size() > 1)
      piece.progress =
          invocation.progress.child(static_cast<double>(i) * share, static_cast<double>(i + 1) * share, name);
    auto outcome = run_part(piece, own, parts[i]);
    if (!outcome) return failure(name.empty() ? outcome.error() : outcome.error().in(name));
    say_outcome(invocation, own, *outcome);
    if (invocation.wants_json) all.push_back(result_json(own, *outcome));
  }
  if (invocation.wants_json)
    invocation.set_json((all.size() == 1 ? all.front() : nlohmann::ordered_json{{"parts", all}}).dump(2));
  return {};
}

} // namespace bloch::app
