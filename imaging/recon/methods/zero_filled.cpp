#include "imaging/operators/aligned.h"
#include "imaging/operators/sense.h"
#include "imaging/recon/map_sets.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {
namespace {

Result<ReconstructionOutput> run_zero_filled(const ReconstructionInput& input, const ParameterSet& parameters,
                                             const Progress&) {
  BLOCH_CHECK(with_defaults({}, parameters));
  const SenseOperator sense(input.size, *input.sensitivities, *input.mask, input.workers);
  ComplexBuffer image = sense.adjoint(input.samples);
  divide_by_energy(image, *input.sensitivities);
  ReconstructionOutput output;
  output.image = combined_sets(image, sense.sets());
  return output;
}

} // namespace

Reconstruction zero_filled_reconstruction() {
  return {"zero-filled",
          "Zero-filled",
          "inverse FFT of what was acquired, coils combined by their sensitivities",
          "Roemer 1990, doi:10.1002/mrm.1910160203",
          true,
          {},
          run_zero_filled};
}

} // namespace bloch::imaging
