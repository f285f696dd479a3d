#include "imaging/recon/slice_runs.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "core/base/text.h"
#include "core/data/finite.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/data_exponent.h"
#include "imaging/recon/map_coverage.h"
#include "imaging/recon/map_sets.h"
#include "imaging/recon/partial_fourier.h"
#include "imaging/recon/sampled_rows.h"

namespace bloch::imaging {
namespace {

using Clock = std::chrono::steady_clock;

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
    ComplexBuffer image = SenseOperator(plan.size, *maps, everything, 1).adjoint(full);
    divide_by_energy(image, *maps);
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

/// A slice of which nothing was acquired: black, beside whatever there is to compare it with.
SliceOutcome black_slice(const RunPlan& plan, int slice, SliceData data) {
  SliceOutcome outcome;
  outcome.empty = true;
  outcome.output.image.resize(plan.size.samples_per_coil());
  const auto& task = *plan.task;
  const Sensitivities* maps = task.sensitivities ? &*task.sensitivities
                              : task.slice_sensitivities.empty()
                                  ? nullptr
                                  : &task.slice_sensitivities[static_cast<std::size_t>(slice)];
  if (data.reference.empty() && plan.fresh_reference)
    data.reference = combined_reference(plan, data.full, maps);
  outcome.reference = std::move(data.reference);
  outcome.mask = std::move(data.mask);
  return outcome;
}

/// Back from the data divided by 2^exponent. errors: failed (what came out is no number)
Result<void> scale_back(SliceOutcome& outcome, int exponent) {
  auto& output = outcome.output;
  if (exponent != 0) {
    output.image = times_power_of_two(std::span<const Complex>(output.image), exponent);
    for (double& value : output.objective) value = std::ldexp(value, 2 * exponent);
  }
  if (all_finite(output.image)) return {};
  return failure(ErrorKind::failed, "the image came out with values that are not numbers; the samples are too "
                                    "large, or the settings do not suit them");
}

Result<SliceOutcome> run_slice(const RunPlan& plan, int index, int workers, const Progress& progress) {
  const int slice = plan.first + index;
  BLOCH_TRY(data, plan.slice(slice));
  ReconstructionInput input{plan.size, data.samples, &data.mask, nullptr, {}, workers};
  if (!samples_finite(input))
    return failure(ErrorKind::malformed, "the k-space holds values that are not finite numbers");
  if (data.mask.kept_count() == 0) return black_slice(plan, slice, std::move(data));
  SliceOutcome outcome;
  const int exponent = sampled_exponent(input);
  std::vector<Complex> scaled_full;
  std::vector<float> scaled_reference;
  if (exponent != 0) {
    data.own = times_power_of_two(data.samples, -exponent);
    input.samples = data.samples = data.own;
    scaled_full = times_power_of_two(data.full, -exponent);
    data.full = scaled_full;
  }
  auto begin = Clock::now();
  Sensitivities estimated;
  if (plan.task->sensitivities)
    input.sensitivities = &*plan.task->sensitivities;
  else if (!plan.task->slice_sensitivities.empty())
    input.sensitivities = &plan.task->slice_sensitivities[static_cast<std::size_t>(slice)];
  else if (plan.method->needs_sensitivities) {
    BLOCH_TRY(maps, maps_of(plan, input, progress.child(0, 0.3, "calibrate")));
    estimated = std::move(maps);
    outcome.empty_share = empty_share(estimated);
    input.sensitivities = &estimated;
  }
  outcome.calibrate_s = seconds_since(begin);
  if (data.reference.empty() && plan.fresh_reference) {
    data.reference = combined_reference(plan, data.full, input.sensitivities);
    if (exponent != 0) data.reference = times_power_of_two(std::span<const float>(data.reference), exponent);
  }
  // The metric by iteration is kept for the middle slice.
  if (index == plan.count / 2) {
    if (exponent != 0) scaled_reference = times_power_of_two(std::span<const float>(data.reference), -exponent);
    input.reference = exponent != 0 ? scaled_reference : data.reference;
  }
  begin = Clock::now();
  BLOCH_TRY(output, plan.method->run(input, plan.parameters, progress.child(0.3, 1, plan.method->name)));
  if (plan.task->partial_fourier != "zero")
    if (const auto partial = find_partial_fourier(data.mask, plan.size)) {
      output.image =
          fill_partial_fourier(std::move(output.image), plan.size, *partial, plan.task->partial_fourier);
      outcome.filled = true;
      outcome.unfilled = partial->another;
    }
  outcome.solve_s = seconds_since(begin);
  outcome.output = std::move(output);
  BLOCH_CHECK(scale_back(outcome, exponent));
  outcome.reference = std::move(data.reference);
  outcome.mask = std::move(data.mask);
  return outcome;
}

} // namespace

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

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
  if (std::all_of(outcomes.begin(), outcomes.end(), [](const SliceOutcome& one) { return one.empty; }))
    return failure(ErrorKind::malformed, "the k-space holds no sample that is not zero");
  return outcomes;
}

} // namespace bloch::imaging
