#include "imaging/recon/reconstruct.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>

#include "core/base/contract.h"
#include "core/base/text.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/field_of_view.h"
#include "imaging/recon/map_sets.h"
#include "imaging/recon/partial_fourier.h"
#include "imaging/recon/simulation_parts.h"

namespace bloch::imaging {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// One slice (or volume) of raw data as it is to be reconstructed.
struct SliceData {
  std::span<const Complex> full;    ///< before retrospective under-sampling; empty when there was none
  std::span<const Complex> samples; ///< [coil][kz][ky][kx], of `own` or borrowed
  std::vector<Complex> own;
  SamplingMask mask = SamplingMask(1, 1, 1, {1});
  std::vector<float> reference; ///< may be empty
};

/// Everything that is the same for all slices.
struct RunPlan {
  const Reconstruction* method = nullptr;
  ParameterSet parameters, coil_settings;
  const ReconstructionTask* task = nullptr;
  KSpaceSize size; ///< of one slice
  int first = 0, count = 1;
  bool fresh_reference = false; ///< the reference comes from the fully sampled data
  std::function<Result<SliceData>(int slice)> slice;
};

struct SliceOutcome {
  ReconstructionOutput output;
  std::vector<float> reference;
  std::optional<SamplingMask> mask;
  bool filled = false; ///< a missing side of k-space
  double calibrate_s = 0, solve_s = 0;
};

Result<RunPlan> plan_run(const ReconstructionTask& task, const KSpaceSize& size) {
  RunPlan plan;
  BLOCH_TRY(method, find_reconstruction(task.method));
  plan.method = method;
  BLOCH_TRY(parameters, with_defaults(method->parameters, task.parameters));
  BLOCH_TRY(coil_settings, with_defaults(coil_parameters(), task.coil_parameters));
  plan.parameters = std::move(parameters);
  plan.coil_settings = std::move(coil_settings);
  plan.task = &task;
  const auto& fillings = partial_fourier_methods();
  if (std::find(fillings.begin(), fillings.end(), task.partial_fourier) == fillings.end())
    return failure(ErrorKind::invalid_parameter, "there is no partial-Fourier method '" + task.partial_fourier +
                                                     "'" + suggestion(task.partial_fourier, fillings));
  if (task.partial_fourier != "zero" && !method->needs_sensitivities)
    return failure(ErrorKind::invalid_parameter, method->name + " keeps no phase, which " +
                                                     task.partial_fourier +
                                                     " needs; choose another method, as zero-filled");
  plan.first = task.first_slice;
  const int last = task.last_slice.value_or(size.slices - 1);
  if (plan.first < 0 || last < plan.first || last >= size.slices)
    return failure(ErrorKind::invalid_parameter,
                   "slices " + std::to_string(plan.first) + " to " + std::to_string(last) +
                       " were asked for, but there are slices 0 to " + std::to_string(size.slices - 1));
  plan.count = last - plan.first + 1;
  plan.size = size;
  plan.size.slices = 1;
  return plan;
}

std::string extent_text(int x, int y, int z) {
  return std::to_string(x) + " x " + std::to_string(y) + (z > 1 ? " x " + std::to_string(z) : "");
}

Result<void> check_maps(const Sensitivities& maps, const KSpaceSize& size) {
  if (maps.fits(size)) return {};
  return failure(ErrorKind::invalid_parameter,
                 "the coil maps are " + extent_text(maps.x, maps.y, maps.z) + " for " +
                     std::to_string(maps.coils) + " coils, but the data are " +
                     extent_text(size.kx, size.ky, size.kz) + " for " + std::to_string(size.coils) + " coils");
}

Result<void> check_given_maps(const ReconstructionTask& task, const KSpaceSize& size) {
  if (task.sensitivities) BLOCH_CHECK(check_maps(*task.sensitivities, size));
  if (task.slice_sensitivities.empty()) return {};
  if (static_cast<int>(task.slice_sensitivities.size()) != size.slices)
    return failure(ErrorKind::invalid_parameter,
                   "there are coil maps for " + std::to_string(task.slice_sensitivities.size()) +
                       " slices, but the data have " + std::to_string(size.slices));
  for (const auto& maps : task.slice_sensitivities) BLOCH_CHECK(check_maps(maps, size));
  return {};
}

/// The mask that under-samples, when the task wants one.
Result<std::optional<SamplingMask>> retrospective_mask(const ReconstructionTask& task, const KSpaceSize& size) {
  if (task.mask) {
    if (!task.mask->fits(size))
      return failure(ErrorKind::invalid_parameter,
                     "the mask is " + extent_text(task.mask->kx(), task.mask->ky(), task.mask->kz()) +
                         ", but the k-space is " + extent_text(size.kx, size.ky, size.kz));
    return task.mask;
  }
  if (!task.undersample) return std::optional<SamplingMask>();
  BLOCH_TRY(mask, make_mask({size.kx, size.ky, size.kz}, *task.undersample));
  return std::optional<SamplingMask>(std::move(mask));
}

void keep_only(std::vector<Complex>& samples, const SamplingMask& mask, const KSpaceSize& size) {
  std::size_t i = 0;
  for (int c = 0; c < size.coils; ++c)
    for (int z = 0; z < size.kz; ++z)
      for (int y = 0; y < size.ky; ++y)
        for (int x = 0; x < size.kx; ++x, ++i)
          if (!mask.at(x, y, z)) samples[i] = {};
}

/// Full-size mask of where any coil has a sample.
SamplingMask acquired_points(std::span<const Complex> samples, const KSpaceSize& size) {
  const std::size_t count = size.samples_per_coil();
  std::vector<std::uint8_t> kept(count, 0);
  for (std::size_t begin = 0; begin < samples.size(); begin += count)
    for (std::size_t i = 0; i < count; ++i) kept[i] |= samples[begin + i] != Complex() ? 1 : 0;
  return {size.kx, size.ky, size.kz, std::move(kept)};
}

Result<Sensitivities> maps_of(const RunPlan& plan, const ReconstructionInput& input, const Progress& progress) {
  if (input.size.coils > 1) return espirit(input, plan.coil_settings, progress);
  // One coil has no sensitivity of its own.
  return Sensitivities{1, input.size.kz, input.size.ky, input.size.kx,
                       std::vector<Complex>(input.size.samples_per_coil(), Complex(1))};
}

/// Fully sampled data, coils combined: the reference of an experiment.
std::vector<float> combined_reference(const RunPlan& plan, std::span<const Complex> full,
                                      const Sensitivities* maps) {
  std::vector<float> reference;
  const std::size_t pixels = plan.size.samples_per_coil();
  if (maps) {
    const SamplingMask everything(1, 1, 1, {1});
    const ComplexBuffer image = SenseOperator(plan.size, *maps, everything, 1).adjoint(full);
    for (const Complex& value : combined_sets(image, maps->sets)) reference.push_back(std::abs(value));
    return reference;
  }
  ComplexBuffer coils(full.begin(), full.end());
  centred_fft(coils, {plan.size.kx, plan.size.ky, plan.size.kz}, {true, true, true}, true);
  for (std::size_t i = 0; i < pixels; ++i) {
    double energy = 0;
    for (std::size_t c = i; c < coils.size(); c += pixels) energy += std::norm(coils[c]);
    reference.push_back(static_cast<float>(std::sqrt(energy)));
  }
  return reference;
}

Result<SliceOutcome> run_slice(const RunPlan& plan, int index, int workers, const Progress& progress) {
  const int slice = plan.first + index;
  BLOCH_TRY(data, plan.slice(slice));
  for (const Complex& sample : data.samples)
    if (!std::isfinite(sample.real()) || !std::isfinite(sample.imag()))
      return failure(ErrorKind::malformed, "the k-space holds values that are not finite numbers");
  ReconstructionInput input{plan.size, data.samples, &data.mask, nullptr, {}, workers};
  SliceOutcome outcome;
  auto begin = Clock::now();
  Sensitivities estimated;
  if (plan.task->sensitivities)
    input.sensitivities = &*plan.task->sensitivities;
  else if (!plan.task->slice_sensitivities.empty())
    input.sensitivities = &plan.task->slice_sensitivities[static_cast<std::size_t>(slice)];
  else if (plan.method->needs_sensitivities) {
    BLOCH_TRY(maps, maps_of(plan, input, progress.child(0, 0.3, "calibrate")));
    estimated = std::move(maps);
    input.sensitivities = &estimated;
  }
  outcome.calibrate_s = seconds_since(begin);
  if (data.reference.empty() && plan.fresh_reference)
    data.reference = combined_reference(plan, data.full, input.sensitivities);
  // The metric by iteration is kept for the middle slice.
  if (index == plan.count / 2) input.reference = data.reference;
  begin = Clock::now();
  BLOCH_TRY(output, plan.method->run(input, plan.parameters, progress.child(0.3, 1, plan.method->name)));
  if (plan.task->partial_fourier != "zero")
    if (const auto partial = find_partial_fourier(data.mask, plan.size)) {
      output.image =
          fill_partial_fourier(std::move(output.image), plan.size, *partial, plan.task->partial_fourier);
      outcome.filled = true;
    }
  outcome.solve_s = seconds_since(begin);
  outcome.output = std::move(output);
  outcome.reference = std::move(data.reference);
  outcome.mask = std::move(data.mask);
  return outcome;
}

/// All slices, as many at once as there are threads; a single one is parallel within.
Result<std::vector<SliceOutcome>> run_slices(const RunPlan& plan, const Progress& progress) {
  std::vector<SliceOutcome> outcomes(static_cast<std::size_t>(plan.count));
  std::optional<Error> refusal;
  std::mutex mutex;
  std::atomic<int> done{0};
  const bool alone = plan.count == 1;
  const auto run = [&](std::size_t index) {
    if (progress.cancelled()) return;
    {
      const std::lock_guard lock(mutex);
      if (refusal) return;
    }
    Progress part = progress;
    if (!alone) part = Progress();
    auto outcome = run_slice(plan, static_cast<int>(index), alone ? 0 : 1, part);
    const std::lock_guard lock(mutex);
    if (outcome)
      outcomes[index] = std::move(*outcome);
    else if (!refusal)
      refusal = plan.count > 1
                    ? outcome.error().in("slice " + std::to_string(plan.first + static_cast<int>(index)))
                    : outcome.error();
    progress.child(0, 1, plan.method->name).report(static_cast<double>(++done) / plan.count);
  };
  if (alone)
    run(0);
  else
    parallel_for(0, outcomes.size(), run);
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "the reconstruction was cancelled");
  if (refusal) return failure(*refusal);
  return outcomes;
}

