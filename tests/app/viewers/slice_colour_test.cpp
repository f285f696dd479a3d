#include "app/viewers/slice_colour.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace bloch::app {
namespace {

TEST(SliceColour, PixelsAreTheWindowsOutputInTheTable) {
  constexpr std::array<float, 4> samples = {-10, 0, 49.5F, std::numeric_limits<float>::quiet_NaN()};
  QImage image(2, 2, QImage::Format_RGBX8888);
  const WindowLevel window{100, 0, {}};
  colour_samples(samples, window, colour_table("grey"), image);
  for (int i = 0; i < 4; ++i) {
    const double expected = 255 * apply_window(samples[static_cast<std::size_t>(i)], window);
    EXPECT_NEAR(qGray(image.pixel(i % 2, i / 2)), expected, 1);
  }
}

TEST(SliceColour, TurnedAroundBlackIsWhiteAndNothingStaysBlack) {
  const auto table = turned_around(colour_table("grey"));
  EXPECT_EQ(table[0], (Rgb{255, 255, 255}));
  EXPECT_EQ(table[255], (Rgb{0, 0, 0}));
  constexpr std::array<float, 2> red = {10, std::numeric_limits<float>::quiet_NaN()};
  constexpr std::array<float, 2> blue = {255, std::numeric_limits<float>::quiet_NaN()};
  QImage image(2, 1, QImage::Format_RGBX8888);
  combine_channels({red, red, blue}, true, image);
  EXPECT_EQ(image.pixelColor(0, 0), QColor(245, 245, 0));
  EXPECT_EQ(image.pixelColor(1, 0), QColor(0, 0, 0));
}

TEST(OverlayRamp, OpacityGrowsFromTheThresholdToFullAQuarterAbove) {
  const OverlayRamp ramp{0.5, 0.8};
  EXPECT_EQ(ramp.opacity_of(0.5), 0);
  EXPECT_NEAR(ramp.opacity_of(0.64), 0.4, 1e-12);
  EXPECT_NEAR(ramp.opacity_of(0.78), 0.8, 1e-12);
  EXPECT_NEAR(ramp.opacity_of(1), 0.8, 1e-12);
  EXPECT_EQ(ramp.opacity_of(std::numeric_limits<double>::quiet_NaN()), 0);
}

TEST(OverlayRamp, IsFullAtOneWhenTheThresholdIsNear) {
  const OverlayRamp ramp{0.95, 1};
  EXPECT_NEAR(ramp.opacity_of(0.975), 0.5, 1e-9);
  EXPECT_NEAR(ramp.opacity_of(1), 1, 1e-9);
  EXPECT_EQ(ramp.place_of(0.95), 0);
  EXPECT_NEAR(ramp.place_of(1), 1, 1e-12);
}

TEST(SliceColour, OverlayMixesWithWhatIsBelow) {
  QImage image(1, 1, QImage::Format_RGBX8888);
  image.fill(QColor(100, 100, 100));
  constexpr std::array<float, 1> value = {1};
  blend_overlay(value, {0.5, 0.5}, colour_map("bloch-anomaly"), image);
  const Rgb top = colour_map("bloch-anomaly")[255];
  EXPECT_NEAR(image.pixelColor(0, 0).red(), (100 + top[0]) / 2.0, 1);
  EXPECT_NEAR(image.pixelColor(0, 0).blue(), (100 + top[2]) / 2.0, 1);
}

} // namespace
} // namespace bloch::app
