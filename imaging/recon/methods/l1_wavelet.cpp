#include <cmath>
#include <memory>
#include <random>

#include "core/parameters/fields.h"
#include "imaging/operators/sense.h"
#include "imaging/operators/wavelet.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/fista.h"

namespace bloch::imaging {
namespace {

struct L1Wavelet {
  std::optional<double> lambda;
  int iterations = 50;
  double tolerance = 1e-3;
  std::string wavelet = "db2";
  int seed = 1;
};

const Fields<L1Wavelet>& l1_wavelet_fields() {
  static const Fields<L1Wavelet> fields =
      Fields<L1Wavelet>()
          .add("lambda", &L1Wavelet::lambda,
               {.label = "Regularisation",
                .help =
                    "weight of the l1 norm on BART's scale; auto: the one that predicts held-out samples best",
                .minimum = 0,
                .maximum = 10,
                .scale = ParameterScale::logarithmic})
          .add("iterations", &L1Wavelet::iterations,
               {.label = "Iterations",
                .help = "steps at most, if it has not converged before",
                .minimum = 1,
                .maximum = 1000})
          .add("tolerance", &L1Wavelet::tolerance,
               {.label = "Tolerance",
                .help = "stops at this relative change of the image, or when the change stops shrinking; 0: "
                        "never early",
                .minimum = 0,
                .maximum = 1,
                .scale = ParameterScale::logarithmic})
          .add("wavelet", &L1Wavelet::wavelet,
               {.label = "Wavelet", .help = "Daubechies' family", .choices = {"haar", "db2", "db4"}})
          .add("seed", &L1Wavelet::seed,
               {.label = "Seed",
                .help = "of the random shift of each iteration",
                .minimum = 0,
                .maximum = 2147483647});
  return fields;
}

WaveletFamily family_of(const std::string& name) {
  return name == "haar" ? WaveletFamily::haar : name == "db4" ? WaveletFamily::db4 : WaveletFamily::db2;
}

/// FISTA on |A x - y|^2 / 2 + lambda s |W x|_1, one random shift of W an iteration; the approximation is not
/// thresholded.
Result<ReconstructionOutput> run_l1_wavelet(const ReconstructionInput& given, const ParameterSet& parameters,
                                            const Progress& progress) {
  BLOCH_TRY(settings, l1_wavelet_fields().from(parameters));
  const double scale = data_scale(given);
  const FistaSolver solve = [&](const SenseOperator& sense, const ReconstructionInput& input, double lambda,
                                const FistaSettings& steps, const Progress& part) {
    const int workers = input.workers > 0 ? input.workers : thread_count();
    Wavelet wavelet({input.size.kx, input.size.ky, input.size.kz}, family_of(settings.wavelet), workers);
    std::mt19937 random(static_cast<std::uint32_t>(settings.seed));
    const auto weight = static_cast<float>(lambda * scale);
    const Proximal proximal = [&](Complex* image, float step, int) {
      std::array<int, 3> shift{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        shift[axis] = static_cast<int>(random() % static_cast<std::uint32_t>(wavelet.padded_size()[axis]));
      double sum = 0;
      for (int set = 0; set < sense.sets(); ++set)
        sum += wavelet.threshold(image + static_cast<std::size_t>(set) * input.size.samples_per_coil(),
                                 step * weight, shift);
      return static_cast<double>(weight) * sum;
    };
    return fista(sense, input, proximal, steps, part);
  };
  return solve_weighted(given, settings.lambda, settings.lambda ? 0 : lambda_guess(given, scale, 0.55),
                        {settings.iterations, settings.tolerance, true}, solve, progress);
}

} // namespace

Reconstruction l1_wavelet_reconstruction() {
  return {"l1-wavelet",
          "l1-wavelet",
          "compressed sensing with a sparse wavelet transform, by FISTA",
          "Lustig 2007, doi:10.1002/mrm.21391; Beck 2009, doi:10.1137/080716542",
          true,
          l1_wavelet_fields().parameters(),
          run_l1_wavelet};
}

} // namespace bloch::imaging