/// The slices put together, with everything there is to say about them.
ReconstructedScan assemble(const RunPlan& plan, std::vector<SliceOutcome> outcomes,
                           const VolumeGeometry& geometry, double wall_s) {
  std::vector<Complex> image;
  std::vector<float> reference;
  image.reserve(geometry.voxel_count());
  for (const auto& outcome : outcomes) {
    image.insert(image.end(), outcome.output.image.begin(), outcome.output.image.end());
    reference.insert(reference.end(), outcome.reference.begin(), outcome.reference.end());
  }
  ReconstructedScan scan{
      ComplexVolume(geometry, std::move(image)), {}, {}, {}, {}, 1, 0, true, 0, {}, {}, {}, {}, {}};
  if (plan.task->partial_fourier != "zero" &&
      std::none_of(outcomes.begin(), outcomes.end(), [](const SliceOutcome& one) { return one.filled; }))
    scan.warnings.push_back("k-space is acquired on both sides of its centre alike, so " +
                            plan.task->partial_fourier + " had nothing to fill");
  for (const auto& outcome : outcomes) {
    scan.iterations = std::max(scan.iterations, outcome.output.iterations);
    scan.converged = scan.converged && outcome.output.converged;
    scan.lambda += outcome.output.lambda / static_cast<double>(outcomes.size());
    scan.seconds.calibrate += outcome.calibrate_s;
    scan.seconds.solve += outcome.solve_s;
  }
  // Slices run side by side: their times are brought to the clock on the wall.
  const double busy = scan.seconds.calibrate + scan.seconds.solve;
  if (outcomes.size() > 1 && busy > 0) {
    scan.seconds.calibrate *= wall_s / busy;
    scan.seconds.solve *= wall_s / busy;
  }
  auto& middle = outcomes[static_cast<std::size_t>(plan.count / 2)].output;
  scan.objective = std::move(middle.objective);
  scan.nrmse = std::move(middle.nrmse);
  if (reference.size() == geometry.voxel_count()) scan.reference = Volume(geometry, std::move(reference));
  return scan;
}

