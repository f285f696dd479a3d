#include "core/parameters/fields.h"
#include "imaging/operators/finite_difference.h"
#include "imaging/operators/sense.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/fista.h"

namespace bloch::imaging {
namespace {

struct TotalVariationSettings {
  std::optional<double> lambda;
  int iterations = 60;
  double tolerance = 1e-3;
  int inner_steps = 20;
};

const Fields<TotalVariationSettings>& total_variation_fields() {
  static const Fields<TotalVariationSettings> fields =
      Fields<TotalVariationSettings>()
          .add("lambda", &TotalVariationSettings::lambda,
               {.label = "Regularisation",
                .help = "weight of the total variation on BART's scale; auto: the one that predicts held-out "
                        "samples best",
                .minimum = 0,
                .maximum = 10,
                .scale = ParameterScale::logarithmic})
          .add("iterations", &TotalVariationSettings::iterations,
               {.label = "Iterations",
                .help = "steps at most, if it has not converged before",
                .minimum = 1,
                .maximum = 1000})
          .add("tolerance", &TotalVariationSettings::tolerance,
               {.label = "Tolerance",
                .help = "stops at this relative change of the image; 0: never early",
                .minimum = 0,
                .maximum = 1,
                .scale = ParameterScale::logarithmic})
          .add("inner-steps", &TotalVariationSettings::inner_steps,
               {.label = "Inner steps",
                .help = "dual steps an iteration, started from those of the last one",
                .minimum = 1,
                .maximum = 100});
  return fields;
}

/// FISTA on |A x - y|^2 / 2 + lambda s TV(x), TV isotropic over the image's axes, its proximal operator by warm
/// dual steps.
Result<ReconstructionOutput> run_total_variation(const ReconstructionInput& given,
                                                 const ParameterSet& parameters, const Progress& progress) {
  BLOCH_TRY(settings, total_variation_fields().from(parameters));
  const double scale = data_scale(given);
  const FistaSolver solve = [&](const SenseOperator& sense, const ReconstructionInput& input, double lambda,
                                const FistaSettings& steps, const Progress& part) {
    std::vector<TotalVariation> variations(static_cast<std::size_t>(sense.sets()),
                                           TotalVariation({input.size.kx, input.size.ky, input.size.kz},
                                                          input.workers > 0 ? input.workers : thread_count()));
    const auto weight = static_cast<float>(lambda * scale);
    const Proximal proximal = [&](Complex* image, float step, int) {
      double sum = 0;
      for (TotalVariation& variation : variations) {
        sum += variation.proximal(image, step * weight, settings.inner_steps);
        image += input.size.samples_per_coil();
      }
      return static_cast<double>(weight) * sum;
    };
    return fista(sense, input, proximal, steps, part);
  };
  return solve_weighted(given, settings.lambda, settings.lambda ? 0 : lambda_guess(given, scale, 0.36),
                        {settings.iterations, settings.tolerance}, solve, progress);
}

} // namespace

Reconstruction total_variation_reconstruction() {
  return {"tv",
          "Total variation",
          "compressed sensing with few edges, by FISTA with a warm-started dual",
          "Block 2007, doi:10.1002/mrm.21236; Beck 2009, doi:10.1109/TIP.2009.2028250",
          true,
          total_variation_fields().parameters(),
          run_total_variation};
}

} // namespace bloch::imaging
