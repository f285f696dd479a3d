#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bloch {

using Rgb = std::array<std::uint8_t, 3>;
inline constexpr std::size_t colour_map_size = 256;
using ColourTable = std::span<const Rgb, colour_map_size>;

/// A colour map by its control points, evenly spaced from value 0 to 1.
struct ColourMap {
  std::string_view name;                         ///< "bloch-anomaly"
  std::string_view label;                        ///< "Anomaly"
  std::string_view use;                          ///< what the colours mean, in one sentence
  std::span<const std::uint32_t> control_points; ///< 0xRRGGBB
};

/// bloch-anomaly (warm: finding), bloch-error (cool: error), bloch-kernel, bloch-signed, grey.
std::span<const ColourMap> colour_maps();

/// The 256 colours of a map, its control points interpolated in CIELAB (D65). Contract: the name is in
/// colour_maps(). The table lives as long as the program.
ColourTable colour_map(std::string_view name);

/// The colour of a value from 0 to 1; values outside and not-a-number take the nearest end (not-a-number the
/// lower).
Rgb colour_of(ColourTable table, double value);

} // namespace bloch