/// Magnitude against the reference, when there is one that is not zero everywhere.
void compare(ReconstructedScan& scan) {
  if (!scan.reference) return;
  const Volume found = magnitude(scan.image);
  auto metrics = image_metrics(*scan.reference, found);
  if (metrics)
    scan.metrics = *metrics;
  else
    scan.warnings.push_back(metrics.error().message);
  if (auto error = error_map(*scan.reference, found)) scan.error = std::move(*error);
}

/// 3D raw data as a stack of slices: inverse FFT along kz.
Result<KSpace> sliced(const KSpace& kspace) {
  const KSpaceSize& size = kspace.size();
  const SamplingMask acquired = sampled_points(kspace);
  for (int z = 0; z < size.kz; ++z)
    for (int y = 0; y < size.ky; ++y)
      for (int x = 0; x < size.kx; ++x)
        if (acquired.at(x, y, z) != acquired.at(x, y, 0))
          return failure(ErrorKind::invalid_parameter,
                         "kz is under-sampled differently at different places, so the volume cannot be taken "
                         "slice by slice; use --dimensions 3");
  ComplexBuffer samples(kspace.samples().begin(), kspace.samples().end());
  centred_fft(samples, {size.kx, size.ky, size.kz}, {false, false, true}, true);
  const std::size_t plane = static_cast<std::size_t>(size.kx) * static_cast<std::size_t>(size.ky);
  std::vector<Complex> slices;
  slices.reserve(samples.size());
  for (int z = 0; z < size.kz; ++z)
    for (int c = 0; c < size.coils; ++c) {
      const auto begin =
          samples.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(c * size.kz + z) * plane);
      slices.insert(slices.end(), begin, begin + static_cast<std::ptrdiff_t>(plane));
    }
  KSpace result({size.kx, size.ky, 1, size.coils, size.kz}, std::move(slices));
  result.geometry = kspace.geometry;
  result.simulated = kspace.simulated;
  result.warnings = kspace.warnings;
  result.image_size = kspace.image_size;
  result.reference = kspace.reference;
  return result;
}

