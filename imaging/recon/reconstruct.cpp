#include "imaging/recon/reconstruct.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/text.h"
#include "imaging/operators/fft.h"
#include "imaging/recon/field_of_view.h"
#include "imaging/recon/map_coverage.h"
#include "imaging/recon/simulation_parts.h"
#include "imaging/recon/slice_runs.h"
#include "imaging/recon/task_inputs.h"

namespace bloch::imaging {
namespace {

using Clock = std::chrono::steady_clock;

void warn_of_empty_slices(const RunPlan& plan, const std::vector<SliceOutcome>& outcomes,
                          std::vector<std::string>& warnings) {
  std::vector<int> slices;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i].empty) slices.push_back(plan.first + static_cast<int>(i));
  if (!slices.empty())
    warnings.push_back(slices_text(slices) + ": no sample that is not zero, so the image is zero there");
}

void warn_of_scarce_maps(const RunPlan& plan, const std::vector<SliceOutcome>& outcomes,
                         std::vector<std::string>& warnings) {
  std::vector<double> shares;
  std::vector<int> slices;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    shares.push_back(outcomes[i].empty_share);
    if (outcomes.size() > 1) slices.push_back(plan.first + static_cast<int>(i));
  }
  if (const auto warning = scarce_maps_warning(shares, slices)) warnings.push_back(*warning);
}

/// The slices put together, with everything there is to say about them.
ReconstructedScan assemble(const RunPlan& plan, std::vector<SliceOutcome> outcomes,
                           const VolumeGeometry& geometry, double wall_s) {
  std::vector<Complex> image = std::move(outcomes.front().output.image);
  std::vector<float> reference = std::move(outcomes.front().reference);
  image.reserve(geometry.voxel_count());
  for (auto outcome = outcomes.begin() + 1; outcome != outcomes.end(); ++outcome) {
    image.insert(image.end(), outcome->output.image.begin(), outcome->output.image.end());
    reference.insert(reference.end(), outcome->reference.begin(), outcome->reference.end());
  }
  ReconstructedScan scan{
      ComplexVolume(geometry, std::move(image)), {}, {}, {}, {}, 1, 0, true, 0, {}, {}, {}, {}, {}, {}};
  if (plan.task->partial_fourier != "zero" &&
      std::none_of(outcomes.begin(), outcomes.end(), [](const SliceOutcome& one) { return one.filled; }))
    scan.warnings.push_back("k-space is acquired on both sides of its centre alike, so " +
                            plan.task->partial_fourier + " had nothing to fill");
  if (std::any_of(outcomes.begin(), outcomes.end(), [](const SliceOutcome& one) { return one.unfilled; }))
    scan.warnings.push_back("k-space lacks a side along more than one axis, and " + plan.task->partial_fourier +
                            " filled the largest alone");
  warn_of_empty_slices(plan, outcomes, scan.warnings);
  warn_of_scarce_maps(plan, outcomes, scan.warnings);
  const auto solved = static_cast<double>(
      std::count_if(outcomes.begin(), outcomes.end(), [](const SliceOutcome& one) { return !one.empty; }));
  for (const auto& outcome : outcomes) {
    scan.iterations = std::max(scan.iterations, outcome.output.iterations);
    scan.converged = scan.converged && outcome.output.converged;
    scan.lambda += outcome.output.lambda / solved;
    if (outcome.output.lambda_tv)
      scan.lambda_tv = scan.lambda_tv.value_or(0) + *outcome.output.lambda_tv / solved;
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
  BLOCH_CHECK(check_finite(series, "the image"));
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
