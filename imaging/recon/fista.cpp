#include "imaging/recon/fista.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/base/contract.h"
#include "imaging/operators/complex_math.h"
#include "imaging/parallel/pieces.h"
#include "imaging/recon/cross_validation.h"
#include "imaging/recon/iteration_log.h"
#include "imaging/recon/map_sets.h"
#include "imaging/recon/sampled_rows.h"

namespace bloch::imaging {

namespace {

bool at_floor(const std::vector<double>& changes) {
  constexpr std::size_t span = 10;
  if (changes.size() < 3 * span) return false;
  const auto sum = [&](std::size_t back) {
    return std::accumulate(changes.end() - static_cast<std::ptrdiff_t>(back),
                           changes.end() - static_cast<std::ptrdiff_t>(back - span), 0.0);
  };
  return sum(span) > 0.9 * sum(2 * span);
}

} // namespace

Result<ReconstructionOutput> fista(const SenseOperator& sense, const ReconstructionInput& input,
                                   const Proximal& proximal, const FistaSettings& settings,
                                   const Progress& progress) {
  const std::size_t pixels = sense.pixels();
  const int workers = input.workers > 0 ? input.workers : thread_count();
  const Pieces pieces(pixels, workers);
  ReconstructionOutput output;
  output.converged = false;
  const ComplexBuffer right = sense.adjoint(input.samples);
  const double data_energy = sampled_energy(input);
  const auto step = static_cast<float>(1 / std::max(sense.norm_bound(), 1e-12));
  // This and the last iterate, and where a gradient step leads from each: the step from between them, z = x +
  // beta (x - x_last), leads to the same mixture of both. The next iterate takes the place of the last step.
  const auto zeros = [&] { // each worker has its part of the memory from the start
    const auto array = make_large_array<Complex>(pixels);
    pieces.run([&](std::size_t i, std::size_t count) { std::fill_n(array.get() + i, count, Complex()); });
    return array;
  };
  std::shared_ptr<Complex[]> image = zeros(), step_on = zeros(), last_image = zeros(), last_step = zeros();
  if (settings.start.empty())
    pieces.run([&](std::size_t i, std::size_t count) {
      combine(step_on.get() + i, step, right.data() + i, 0, right.data() + i, count);
    });
  else {
    BLOCH_EXPECTS(settings.start.size() == pixels);
    std::copy(settings.start.begin(), settings.start.end(), image.get());
    sense.normal(image.get(), step_on.get());
    pieces.run([&](std::size_t i, std::size_t count) {
      gradient_step(image.get() + i, right.data() + i, step, step_on.get() + i, count);
    });
  }
  // Extrapolation by (t_k - 1) / t_k+1, t growing by 1/2 as Nesterov's does in the long run, or faster. It
  // starts at more than 1: the first steps go far and agree in their direction, and a restart ends what does
  // not.
  const double growth = settings.random_proximal ? 1 / 1.3 : 0.5;
  double momentum = 2.5;
  float beta = 0;
  std::vector<double> changes;
  // The first iteration is the step from the start.
  while (!output.converged && output.iterations < settings.iterations) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "the reconstruction was cancelled");
    pieces.run([&](std::size_t i, std::size_t count) {
      combine(last_step.get() + i, 1 + beta, step_on.get() + i, -beta, last_step.get() + i, count);
    });
    std::shared_ptr<Complex[]>& next = last_step;
    const double penalty = proximal(next.get(), step, output.iterations);
    const auto sums = pieces.sum<StepSums>([&](std::size_t i, std::size_t count) {
      return compare_step(image.get() + i, last_image.get() + i, next.get() + i, beta, count);
    });
    std::swap(last_image, image);
    std::swap(image, next);
    std::swap(last_step, step_on);
    ++output.iterations;
    output.residual = sums.size > 0 ? std::sqrt(sums.change / sums.size) : 0;
    changes.push_back(output.residual);
    output.converged = output.residual <= settings.tolerance ||
                       (settings.random_proximal && settings.tolerance > 0 && at_floor(changes));
    if (!output.converged && output.iterations < settings.iterations) {
      sense.normal(image.get(), step_on.get());
      const auto quadratic = pieces.sum<double>([&](std::size_t i, std::size_t count) {
        return gradient_step(image.get() + i, right.data() + i, step, step_on.get() + i, count);
      });
      output.objective.push_back(0.5 * (quadratic + data_energy) + penalty);
    }
    // Gradient restart: the step went against the momentum.
    if (sums.against > 0) momentum = 1;
    const double next_momentum = momentum + growth;
    beta = static_cast<float>((momentum - 1) / next_momentum);
    momentum = next_momentum;
    if (!input.reference.empty())
      output.nrmse.push_back(magnitude_nrmse({image.get(), pixels}, input.reference));
    progress.report(static_cast<double>(output.iterations) / settings.iterations);
  }
  // Their memory is used again for what goes out.
  step_on = last_image = last_step = nullptr;
  if (settings.keep_sets)
    output.image.assign(image.get(), image.get() + pixels);
  else
    output.image = combined_sets({image.get(), pixels}, sense.sets());
  return output;
}

Result<ReconstructionOutput> solve_weighted(const ReconstructionInput& input, std::optional<double> weight,
                                            double guess, const FistaSettings& settings,
                                            const FistaSolver& solve, const Progress& progress) {
  const SenseOperator sense(input.size, *input.sensitivities, *input.mask, input.workers);
  double begin = 0;
  if (!weight) {
    begin = 0.5;
    // From the image of the last weight on. It must have settled: what further steps still gain would look like
    // a gain of the next weight.
    const WeightSolver from_last = [&](const SenseOperator& part_of_sense, const ReconstructionInput& part,
                                       double tried, std::span<const Complex> start,
                                       const Progress& one) -> Result<std::vector<Complex>> {
      FistaSettings settled = settings;
      settled.iterations = 30;
      settled.tolerance = 5e-4;
      settled.start = start;
      settled.keep_sets = true;
      BLOCH_TRY(output, solve(part_of_sense, part, tried, settled, one));
      return std::move(output.image);
    };
    BLOCH_TRY(found, cross_validated_weight(sense, input, {guess, 2, 4}, from_last, progress.child(0, begin)));
    weight = found;
  }
  auto output = solve(sense, input, *weight, settings, progress.child(begin, 1));
  if (output) output->lambda = *weight;
  return output;
}

} // namespace bloch::imaging