VolumeGeometry cut_geometry(const VolumeGeometry& whole, const RunPlan& plan) {
  if (plan.size.kz > 1) return whole;
  VolumeGeometry part = whole;
  part.size[2] = plan.count;
  part.origin = whole.to_world({Eigen::Vector3d(0, 0, plan.first)});
  return part;
}

std::string undersampling_text(const ReconstructionTask& task, double acceleration) {
  const std::string how = task.mask ? "a given mask" : to_text(*task.undersample);
  char reached[32];
  std::snprintf(reached, sizeof reached, "%.2f", acceleration);
  return "under-sampled retrospectively by " + how + " (R " + reached + ")";
}

/// What of the whole stack is imaged, when a part of the slices was reconstructed.
std::array<int, 3> imaged_size(const KSpace& given, const VolumeGeometry& whole, const RunPlan& plan) {
  std::array<int, 3> size = given.image_size.value_or(whole.size);
  const int depth = cut_geometry(whole, plan).size[2];
  if (depth != whole.size[2]) size[2] = depth;
  return size;
}

/// Whether a reference covers this plane, with these slices or with all.
bool covers(const Volume& reference, const std::array<int, 3>& size, int all_slices) {
  const auto& own = reference.geometry().size;
  return own[0] == size[0] && own[1] == size[1] && (own[2] == size[2] || own[2] == all_slices);
}

