#include "app/cli/recon_preparation.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/io/kspace_file.h"
#include "imaging/recon/coil_mixing.h"
#include "imaging/recon/coils.h"

namespace bloch::app {
namespace {

/// Settings of the method, and of the coil calibration that precedes it, told apart by their names.
Result<void> read_settings(const ReconOptions& options, imaging::ReconstructionTask& task) {
  BLOCH_TRY(method, imaging::find_reconstruction(options.method));
  task.method = method->name;
  std::vector<Parameter> all = method->parameters;
  for (const Parameter& parameter : imaging::coil_parameters()) all.push_back(parameter);
  BLOCH_TRY(set, parse_settings(all, options.settings));
  for (const auto& [name, value] : set.values()) {
    const auto& own = method->parameters;
    const bool of_method =
        std::any_of(own.begin(), own.end(), [&name = name](const Parameter& p) { return p.name == name; });
    (of_method ? task.parameters : task.coil_parameters).set(name, value);
  }
  return {};
}

/// "a:b", both included and counted from 0; "a" is one slice.
Result<void> read_slices(const std::string& text, imaging::ReconstructionTask& task) {
  if (text.empty()) return {};
  const auto parts = split(text, ':');
  const auto first = to_integer(parts.front());
  const auto last = to_integer(parts.back());
  if (parts.size() > 2 || !first || !last || *first < 0 || *last < *first || *last > 1000000)
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("slices are written a:b, counted from 0, both included, not '{}'", text));
  task.first_slice = static_cast<int>(*first);
  task.last_slice = static_cast<int>(*last);
  return {};
}

/// The data, and maps that were given, seen by new coils.
void mix(ReconInput& input, imaging::ReconstructionTask& task, const imaging::CoilMixing& mixing) {
  input.kspace = imaging::mix_coils(*input.kspace, mixing);
  if (task.sensitivities) task.sensitivities = imaging::mix_coils(*task.sensitivities, mixing);
  for (auto& maps : task.slice_sensitivities) maps = imaging::mix_coils(maps, mixing);
}

Result<imaging::CoilMixing> read_whitening(const ReconOptions& options, int coils) {
  const std::filesystem::path file = options.prewhiten.empty() ? options.input.string() : options.prewhiten;
  BLOCH_TRY(noise, imaging::read_noise(file));
  if (noise.extents[1] != coils)
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("the noise scan is of {} coils, but the data are of {}", noise.extents[1], coils));
  return imaging::noise_whitening(noise.samples, coils);
}

} // namespace

Result<imaging::ReconstructionTask> read_task(const ReconOptions& options) {
  imaging::ReconstructionTask task;
  BLOCH_CHECK(read_settings(options, task));
  BLOCH_CHECK(read_slices(options.slices, task));
  task.dimensions = options.dimensions;
  task.partial_fourier = options.partial_fourier;
  if (!options.undersample.empty()) {
    if (!options.mask.empty())
      return failure(ErrorKind::invalid_parameter, "give either --mask or --undersample, not both");
    BLOCH_TRY(request, imaging::parse_mask_request(options.undersample));
    task.undersample = request;
  }
  return task;
}

Result<std::optional<CoilPreparation>> prepare_coils(const ReconOptions& options, ReconInput& input,
                                                     imaging::ReconstructionTask& task) {
  if (!options.prewhiten_given && options.compress.empty()) return std::optional<CoilPreparation>();
  if (!input.kspace)
    return failure(
        ErrorKind::invalid_parameter,
        "--prewhiten and --compress are for raw data; the coils of an image are simulated as wanted");
  const int measured = input.kspace->size().coils;
  CoilPreparation done{measured, measured, 1, false};
  if (options.prewhiten_given) {
    BLOCH_TRY(mixing, read_whitening(options, measured));
    mix(input, task, mixing);
    done.whitened = true;
  }
  if (!options.compress.empty()) {
    const auto wanted = to_number(options.compress);
    if (!wanted)
      return failure(ErrorKind::invalid_parameter,
                     fmt::format("--compress takes a number of coils or a share of the energy, not '{}'",
                                 options.compress));
    BLOCH_TRY(mixing, imaging::coil_compression(*input.kspace, *wanted));
    mix(input, task, mixing);
    done.used = mixing.to;
    done.kept_energy = mixing.kept_energy;
  }
  return std::optional(done);
}

Result<std::optional<Volume>> read_side_files(const ReconOptions& options, const ReconInput& input,
                                              imaging::ReconstructionTask& task, const Progress& progress) {
  BLOCH_TRY(simulation, imaging::parse_simulation(options.simulate));
  const KSpaceSize size = input.size(options.dimensions, simulation.coils);
  if (!options.coils.empty()) BLOCH_CHECK(read_coil_maps(options.coils, size, task));
  if (!options.mask.empty()) {
    BLOCH_TRY(mask, read_sampling_mask(options.mask, size));
    task.mask = std::move(mask);
  }
  if (options.reference.empty()) return std::optional<Volume>();
  if (!input.kspace)
    return failure(ErrorKind::invalid_parameter,
                   "the reference of an image is the image itself; leave --reference out");
  BLOCH_TRY(volume, read_magnitude(options.reference, progress));
  BLOCH_CHECK(imaging::check_finite(volume, fmt::format("the reference '{}'", options.reference)));
  return std::optional(std::move(volume));
}

Result<imaging::ReconstructedScan> run_task(const ReconOptions& options, const ReconInput& input,
                                            const imaging::ReconstructionTask& task,
                                            const std::optional<Volume>& reference, const Progress& progress) {
  if (input.kspace) return imaging::reconstruct(*input.kspace, task, reference, progress);
  BLOCH_TRY(simulation, imaging::parse_simulation(options.simulate));
  if (!options.simulate_given && options.coils.empty())
    return failure(ErrorKind::invalid_parameter, "an image is under-sampled retrospectively, so coils are "
                                                 "needed: give --simulate coils=8,noise=0.01 or --coils FILE");
  if (!options.simulate_given) simulation.noise = 0;
  if (!options.phase.empty()) {
    BLOCH_TRY(phase, imaging::open_image(options.phase));
    simulation.phase_map = phase.volume;
  }
  return imaging::reconstruct_series(input.image->volume, simulation, task, progress);
}

} // namespace bloch::app
