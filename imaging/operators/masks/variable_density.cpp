#include <algorithm>
#include <cmath>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Each sample outside the centre with probability (1 - r)^4 + c, c by bisection.
Result<SamplingMask> make_variable_density(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plane, plan_plane(size, request));
  std::vector<double> density;
  density.reserve(static_cast<std::size_t>(plane.u) * static_cast<std::size_t>(plane.v));
  for (int v = 0; v < plane.v; ++v)
    for (int u = 0; u < plane.u; ++u)
      density.push_back(plane.in_centre(u, v) ? 3 : std::pow(1 - plane.radius(u, v), 4));
  const double offset = density_offset(density, plane.wanted);
  NumpyRandom random(request.seed);
  std::vector<std::uint8_t> kept;
  kept.reserve(density.size());
  for (const double value : density)
    kept.push_back(random.uniform() < std::clamp(value + offset, 0.0, 1.0) ? 1 : 0);
  return plane_mask(plane, std::move(kept));
}

} // namespace

MaskKind variable_density_mask() {
  return {"variable-density",
          "Variable density",
          "samples at random, denser towards the centre: (1 - r)^4 + c",
          "Lustig 2007, doi:10.1002/mrm.21391",
          false,
          make_variable_density};
}

} // namespace bloch::imaging
