#include <optional>
#include <random>

#include "core/parameters/fields.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/finite_difference.h"
#include "imaging/operators/sense.h"
#include "imaging/operators/wavelet.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/fista.h"

namespace bloch::imaging {
namespace {

struct L1WaveletTv {
  std::optional<double> lambda, lambda_tv;
  int iterations = 60;
  double tolerance = 1e-3;
  int inner_steps = 10;
  int seed = 1;
};

const Fields<L1WaveletTv>& l1_wavelet_tv_fields() {
  static const Fields<L1WaveletTv> fields =
      Fields<L1WaveletTv>()
          .add("lambda", &L1WaveletTv::lambda,
               {.label = "Wavelet weight",
                .help =
                    "weight of the l1 norm on BART's scale; auto: the one that predicts held-out samples best",
                .minimum = 0,
                .maximum = 10,
                .scale = ParameterScale::logarithmic})
          .add("lambda-tv", &L1WaveletTv::lambda_tv,
               {.label = "Variation weight",
                .help = "weight of the total variation on BART's scale; auto: the one that predicts held-out "
                        "samples best",
                .minimum = 0,
                .maximum = 10,
                .scale = ParameterScale::logarithmic})
          .add("iterations", &L1WaveletTv::iterations,
               {.label = "Iterations",
                .help = "steps at most, if it has not converged before",
                .minimum = 1,
                .maximum = 1000})
          .add("tolerance", &L1WaveletTv::tolerance,
               {.label = "Tolerance",
                .help = "stops at this relative change of the image, or when the change stops shrinking; 0: "
                        "never early",
                .minimum = 0,
                .maximum = 1,
                .scale = ParameterScale::logarithmic})
          .add("inner-steps", &L1WaveletTv::inner_steps,
               {.label = "Inner steps",
                .help = "dual steps of the total variation an iteration, started from those of the last one",
                .minimum = 1,
                .maximum = 100})
          .add("seed", &L1WaveletTv::seed,
               {.label = "Seed",
                .help = "of the random shift of each iteration",
                .minimum = 0,
                .maximum = 2147483647});
  return fields;
}

/// The proximal operator of the sum of both penalties for one image, by one sweep a call of Dykstra's
/// alternation (block ascent on the dual); what the total variation took away is kept from call to call, so
/// that a sweep suffices inside an outer iteration.
class JointProximal {
 public:
  JointProximal(std::array<int, 3> size, int workers)
      : wavelet_(size, WaveletFamily::db2, workers)
      , variation_(size, workers)
      , taken_(static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
               static_cast<std::size_t>(size[2])) {}

  std::array<int, 3> padded_size() const { return wavelet_.padded_size(); }

  /// In place; returns weight[0] * |details|_1 + weight[1] * TV, each of the outcome of its own operator.
  double apply(Complex* image, float step, std::array<float, 2> weight, std::array<int, 3> shift,
               int inner_steps) {
    const std::size_t count = taken_.size();
    add_scaled(image, taken_.data(), -1, count);
    double penalty = static_cast<double>(weight[0]) * wavelet_.threshold(image, step * weight[0], shift);
    add_scaled(image, taken_.data(), 1, count);
    std::copy_n(image, count, taken_.begin());
    penalty += static_cast<double>(weight[1]) * variation_.proximal(image, step * weight[1], inner_steps);
    add_scaled(taken_.data(), image, -1, count);
    return penalty;
  }

 private:
  Wavelet wavelet_;
  TotalVariation variation_;
  ComplexBuffer taken_; ///< by the total variation, last time
};

/// FISTA on |A x - y|^2 / 2 + lambda s |W x|_1 + lambda-tv s TV(x), one random shift of W an iteration. Departs
/// from Huang 2011, which averages the two proximal operators, in alternating them: the limit is then that of
/// their sum. What is automatic of the weights is chosen by one factor.
Result<ReconstructionOutput> run_l1_wavelet_tv(const ReconstructionInput& given, const ParameterSet& parameters,
                                               const Progress& progress) {
  BLOCH_TRY(settings, l1_wavelet_tv_fields().from(parameters));
  const double scale = data_scale(given);
  const bool both_given = settings.lambda && settings.lambda_tv;
  const double guess = both_given ? 0 : lambda_guess(given, scale, 0.22);
  const auto lambda = [&](double factor) { return settings.lambda.value_or(factor * guess); };
  const auto lambda_tv = [&](double factor) { return settings.lambda_tv.value_or(1.2 * factor * guess); };
  const FistaSolver solve = [&](const SenseOperator& sense, const ReconstructionInput& input, double factor,
                                const FistaSettings& steps, const Progress& part) {
    const int workers = input.workers > 0 ? input.workers : thread_count();
    std::vector<JointProximal> proximals(static_cast<std::size_t>(sense.sets()),
                                         JointProximal({input.size.kx, input.size.ky, input.size.kz}, workers));
    std::mt19937 random(static_cast<std::uint32_t>(settings.seed));
    const std::array<float, 2> weight{static_cast<float>(lambda(factor) * scale),
                                      static_cast<float>(lambda_tv(factor) * scale)};
    const Proximal proximal = [&](Complex* image, float step, int) {
      std::array<int, 3> shift{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        shift[axis] =
            static_cast<int>(random() % static_cast<std::uint32_t>(proximals.front().padded_size()[axis]));
      double penalty = 0;
      for (JointProximal& one : proximals) {
        penalty += one.apply(image, step, weight, shift, settings.inner_steps);
        image += input.size.samples_per_coil();
      }
      return penalty;
    };
    return fista(sense, input, proximal, steps, part);
  };
  auto output = solve_weighted(given, both_given ? std::optional<double>(1) : std::nullopt, 1,
                               {settings.iterations, settings.tolerance, true}, solve, progress);
  if (output) {
    const double factor = output->lambda;
    output->lambda = lambda(factor);
    output->lambda_tv = lambda_tv(factor);
  }
  return output;
}

} // namespace

Reconstruction l1_wavelet_tv_reconstruction() {
  return {"l1-wavelet-tv",
          "l1-wavelet + TV",
          "compressed sensing with sparse wavelets and few edges together, by FISTA with alternating proximal "
          "steps",
          "Huang 2011, doi:10.1016/j.media.2011.06.001; Combettes 2011, doi:10.1007/978-1-4419-9569-8_10",
          true,
          l1_wavelet_tv_fields().parameters(),
          run_l1_wavelet_tv};
}

} // namespace bloch::imaging
