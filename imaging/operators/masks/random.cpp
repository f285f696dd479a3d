#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Each line outside the centre with probability p = (N / R - N_low) / (N - N_low).
Result<SamplingMask> make_random(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plan, plan_lines(size, request));
  const double probability = plan.lines == plan.low ? 1 : (plan.wanted - plan.low) / (plan.lines - plan.low);
  NumpyRandom random(request.seed);
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plan.lines));
  for (auto& line : kept) line = random.uniform() < probability ? 1 : 0;
  return line_mask(plan, std::move(kept));
}

} // namespace

MaskKind random_mask() {
  return {"random",
          "Random lines",
          "phase-encode lines at random, the same numbers as fastMRI for the same seed",
          "fastMRI RandomMaskFunc; Zbontar 2018, arXiv:1811.08839",
          true,
          make_random};
}

} // namespace bloch::imaging
