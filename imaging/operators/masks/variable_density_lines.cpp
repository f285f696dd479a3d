#include <algorithm>
#include <cmath>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Lines with inclusion probability (1 - |k|)^3 + c, drawn systematically: N / R lines to within one, without
/// large gaps.
Result<SamplingMask> make_variable_density_lines(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plan, plan_lines(size, request));
  std::vector<double> density;
  for (int line = 0; line < plan.lines; ++line) {
    const bool centre = line >= plan.first_low && line < plan.first_low + plan.low;
    density.push_back(
        centre ? 3 : std::pow(1 - std::min(1.0, std::abs(2.0 * (line - plan.lines / 2) / plan.lines)), 3));
  }
  const double offset = density_offset(density, plan.wanted);
  NumpyRandom random(request.seed);
  double passed = random.uniform();
  std::vector<std::uint8_t> kept;
  for (const double value : density) {
    const double before = std::floor(passed);
    passed += std::clamp(value + offset, 0.0, 1.0);
    kept.push_back(std::floor(passed) > before ? 1 : 0);
  }
  return line_mask(plan, std::move(kept));
}

} // namespace

MaskKind variable_density_lines_mask() {
  return {"variable-density-lines",
          "Variable-density lines",
          "whole phase-encode lines, denser towards the centre: (1 - |k|)^3 + c",
          "Lustig 2007, doi:10.1002/mrm.21391",
          true,
          make_variable_density_lines};
}

} // namespace bloch::imaging
