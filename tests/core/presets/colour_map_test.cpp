#include "core/presets/colour_map.h"

#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace bloch {
namespace {

Rgb hex(std::uint32_t colour) {
  return {static_cast<std::uint8_t>(colour >> 16), static_cast<std::uint8_t>(colour >> 8),
          static_cast<std::uint8_t>(colour)};
}

TEST(ColourMapTest, EndsAreTheFirstAndTheLastControlPoint) {
  for (const ColourMap& map : colour_maps()) {
    const ColourTable table = colour_map(map.name);
    EXPECT_EQ(table.front(), hex(map.control_points.front())) << map.name;
    EXPECT_EQ(table.back(), hex(map.control_points.back())) << map.name;
  }
}

TEST(ColourMapTest, MapOfNeutralsStaysNeutralAndFollowsCielabLightness) {
  const ColourTable table = colour_map("grey");
  for (const Rgb& colour : table) {
    EXPECT_EQ(colour[0], colour[1]);
    EXPECT_EQ(colour[1], colour[2]);
  }
  // L* = 100 * 128 / 255 is sRGB 120 (closed form: Y = ((L + 16) / 116)^3, then the sRGB curve).
  EXPECT_NEAR(table[128][0], 119.5, 1);
}

TEST(ColourMapTest, ErrorMapGrowsBrighterAllTheWay) {
  const ColourTable table = colour_map("bloch-error");
  const auto luminance = [](const Rgb& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  for (std::size_t i = 8; i < table.size(); ++i) EXPECT_GE(luminance(table[i]), luminance(table[i - 8]));
}

TEST(ColourMapTest, ValuesOutsideTakeTheEnds) {
  const ColourTable table = colour_map("bloch-anomaly");
  EXPECT_EQ(colour_of(table, -1), table.front());
  EXPECT_EQ(colour_of(table, 2), table.back());
  EXPECT_EQ(colour_of(table, std::numeric_limits<double>::quiet_NaN()), table.front());
}

TEST(ColourMapTest, UnknownNameIsABug) { EXPECT_THROW(colour_map("jet"), std::logic_error); }

} // namespace
} // namespace bloch
