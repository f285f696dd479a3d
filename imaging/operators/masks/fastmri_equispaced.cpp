#include <algorithm>
#include <cmath>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Every round(R)-th line from a random offset on, and the centre besides: more lines than N / R.
Result<SamplingMask> make_fastmri_equispaced(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plan, plan_lines(size, request));
  const int step = static_cast<int>(std::nearbyint(request.accel));
  NumpyRandom random(request.seed);
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plan.lines), 0);
  for (int line = random.below(step); line < plan.lines; line += step) kept[static_cast<std::size_t>(line)] = 1;
  return line_mask(plan, std::move(kept));
}

} // namespace

MaskKind fastmri_equispaced_mask() {
  return {
      "fastmri-equispaced",
      "Equispaced lines, as fastMRI",
      "every R-th line and the centre besides, so that the R reached is smaller; the same lines as fastMRI's",
      "fastMRI EquiSpacedMaskFunc; Zbontar 2018, arXiv:1811.08839",
      true,
      make_fastmri_equispaced};
}

} // namespace bloch::imaging