/// The slices of a reference that were reconstructed, on the grid of the image.
Volume stacked_reference(const Volume& reference, const RunPlan& plan, const VolumeGeometry& grid) {
  if (reference.geometry().size == grid.size) return Volume(grid, to_float(reference));
  std::vector<float> values;
  for (int slice = 0; slice < grid.size[2]; ++slice) {
    const auto one = slice_to_float(reference, plan.first + slice);
    values.insert(values.end(), one.begin(), one.end());
  }
  return Volume(grid, std::move(values));
}

/// The slice of a reference volume that belongs to a slice of the data.
std::vector<float> reference_slice(const Volume& reference, const RunPlan& plan, int slice) {
  if (plan.size.kz > 1) return to_float(reference);
  const bool whole_stack = reference.geometry().size[2] != plan.count;
  return slice_to_float(reference, whole_stack ? slice : slice - plan.first);
}

} // namespace

Result<ReconstructedScan> reconstruct(const KSpace& given, const ReconstructionTask& task,
                                      const std::optional<Volume>& reference, const Progress& progress) {
  if (task.dimensions == 2 && given.size().kz > 1) {
    BLOCH_TRY(slices, sliced(given));
    return reconstruct(slices, task, reference, progress);
  }
  if (task.dimensions == 3 && given.size().kz == 1)
    return failure(
        ErrorKind::invalid_parameter,
        "the k-space has no partition encoding (kz), so it cannot be reconstructed in three dimensions");
  const auto begin = Clock::now();
  BLOCH_TRY(plan, plan_run(task, given.size()));
  BLOCH_CHECK(check_given_maps(task, given.size()));
  BLOCH_TRY(mask, retrospective_mask(task, given.size()));
  VolumeGeometry whole;
  whole.size = {given.size().kx, given.size().ky, std::max(given.size().kz, given.size().slices)};
  std::vector<std::string> warnings = given.warnings;
  if (given.geometry && given.geometry->size == whole.size)
    whole = *given.geometry;
  else if (warnings.empty())
    warnings.emplace_back("the k-space has no geometry: voxels of 1 mm at the origin are assumed");
  const VolumeGeometry geometry = cut_geometry(whole, plan);
  const std::array<int, 3> imaged = imaged_size(given, whole, plan);
  const std::optional<Volume>& wanted = reference ? reference : given.reference;
  const bool on_grid = wanted && covers(*wanted, geometry.size, whole.size[2]);
  if (wanted && !on_grid && !covers(*wanted, imaged, whole.size[2]))
    return failure(
        ErrorKind::invalid_parameter,
        "the reference is " +
            extent_text(wanted->geometry().size[0], wanted->geometry().size[1], wanted->geometry().size[2]) +
            ", but the reconstruction is " + extent_text(imaged[0], imaged[1], imaged[2]));
  plan.fresh_reference = mask && !wanted;
  plan.slice = [&](int slice) -> Result<SliceData> {
    SliceData data;
    data.samples = given.slice(slice);
    if (mask) {
      if (plan.fresh_reference) data.full = data.samples;
      data.own.assign(data.samples.begin(), data.samples.end());
      keep_only(data.own, *mask, plan.size);
      data.samples = data.own;
    }
    data.mask = acquired_points(data.samples, plan.size);
    if (data.mask.kept_count() == 0)
      return failure(ErrorKind::malformed, "the k-space holds no sample that is not zero");
    if (on_grid) data.reference = reference_slice(*wanted, plan, slice);
    return data;
  };
  BLOCH_TRY(outcomes, run_slices(plan, progress));
  const SamplingMask in_force = mask                       ? *mask
                                : given.size().slices == 1 ? *outcomes.front().mask
                                                           : sampled_points(given);
  ReconstructedScan scan = assemble(plan, std::move(outcomes), geometry, seconds_since(begin));
  scan.mask = in_force;
  scan.acceleration = scan.mask->acceleration();
  scan.simulated = given.simulated;
  if (mask)
    scan.simulated += (scan.simulated.empty() ? "" : "; ") + undersampling_text(task, scan.acceleration);
  scan.warnings.insert(scan.warnings.begin(), warnings.begin(), warnings.end());
  if (imaged != geometry.size) {
    scan.image = cut_to_middle(scan.image, imaged);
    if (scan.reference) scan.reference = cut_to_middle(*scan.reference, imaged);
  }
  if (wanted && !on_grid) scan.reference = stacked_reference(*wanted, plan, scan.image.geometry());
  compare(scan);
  scan.seconds.total = seconds_since(begin);
  return scan;
}

