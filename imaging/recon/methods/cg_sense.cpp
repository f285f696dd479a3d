#include <cmath>
#include <utility>

#include "core/parameters/fields.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/sense.h"
#include "imaging/parallel/pieces.h"
#include "imaging/recon/cross_validation.h"
#include "imaging/recon/iteration_log.h"
#include "imaging/recon/map_sets.h"
#include "imaging/recon/reconstruction.h"
#include "imaging/recon/sampled_rows.h"

namespace bloch::imaging {
namespace {

struct CgSense {
  std::optional<double> lambda;
  int iterations = 30;
  double tolerance = 1e-3;
};

const Fields<CgSense>& cg_sense_fields() {
  static const Fields<CgSense> fields =
      Fields<CgSense>()
          .add("lambda", &CgSense::lambda,
               {.label = "Regularisation",
                .help = "weight of |x|^2; auto: the one that predicts held-out samples best",
                .minimum = 0,
                .maximum = 10,
                .scale = ParameterScale::logarithmic})
          .add("iterations", &CgSense::iterations,
               {.label = "Iterations",
                .help = "steps at most, if it has not converged before",
                .minimum = 1,
                .maximum = 1000})
          .add("tolerance", &CgSense::tolerance,
               {.label = "Tolerance",
                .help = "stops at this residual relative to the right side; 0: never early",
                .minimum = 0,
                .maximum = 1,
                .scale = ParameterScale::logarithmic});
  return fields;
}

/// Conjugate gradients on (A^H A + lambda) x = A^H y from zero; the image is one a set of maps, and the
/// objective lacks |y|^2 / 2. cost: two FFTs a coil an iteration.
Result<ReconstructionOutput> conjugate_gradients(const SenseOperator& sense, const ReconstructionInput& input,
                                                 const CgSense& settings, double weight,
                                                 const Progress& progress) {
  const std::size_t pixels = sense.pixels();
  ReconstructionOutput output;
  output.lambda = weight;
  const auto lambda = static_cast<float>(weight);
  const ComplexBuffer right = sense.adjoint(input.samples);
  ComplexBuffer image(pixels), residual = right, direction = right, product(pixels);
  const Pieces pieces(pixels, input.workers > 0 ? input.workers : thread_count());
  const auto dot = [&pieces](const ComplexBuffer& a, const ComplexBuffer& b) {
    return pieces.sum<double>(
        [&](std::size_t i, std::size_t count) { return real_dot(a.data() + i, b.data() + i, count); });
  };
  const double start = dot(right, right);
  double energy = start;
  output.residual = start > 0 ? 1 : 0;
  output.converged = start <= 0;
  while (!output.converged && output.iterations < settings.iterations) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "the reconstruction was cancelled");
    sense.normal(direction.data(), product.data());
    if (lambda > 0)
      pieces.run([&](std::size_t i, std::size_t count) {
        add_scaled(product.data() + i, direction.data() + i, lambda, count);
      });
    const double curvature = dot(direction, product);
    if (curvature <= 0) break;
    const auto step = static_cast<float>(energy / curvature);
    pieces.run([&](std::size_t i, std::size_t count) {
      add_scaled(image.data() + i, direction.data() + i, step, count);
      add_scaled(residual.data() + i, product.data() + i, -step, count);
    });
    const double next = dot(residual, residual);
    pieces.run([&](std::size_t i, std::size_t count) {
      combine(direction.data() + i, 1, residual.data() + i, static_cast<float>(next / energy),
              direction.data() + i, count);
    });
    energy = next;
    ++output.iterations;
    output.residual = std::sqrt(energy / start);
    output.converged = output.residual <= settings.tolerance;
    // -Re<x, b + r> / 2
    output.objective.push_back(-0.5 * (dot(image, right) + dot(image, residual)));
    if (!input.reference.empty()) output.nrmse.push_back(magnitude_nrmse(image, input.reference));
    progress.report(static_cast<double>(output.iterations) / settings.iterations);
  }
  output.image.assign(image.begin(), image.end());
  return output;
}

Result<ReconstructionOutput> run_cg_sense(const ReconstructionInput& input, const ParameterSet& parameters,
                                          const Progress& progress) {
  BLOCH_TRY(settings, cg_sense_fields().from(parameters));
  const SenseOperator sense(input.size, *input.sensitivities, *input.mask, input.workers);
  double begin = 0;
  if (!settings.lambda) {
    begin = 0.5;
    // Each from zero, for where it stops is a part of what it predicts.
    const WeightSolver solve = [&](const SenseOperator& part_of_sense, const ReconstructionInput& part,
                                   double tried, std::span<const Complex>,
                                   const Progress& one) -> Result<std::vector<Complex>> {
      BLOCH_TRY(output, conjugate_gradients(part_of_sense, part, settings, tried, one));
      return std::move(output.image);
    };
    BLOCH_TRY(found, cross_validated_weight(sense, input, {0.02, 4, 3}, solve, progress.child(0, begin)));
    settings.lambda = found;
  }
  auto output = conjugate_gradients(sense, input, settings, *settings.lambda, progress.child(begin, 1));
  if (!output) return output;
  const double data_energy = sampled_energy(input);
  for (double& value : output->objective) value += 0.5 * data_energy;
  if (sense.sets() > 1) output->image = combined_sets(output->image, sense.sets());
  return output;
}

} // namespace

Reconstruction cg_sense_reconstruction() {
  return {"cg-sense",
          "CG-SENSE",
          "least squares with all coils, by conjugate gradients",
          "Pruessmann 2001, doi:10.1002/mrm.1241",
          true,
          cg_sense_fields().parameters(),
          run_cg_sense};
}

} // namespace bloch::imaging
