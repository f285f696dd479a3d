#include <cmath>

#include "imaging/operators/fft.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {
namespace {

Result<ReconstructionOutput> run_root_sum_of_squares(const ReconstructionInput& input,
                                                     const ParameterSet& parameters, const Progress&) {
  BLOCH_CHECK(with_defaults({}, parameters));
  const std::size_t pixels = input.size.samples_per_coil();
  std::vector<double> energy(pixels, 0.0);
  ComplexBuffer coil(pixels);
  for (std::size_t begin = 0; begin < input.samples.size(); begin += pixels) {
    std::copy_n(input.samples.begin() + static_cast<std::ptrdiff_t>(begin), pixels, coil.begin());
    centred_fft(coil, {input.size.kx, input.size.ky, input.size.kz}, {true, true, true}, true);
    for (std::size_t i = 0; i < pixels; ++i) energy[i] += std::norm(coil[i]);
  }
  ReconstructionOutput output;
  for (const double sum : energy) output.image.emplace_back(static_cast<float>(std::sqrt(sum)));
  return output;
}

} // namespace

Reconstruction root_sum_of_squares_reconstruction() {
  return {"root-sum-of-squares",
          "Root-sum-of-squares",
          "inverse FFT of each coil, magnitudes combined; needs no sensitivities",
          "Roemer 1990, doi:10.1002/mrm.1910160203",
          false,
          {},
          run_root_sum_of_squares};
}

} // namespace bloch::imaging
