#include <cmath>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Spacing a = R (N_low - N) / (N_low R - N), lines at around(arange(offset, N - 1, a)), halves to even.
Result<SamplingMask> make_equispaced_fraction(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plan, plan_lines(size, request));
  NumpyRandom random(request.seed);
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plan.lines), 0);
  const double below = plan.low * request.accel - plan.lines;
  if (below < 0) {
    const double spacing = request.accel * (plan.low - plan.lines) / below;
    const int offset = random.below(static_cast<int>(std::nearbyint(std::min<double>(spacing, plan.lines))));
    const auto steps = static_cast<int>(std::ceil((plan.lines - 1 - offset) / spacing));
    for (int i = 0; i < steps; ++i) kept[static_cast<std::size_t>(std::nearbyint(offset + i * spacing))] = 1;
  }
  return line_mask(plan, std::move(kept));
}

} // namespace

MaskKind equispaced_fraction_mask() {
  return {"equispaced-fraction",
          "Equispaced lines, exact R",
          "lines at a fractional spacing that meets the acceleration with its centre",
          "fastMRI EquispacedMaskFractionFunc; Zbontar 2018, arXiv:1811.08839",
          true,
          make_equispaced_fraction};
}

} // namespace bloch::imaging
