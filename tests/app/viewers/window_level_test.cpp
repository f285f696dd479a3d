#include "app/viewers/window_level.h"

#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace bloch::app {
namespace {

TEST(WindowLevel, LinearFollowsTheExamplesOfTheStandard) {
  // PS3.3 C.11.2.1.2.1, notes: c=2048 w=4096, c=2048 w=1, c=0 w=100, c=0 w=1; y from 0 to 255
  const auto y = [](double x, double centre, double width) {
    return 255 * apply_window(x, {width, centre, {}}, WindowFunction::linear);
  };
  EXPECT_EQ(y(0, 2048, 4096), 0);
  EXPECT_EQ(y(4096, 2048, 4096), 255);
  for (const double x : {1.0, 1000.0, 2047.5, 4094.0})
    EXPECT_NEAR(y(x, 2048, 4096), ((x - 2047.5) / 4095 + 0.5) * 255, 1e-9);
  EXPECT_EQ(y(2047.5, 2048, 1), 0);
  EXPECT_EQ(y(2047.6, 2048, 1), 255);
  EXPECT_EQ(y(-50, 0, 100), 0);
  EXPECT_EQ(y(49.5, 0, 100), 255);
  for (const double x : {-49.0, 0.0, 48.0}) EXPECT_NEAR(y(x, 0, 100), ((x + 0.5) / 99 + 0.5) * 255, 1e-9);
  EXPECT_EQ(y(-0.5, 0, 1), 0);
  EXPECT_EQ(y(0, 0, 1), 255);
}

TEST(WindowLevel, LinearExactFollowsTheExamplesOfTheStandard) {
  const auto y = [](double x, double centre, double width) {
    return 255 * apply_window(x, {width, centre, {}}, WindowFunction::linear_exact);
  };
  EXPECT_EQ(y(0, 2048, 4096), 0);
  EXPECT_EQ(y(4097, 2048, 4096), 255);
  for (const double x : {1.0, 2048.0, 4095.0})
    EXPECT_NEAR(y(x, 2048, 4096), ((x - 2048) / 4096 + 0.5) * 255, 1e-9);
  EXPECT_EQ(y(-50, 0, 100), 0);
  EXPECT_EQ(y(51, 0, 100), 255);
  EXPECT_NEAR(y(25, 0, 100), 0.75 * 255, 1e-9);
}

TEST(WindowLevel, SigmoidIsOneOverOnePlusTheExponential) {
  for (const double x : {-300.0, -10.0, 40.0, 90.0, 1000.0})
    EXPECT_NEAR(apply_window(x, {80, 40, {}}, WindowFunction::sigmoid), 1 / (1 + std::exp(-4 * (x - 40) / 80)),
                1e-12);
}

TEST(WindowLevel, LutTakesItsEndsOutsideItsRange) {
  constexpr std::array<std::uint16_t, 4> entries = {0, 100, 200, 255};
  EXPECT_EQ(apply_lut(-5, 10, entries, 8), 0);
  EXPECT_NEAR(apply_lut(11, 10, entries, 8), 100 / 255.0, 1e-12);
  EXPECT_EQ(apply_lut(99, 10, entries, 8), 1);
}

TEST(WindowLevel, NotANumberIsBlack) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (const auto function : {WindowFunction::linear, WindowFunction::linear_exact, WindowFunction::sigmoid})
    EXPECT_EQ(apply_window(none, {100, 0, {}}, function), 0);
}

} // namespace
} // namespace bloch::app
