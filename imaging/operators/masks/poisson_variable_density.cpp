#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

Result<SamplingMask> make_poisson_variable_density(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plane, plan_plane(size, request));
  return plane_mask(plane, poisson_disc(plane, request.seed, 3));
}

} // namespace

MaskKind poisson_variable_density_mask() {
  return {"poisson-variable-density",
          "Poisson disc, variable density",
          "Poisson disc whose radius grows fourfold from the centre to the corner",
          "Bridson 2007, doi:10.1145/1278780.1278807",
          false,
          make_poisson_variable_density};
}

} // namespace bloch::imaging
