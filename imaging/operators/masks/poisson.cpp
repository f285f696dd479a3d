#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

Result<SamplingMask> make_poisson(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plane, plan_plane(size, request));
  return plane_mask(plane, poisson_disc(plane, request.seed, 0));
}

} // namespace

MaskKind poisson_mask() {
  return {"poisson",
          "Poisson disc",
          "samples at random, never close to each other",
          "Bridson 2007, doi:10.1145/1278780.1278807",
          false,
          make_poisson};
}

} // namespace bloch::imaging