Result<ReconstructedScan> reconstruct_series(const Volume& series, const SimulationRequest& simulation,
                                             const ReconstructionTask& task, const Progress& progress) {
  const auto begin = Clock::now();
  const auto& extent = series.geometry().size;
  const bool volume = task.dimensions == 3 && extent[2] > 1;
  SimulationRequest request = simulation;
  if (task.sensitivities) request.coils = task.sensitivities->coils;
  const KSpaceSize size{extent[0], extent[1], volume ? extent[2] : 1, request.coils, volume ? 1 : extent[2]};
  BLOCH_TRY(plan, plan_run(task, size));
  BLOCH_CHECK(check_given_maps(task, size));
  if (request.phase_map && request.phase_map->geometry().size != extent)
    return failure(ErrorKind::invalid_parameter, "the phase map is not of the image's size");
  BLOCH_TRY(mask, retrospective_mask(task, plan.size));
  const Sensitivities coils = task.sensitivities
                                  ? *task.sensitivities
                                  : simulated_coils({plan.size.kx, plan.size.ky, plan.size.kz}, request.coils);
  const ValueRange range = value_range(series);
  const double noise = request.noise * std::max(std::abs(range.maximum), std::abs(range.minimum));
  const SamplingMask everything(1, 1, 1, {1});
  plan.slice = [&](int slice) -> Result<SliceData> {
    SliceData data;
    const ComplexBuffer image = phased_image(series, volume ? -1 : slice, request);
    data.own.resize(plan.size.samples_per_slice());
    add_coil_samples(image, coils, noise, simulation_seed(request, slice), data.own);
    if (mask) keep_only(data.own, *mask, plan.size);
    data.samples = data.own;
    data.mask = mask ? *mask : everything;
    data.reference = volume ? to_float(series) : slice_to_float(series, slice);
    for (float& value : data.reference) value = std::abs(value);
    return data;
  };
  BLOCH_TRY(outcomes, run_slices(plan, progress));
  ReconstructedScan scan =
      assemble(plan, std::move(outcomes), cut_geometry(series.geometry(), plan), seconds_since(begin));
  scan.mask = mask ? *mask : everything;
  scan.acceleration = scan.mask->acceleration();
  scan.simulated = "k-space simulated from an image: " +
                   (task.sensitivities ? std::to_string(request.coils) + " given coil maps, noise " +
                                             bloch::to_text(request.noise)
                                       : to_text(request));
  if (mask) scan.simulated += "; " + undersampling_text(task, scan.acceleration);
  compare(scan);
  scan.seconds.total = seconds_since(begin);
  return scan;
}

} // namespace bloch::imaging
