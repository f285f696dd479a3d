#include "core/data/volume.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

namespace bloch {
namespace {

Volume ramp() {
  VolumeGeometry geometry;
  geometry.size = {4, 3, 2};
  geometry.spacing_mm = {2, 1, 5};
  geometry.origin.mm = {10, 20, 30};
  std::vector<std::int16_t> samples(24);
  std::iota(samples.begin(), samples.end(), std::int16_t{0});
  return {geometry, std::move(samples)};
}

TEST(Volume, KeepsXFastest) {
  EXPECT_EQ(value_at(ramp(), 1, 0, 0), 1);
  EXPECT_EQ(value_at(ramp(), 0, 1, 0), 4);
  EXPECT_EQ(value_at(ramp(), 0, 0, 1), 12);
}

TEST(Volume, SharesItsSamplesWithCopies) {
  const Volume volume = ramp();
  const Volume copy = volume; // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(volume.samples<std::int16_t>().data(), copy.samples<std::int16_t>().data());
}

TEST(Volume, RefusesSamplesThatDoNotFillIt) {
  VolumeGeometry geometry;
  geometry.size = {2, 2, 2};
  EXPECT_THROW(Volume(geometry, std::vector<float>(7)), std::logic_error);
}

TEST(ValueAtPoint, IsLinearBetweenVoxelsAndNothingOutside) {
  // value = x + 4 y + 12 z in voxels; exact under trilinear interpolation
  EXPECT_NEAR(value_at(ramp(), WorldPoint{{10 + 2 * 1.25, 20 + 1.5, 30 + 5 * 0.5}}), 1.25 + 4 * 1.5 + 12 * 0.5,
              1e-12);
  EXPECT_TRUE(std::isnan(value_at(ramp(), WorldPoint{{0, 0, 0}})));
}

TEST(ValueRange, LeavesOutWhatIsNotANumber) {
  VolumeGeometry geometry;
  geometry.size = {3, 1, 1};
  const Volume volume(geometry, std::vector<float>{std::numeric_limits<float>::quiet_NaN(), -2, 5});
  EXPECT_EQ(value_range(volume).minimum, -2);
  EXPECT_EQ(value_range(volume).maximum, 5);
}

TEST(Percentile, OfARampIsItsFraction) {
  VolumeGeometry geometry;
  geometry.size = {101, 1, 1};
  std::vector<float> samples(101);
  std::iota(samples.begin(), samples.end(), 0.0F);
  const Volume volume(geometry, std::move(samples));
  EXPECT_EQ(percentile(volume, 0), 0);
  EXPECT_EQ(percentile(volume, 0.25), 25);
  EXPECT_EQ(percentile(volume, 1), 100);
}

TEST(Percentile, AndValueRangeLeavePaddingOut) {
  VolumeGeometry geometry;
  geometry.size = {104, 1, 1};
  std::vector<std::int16_t> samples(104, -2000);
  std::iota(samples.begin() + 3, samples.end(), std::int16_t{0});
  samples[2] = -1990;
  const Volume volume(geometry, std::move(samples));
  EXPECT_EQ(percentile(volume, 0), -2000);
  EXPECT_EQ(percentile(volume, 0, ValueRange{-2000, -2000}), -1990);
  EXPECT_EQ(percentile(volume, 0.25, ValueRange{-2000, -1990}), 25);
  EXPECT_EQ(value_range(volume, ValueRange{-2000, -1990}), (ValueRange{0, 100}));
  EXPECT_EQ(value_range(volume, ValueRange{-2000, 100}), (ValueRange{0, 0})) << "nothing else is there";
}

TEST(Colours, ComeBackFromTheirChannels) {
  VolumeGeometry geometry;
  geometry.size = {2, 1, 1};
  const std::vector<std::array<std::uint8_t, 3>> colours{{255, 0, 1}, {2, 128, 254}};
  const auto parts = channels(RgbVolume(geometry, colours));
  const RgbVolume back = colours_of(parts[0], parts[1], parts[2]);
  EXPECT_TRUE(std::ranges::equal(back.samples<std::array<std::uint8_t, 3>>(), colours));
}

TEST(Magnitude, IsTheLengthOfTheComplexSample) {
  VolumeGeometry geometry;
  geometry.size = {2, 1, 1};
  const ComplexVolume complex(geometry, std::vector<std::complex<float>>{{3, 4}, {0, -2}});
  const Volume real = magnitude(complex);
  EXPECT_FLOAT_EQ(real.samples<float>()[0], 5);
  EXPECT_FLOAT_EQ(real.samples<float>()[1], 2);
}

} // namespace
} // namespace bloch
