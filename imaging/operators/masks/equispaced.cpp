#include <cmath>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Every n-th line from a random offset on. fastMRI takes n = R and so keeps more than N / R lines; here R is
/// that of the whole mask, so n is the whole number that comes nearest to it. Without calibration lines both
/// are the same.
Result<SamplingMask> make_equispaced(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plan, plan_lines(size, request));
  const double between = plan.wanted - plan.low;
  const double spacing = between > 0 ? (plan.lines - plan.low) / between : plan.lines;
  const int step = std::max(1, static_cast<int>(std::nearbyint(std::min<double>(spacing, plan.lines))));
  NumpyRandom random(request.seed);
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plan.lines), 0);
  for (int line = random.below(step); line < plan.lines; line += step) kept[static_cast<std::size_t>(line)] = 1;
  return line_mask(plan, std::move(kept));
}

} // namespace

MaskKind equispaced_mask() {
  return {"equispaced",
          "Equispaced lines",
          "every n-th phase-encode line, n the whole number nearest to the wanted acceleration",
          "fastMRI EquiSpacedMaskFunc; Zbontar 2018, arXiv:1811.08839",
          true,
          make_equispaced};
}

} // namespace bloch::imaging
