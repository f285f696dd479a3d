#include "app/viewers/window_level.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"

namespace bloch::app {

WindowRamp window_ramp(const WindowLevel& window, WindowFunction function) {
  const bool linear = function == WindowFunction::linear;
  const double centre = linear ? window.level - 0.5 : window.level;
  const double width = linear ? window.width - 1 : window.width;
  if (width > 0) return {centre, 1 / width};
  constexpr double narrow = 0x1p-20; // a window without width is a step: 0 up to the centre, 1 above
  return {centre + narrow / 2, 1 / narrow};
}

double apply_window(double value, const WindowLevel& window, WindowFunction function) {
  if (std::isnan(value)) return 0;
  if (function == WindowFunction::sigmoid)
    return 1 / (1 + std::exp(-4 * (value - window.level) / std::max(window.width, 1e-9)));
  const WindowRamp ramp = window_ramp(window, function);
  return std::clamp((value - ramp.centre) * ramp.scale + 0.5, 0.0, 1.0);
}

double apply_lut(double value, int first_value, std::span<const std::uint16_t> entries, int bits) {
  BLOCH_EXPECTS(!entries.empty() && bits >= 1 && bits <= 16);
  if (std::isnan(value)) return 0;
  const double place =
      std::clamp(std::floor(value) - first_value, 0.0, static_cast<double>(entries.size() - 1));
  return entries[static_cast<std::size_t>(place)] / static_cast<double>((1 << bits) - 1);
}

} // namespace bloch::app
