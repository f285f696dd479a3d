#pragma once

#include <cstdint>
#include <span>

#include "core/data/series.h"

namespace bloch::app {

/// VOI LUT Function (0028,1056); a LUT of its own is `apply_lut`.
enum class WindowFunction { linear, linear_exact, sigmoid };

/// Output of the window for one value, 0 to 1. Not-a-number is 0.
/// source: PS3.3 C.11.2.1.2 (LINEAR), C.11.2.1.3.2 (LINEAR_EXACT), C.11.2.1.3.1 (SIGMOID); widths the standard
/// forbids act as a step.
double apply_window(double value, const WindowLevel& window, WindowFunction function);

/// A VOI LUT (0028,3010): `first_value` is its second descriptor word. Values outside take the first and last
/// entry. returns: 0 to 1, the entry over 2^bits - 1
double apply_lut(double value, int first_value, std::span<const std::uint16_t> entries, int bits);

/// LINEAR and LINEAR_EXACT as (value - centre) * scale + 0.5, to be clamped to 0..1; for loops over pixels.
struct WindowRamp {
  double centre = 0;
  double scale = 1;
};
WindowRamp window_ramp(const WindowLevel& window, WindowFunction function);

} // namespace bloch::app
