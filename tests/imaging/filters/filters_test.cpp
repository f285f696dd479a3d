#include <cmath>

#include <gmock/gmock.h>

#include "imaging/filters/distance.h"
#include "imaging/filters/foreground.h"
#include "imaging/filters/masked_gaussian.h"
#include "imaging/filters/regions.h"

namespace bloch::imaging {
namespace {

std::size_t at(const std::array<int, 3>& size, int x, int y, int z) {
  return static_cast<std::size_t>((z * size[1] + y) * size[0] + x);
}

/// A filled box of ones.
template <class T>
void fill_box(std::vector<T>& samples, const std::array<int, 3>& size, std::array<int, 3> first,
              std::array<int, 3> last, T value) {
  for (int z = first[2]; z <= last[2]; ++z)
    for (int y = first[1]; y <= last[1]; ++y)
      for (int x = first[0]; x <= last[0]; ++x) samples[at(size, x, y, z)] = value;
}

VolumeGeometry grid_of(const std::array<int, 3>& size) {
  VolumeGeometry geometry;
  geometry.size = size;
  return geometry;
}

TEST(Foreground, ClosesSmallHolesAndKeepsTheLargestPiece) {
  const std::array<int, 3> size{24, 20, 16};
  std::vector<float> samples(24 * 20 * 16);
  fill_box(samples, size, {3, 3, 3}, {14, 14, 12}, 5.0F);
  fill_box(samples, size, {20, 3, 3}, {22, 6, 6}, 5.0F);
  samples[at(size, 8, 8, 8)] = 0;
  const auto foreground = find_foreground(Volume(grid_of(size), samples));
  ASSERT_TRUE(foreground);
  EXPECT_EQ(foreground->mask[at(size, 8, 8, 8)], 1);
  EXPECT_EQ(foreground->mask[at(size, 21, 4, 4)], 0);
  EXPECT_EQ(foreground->voxels, 12U * 12 * 10);
  EXPECT_TRUE(foreground->warning.empty());
}

TEST(Foreground, NoiseEverywhereFallsBackToOtsuAndSaysSo) {
  const std::array<int, 3> size{16, 16, 16};
  std::vector<float> samples(4096);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = 1 + static_cast<float>(i % 7) / 10;
  fill_box(samples, size, {4, 4, 4}, {11, 11, 11}, 50.0F);
  const auto foreground = find_foreground(Volume(grid_of(size), samples));
  ASSERT_TRUE(foreground);
  EXPECT_EQ(foreground->voxels, 512U);
  EXPECT_THAT(foreground->warning, testing::HasSubstr("Otsu"));
}

TEST(Foreground, OfAnInverseImageLeavesTheLargestValueOut) {
  const std::array<int, 3> size{24, 20, 16};
  std::vector<float> samples(24 * 20 * 16, 4095.0F);
  fill_box(samples, size, {3, 3, 3}, {14, 14, 12}, 500.0F);
  samples[at(size, 5, 5, 5)] = 0;
  const auto foreground = find_foreground(Volume(grid_of(size), samples), true);
  ASSERT_TRUE(foreground);
  EXPECT_EQ(foreground->voxels, 12U * 12 * 10);
  EXPECT_EQ(foreground->mask[at(size, 5, 5, 5)], 1);
  EXPECT_TRUE(foreground->warning.empty());
}

TEST(Foreground, NotANumberIsNeverInside) {
  std::vector<float> samples(1000, 0.0F);
  const std::array<int, 3> size{10, 10, 10};
  fill_box(samples, size, {2, 2, 2}, {7, 7, 7}, 3.0F);
  samples[at(size, 4, 4, 4)] = std::nanf("");
  const auto foreground = find_foreground(Volume(grid_of(size), samples));
  ASSERT_TRUE(foreground);
  EXPECT_EQ(foreground->mask[at(size, 4, 4, 4)], 0);
}

TEST(Otsu, SeparatesTwoHeaps) {
  std::vector<float> samples;
  for (int i = 0; i < 100; ++i)
    samples.insert(samples.end(), {static_cast<float>(i % 10), static_cast<float>(90 + i % 10)});
  const double threshold = otsu_threshold(samples);
  EXPECT_GT(threshold, 9);
  EXPECT_LE(threshold, 90);
}

TEST(Regions, AreCountedLargestFirstWithAndWithoutCorners) {
  const std::array<int, 3> size{8, 8, 1};
  std::vector<std::uint8_t> mask(64);
  fill_box<std::uint8_t>(mask, size, {0, 0, 0}, {1, 1, 0}, 1);
  mask[at(size, 2, 2, 0)] = 1;
  fill_box<std::uint8_t>(mask, size, {5, 0, 0}, {7, 1, 0}, 1);
  const auto faces = connected_regions(mask, size, false), corners = connected_regions(mask, size, true);
  ASSERT_TRUE(faces && corners);
  EXPECT_EQ(faces->sizes, (std::vector<std::size_t>{6, 4, 1}));
  EXPECT_EQ(corners->sizes, (std::vector<std::size_t>{6, 5}));
  EXPECT_EQ(faces->labels[at(size, 6, 0, 0)], 1U);
}

TEST(Depth, OfABoxIsTheDistanceToItsNearestSide) {
  const std::array<int, 3> size{11, 11, 11};
  std::vector<std::uint8_t> mask(1331);
  fill_box<std::uint8_t>(mask, size, {1, 1, 1}, {9, 9, 9}, 1);
  const auto depth = depth_inside(mask, size, {1, 2, 2});
  ASSERT_TRUE(depth);
  EXPECT_FLOAT_EQ((*depth)[at(size, 1, 5, 5)], 1);
  EXPECT_FLOAT_EQ((*depth)[at(size, 5, 5, 5)], 5);
  EXPECT_FLOAT_EQ((*depth)[at(size, 5, 1, 5)], 2);
  EXPECT_FLOAT_EQ((*depth)[0], 0);
}

TEST(MaskedGaussian, KeepsAConstantUpToTheMasksEdge) {
  const std::array<int, 3> size{12, 10, 9};
  std::vector<std::uint8_t> mask(1080);
  fill_box<std::uint8_t>(mask, size, {2, 2, 2}, {9, 7, 6}, 1);
  std::vector<float> samples(1080, 100);
  fill_box(samples, size, {2, 2, 2}, {9, 7, 6}, 4.0F);
  const auto smooth = masked_gaussian(samples, mask, size, {1, 1, 1}, 1.5);
  for (std::size_t i = 0; i < smooth.size(); ++i) EXPECT_NEAR(smooth[i], mask[i] ? 4 : 0, 1e-4);
}

TEST(MaskedGaussian, SpreadsAPointByItsSigma) {
  const std::array<int, 3> size{41, 1, 1};
  std::vector<float> samples(41);
  samples[20] = 1;
  const auto smooth = masked_gaussian(samples, std::vector<std::uint8_t>(41, 1), size, {0.5, 1, 1}, 1);
  double sum = 0, second = 0;
  for (int i = 0; i < 41; ++i) {
    sum += smooth[static_cast<std::size_t>(i)];
    second += smooth[static_cast<std::size_t>(i)] * std::pow(0.5 * (i - 20), 2);
  }
  EXPECT_NEAR(sum, 1, 1e-4);
  EXPECT_NEAR(std::sqrt(second), 1, 0.03);
}

} // namespace
} // namespace bloch::imaging
