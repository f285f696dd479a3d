#include "core/data/image_scale.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/session/document.h"

namespace bloch {
namespace {

UltrasoundRegion region(std::array<int, 2> first, std::array<int, 2> last, double cm) {
  return {.first = first, .last = last, .format = 1, .content = 1, .units = {3, 3}, .delta = {cm, cm}};
}

/// Two images side by side, a colour box of the same scale in the left one, a spectrum below.
ImageScale two_images() {
  UltrasoundRegion colour = region({10, 10}, {20, 20}, 0.01);
  colour.content = 2;
  UltrasoundRegion spectrum = region({0, 60}, {99, 99}, 0.01);
  spectrum.format = spectrum.content = 3;
  spectrum.units = {4, 7};
  return {.regions = {region({0, 0}, {49, 49}, 0.01), region({50, 0}, {99, 49}, 0.02), colour, spectrum},
          .files = {0}};
}

/// On a grid that has another scale than any region.
MeasurementValues measured(MeasurementKind kind, std::vector<std::array<double, 2>> pixels,
                           const ImageScale& scale = two_images()) {
  VolumeGeometry geometry;
  geometry.size = {100, 100, 1};
  geometry.spacing_mm = {0.5, 0.5, 1};
  const Volume volume(geometry, std::vector<float>(geometry.voxel_count(), 7));
  Measurement measurement;
  measurement.kind = kind;
  for (const auto& [x, y] : pixels) measurement.points.push_back(geometry.to_world({{x, y, 0}}));
  return measure(measurement, volume, scale);
}

MeasurementValues distance(std::array<double, 2> from, std::array<double, 2> to) {
  return measured(MeasurementKind::distance, {from, to});
}

TEST(ImageScale, LengthsInsideOneRegionAreInItsMillimetres) {
  EXPECT_FALSE(distance({0, 0}, {30, 40}).in_pixels);
  EXPECT_NEAR(distance({0, 0}, {30, 40}).length, 5, 1e-9);
  EXPECT_NEAR(distance({60, 0}, {90, 40}).length, 10, 1e-9);
}

TEST(ImageScale, AFlowBoxOfTheSameScaleDoesNotDivideTheImageAroundIt) {
  EXPECT_FALSE(distance({5, 15}, {15, 15}).in_pixels);
  EXPECT_NEAR(distance({5, 15}, {15, 15}).length, 1, 1e-9);
}

TEST(ImageScale, LengthsAcrossRegionsOutsideOfThemAndOnSpectraAreInPixels) {
  for (const auto& [from, to] : std::vector<std::pair<std::array<double, 2>, std::array<double, 2>>>{
           {{40, 0}, {60, 0}}, {{40, 45}, {40, 55}}, {{10, 55}, {20, 55}}, {{10, 70}, {20, 70}}}) {
    const auto values = distance(from, to);
    EXPECT_TRUE(values.in_pixels) << from[0] << ' ' << from[1];
    EXPECT_NEAR(values.length, std::hypot(to[0] - from[0], to[1] - from[1]), 1e-9);
  }
}

TEST(ImageScale, TwoImagesOfOneScaleAreStillTwo) {
  const ImageScale scale{.regions = {region({0, 0}, {49, 49}, 0.01), region({50, 0}, {99, 49}, 0.01)},
                         .files = {0}};
  EXPECT_TRUE(measured(MeasurementKind::distance, {{40, 0}, {60, 0}}, scale).in_pixels);
}

TEST(ImageScale, AreasFollowTheRegionAndStatisticsTheImage) {
  const auto inside = measured(MeasurementKind::region, {{60, 10}, {80, 30}});
  EXPECT_FALSE(inside.in_pixels);
  EXPECT_NEAR(inside.area, 3.14159265 * 2 * 2, 1e-6);
  EXPECT_EQ(inside.mean, 7);
  const auto outside = measured(MeasurementKind::region, {{40, 10}, {60, 30}});
  EXPECT_TRUE(outside.in_pixels);
  EXPECT_NEAR(outside.area, 3.14159265 * 10 * 10, 1e-6);
}

TEST(ImageScale, AnglesAreThoseOfTheScaledPlane) {
  UltrasoundRegion flat = region({0, 0}, {99, 99}, 0.01);
  flat.delta = {0.01, 0.02};
  const ImageScale scale{.regions = {flat}, .files = {0}};
  EXPECT_NEAR(measured(MeasurementKind::angle, {{20, 0}, {0, 0}, {20, 10}}, scale).angle_deg, 45, 1e-9);
}

TEST(ImageScale, EverySliceHasTheRegionsOfItsFile) {
  ImageScale scale{.regions = {region({0, 0}, {9, 9}, 0.01), region({0, 0}, {9, 9}, 0.02)}, .files = {0, 0, 1}};
  scale.regions[1].first_file = scale.regions[1].last_file = 1;
  const std::array<std::array<double, 2>, 1> point = {{{4, 4}}};
  EXPECT_DOUBLE_EQ(scale.pixel_size_mm(1, point).value()[0], 0.1);
  EXPECT_DOUBLE_EQ(scale.pixel_size_mm(2, point).value()[0], 0.2);
  EXPECT_FALSE(scale.pixel_size_mm(3, point));
}

/// A spectrum of 2 ms by -0.5 cm/s a pixel, its baseline 20 pixels below its top, captured at its right end.
ImageScale spectrum() {
  UltrasoundRegion spectral{
      .first = {10, 50}, .last = {89, 99}, .format = 3, .content = 3, .units = {4, 7}, .delta = {0.002, -0.5}};
  spectral.at_first = {-0.158, 10.0};
  return {.regions = {region({0, 0}, {99, 40}, 0.01), spectral}, .files = {0}};
}

TEST(ImageScale, DistancesOnASpectrumAreTimeVelocityAndAcceleration) {
  const auto values = measured(MeasurementKind::distance, {{20, 70}, {70, 60}}, spectrum());
  ASSERT_EQ(values.physical.size(), 3U);
  EXPECT_NEAR(values.physical[0].value, 0.1, 1e-12);
  EXPECT_EQ(values.physical[0].unit, "s");
  EXPECT_NEAR(values.physical[1].value, 5, 1e-12);
  EXPECT_EQ(values.physical[1].unit, "cm/s");
  EXPECT_NEAR(values.physical[2].value, 50, 1e-9);
  EXPECT_EQ(values.physical[2].unit, "cm/s2");
  EXPECT_TRUE(values.in_pixels);
}

TEST(ImageScale, AProbeOnASpectrumTellsTimeAndVelocity) {
  const auto values = measured(MeasurementKind::probe, {{20, 80}}, spectrum());
  ASSERT_EQ(values.physical.size(), 2U);
  EXPECT_NEAR(values.physical[0].value, -0.138, 1e-12);
  EXPECT_NEAR(values.physical[1].value, -5, 1e-12) << "ten pixels below the baseline";
  EXPECT_NEAR(values.mean, 7, 1e-9);
}

TEST(ImageScale, AcrossTheEdgeOfASpectrumAndOnA2dImageThereAreNoUnitsOfItsOwn) {
  EXPECT_TRUE(measured(MeasurementKind::distance, {{20, 70}, {95, 60}}, spectrum()).physical.empty());
  EXPECT_TRUE(measured(MeasurementKind::distance, {{20, 20}, {20, 70}}, spectrum()).physical.empty());
  EXPECT_TRUE(measured(MeasurementKind::probe, {{20, 20}}, spectrum()).physical.empty());
}

TEST(ImageScale, MModeHasDepthsTimesAndSlopesAndATraceWithoutAHeightTimesAlone) {
  UltrasoundRegion m_mode{.last = {99, 49}, .format = 2, .content = 1, .units = {4, 3}, .delta = {0.005, 0.02}};
  const auto slope = physical_extent(m_mode, {10, 10}, {30, 40});
  ASSERT_EQ(slope.size(), 3U);
  EXPECT_NEAR(slope[2].value, 6, 1e-9); // 0.6 cm in 0.1 s
  EXPECT_EQ(slope[2].unit, "cm/s");
  EXPECT_EQ(physical_extent(m_mode, {10, 10}, {10, 40}).size(), 2U) << "no slope straight down";
  EXPECT_TRUE(physical_place(m_mode, {10, 10}).empty()) << "where its scale begins is not known";
  m_mode.units[1] = 0;
  const auto times = physical_extent(m_mode, {10, 10}, {30, 40});
  ASSERT_EQ(times.size(), 1U);
  EXPECT_NEAR(times[0].value, 0.1, 1e-12);
}

} // namespace
} // namespace bloch
