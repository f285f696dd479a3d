#include <algorithm>
#include <cmath>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Lines k >= 0 at one offset, lines k < 0 at another, so that those that a conjugate symmetry gives fall
/// between those that were measured. k counts from DC; the spacing is round(N / (round(N / R) - N_low)).
std::vector<std::uint8_t> offset_lines(int lines, int spacing, int offset) {
  const bool even = offset % 2 == 0;
  const int positive = even ? offset + 1 : offset + 2;
  const int negative = even ? offset + 2 : offset - 1;
  const int positive_count = (lines + 1) / 2;
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(lines), 0);
  const auto keep = [&](int k) { kept[static_cast<std::size_t>((k + lines / 2 + lines) % lines)] = 1; };
  for (int k = positive; k < positive_count; k += spacing) keep(k);
  for (int k = negative; k < lines - positive_count; k += spacing) keep(-1 - k);
  return kept;
}

Result<SamplingMask> make_magic(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plan, plan_lines(size, request));
  const int target = static_cast<int>(std::nearbyint(plan.wanted));
  plan.low = std::max(std::min(plan.low, target), 1);
  plan.first_low = (plan.lines - plan.low + 1) / 2;
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plan.lines), 0);
  if (target > plan.low) {
    const int spacing = static_cast<int>(std::nearbyint(static_cast<double>(plan.lines) / (target - plan.low)));
    NumpyRandom random(request.seed);
    kept = offset_lines(plan.lines, spacing, random.below(spacing));
  }
  return line_mask(plan, std::move(kept));
}

} // namespace

MaskKind magic_mask() {
  return {"magic",
          "Offset lines (magic)",
          "equispaced lines, offset on one side of the centre so that conjugate symmetry fills the gaps",
          "fastMRI MagicMaskFractionFunc; Defazio 2019, arXiv:1912.01101",
          true,
          make_magic};
}

} // namespace bloch::imaging
