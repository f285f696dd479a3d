#include "imaging/dicom/true_grid.h"

#include <cmath>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

namespace bloch::imaging {
namespace {

/// Oblique slices whose first voxels lie at the given places along x, y (mm in the slice) and depth.
struct Slices {
  VolumeGeometry stacked;
  std::vector<WorldPoint> origins;
};

Slices make_slices(const std::vector<Eigen::Vector3d>& places, std::array<int, 2> size = {9, 11}) {
  Slices slices;
  slices.stacked.size = {size[0], size[1], static_cast<int>(places.size())};
  slices.stacked.spacing_mm = {0.5, 0.75, 3};
  slices.stacked.direction = Eigen::AngleAxisd(0.4, Eigen::Vector3d(1, 2, 3).normalized()).toRotationMatrix();
  for (const Eigen::Vector3d& place : places)
    slices.origins.push_back({Eigen::Vector3d(-20, 13, 40) + slices.stacked.direction * place});
  slices.stacked.origin = slices.origins.front();
  return slices;
}

/// The samples of any function of the patient's space.
template <class T, class Function> Volume sampled(const Slices& slices, Function&& function) {
  std::vector<T> values;
  for (int z = 0; z < slices.stacked.size[2]; ++z)
    for (int y = 0; y < slices.stacked.size[1]; ++y)
      for (int x = 0; x < slices.stacked.size[0]; ++x)
        values.push_back(static_cast<T>(
            function(Eigen::Vector3d(slices.origins[static_cast<std::size_t>(z)].mm +
                                     slices.stacked.direction * Eigen::Vector3d(x * 0.5, y * 0.75, 0)))));
  return {slices.stacked, std::move(values)};
}

double slope(const Eigen::Vector3d& p) { return 100 + 3 * p[0] - 2 * p[1] + 1.5 * p[2]; }

/// The slow way, for any function: every voxel by itself from the two slices around it, without one shared
/// step.
double reference(const Volume& stacked, const Slices& slices, const Eigen::Vector3d& point, double outside) {
  const Eigen::Vector3d normal = slices.stacked.direction.col(2);
  int below = -1, above = -1;
  const auto depth = [&](int i) {
    return (point - slices.origins[static_cast<std::size_t>(i)].mm).dot(normal);
  };
  for (int i = 0; i < slices.stacked.size[2]; ++i) {
    if (depth(i) >= -1e-6 && (below < 0 || depth(i) < depth(below))) below = i;
    if (depth(i) <= 1e-6 && (above < 0 || depth(i) > depth(above))) above = i;
  }
  const auto value = [&](int i) {
    const Eigen::Vector3d inside =
        slices.stacked.direction.transpose() * (point - slices.origins[static_cast<std::size_t>(i)].mm);
    const double x = inside[0] / 0.5, y = inside[1] / 0.75;
    const double last_x = slices.stacked.size[0] - 1, last_y = slices.stacked.size[1] - 1;
    if (x < -1e-6 || y < -1e-6 || x > last_x + 1e-6 || y > last_y + 1e-6) return std::nan("");
    double sum = 0;
    for (int corner = 0; corner < 4; ++corner) {
      const int cx = static_cast<int>(std::clamp(std::floor(x + 1e-9), 0.0, last_x)) + (corner & 1);
      const int cy = static_cast<int>(std::clamp(std::floor(y + 1e-9), 0.0, last_y)) + (corner >> 1);
      const double weight = std::max(0.0, 1 - std::abs(x - cx)) * std::max(0.0, 1 - std::abs(y - cy));
      if (weight > 1e-9 && cx <= last_x && cy <= last_y) sum += weight * value_at(stacked, cx, cy, i);
    }
    return sum;
  };
  const double gap = depth(below) - depth(above);
  const double result =
      below == above ? value(below) : value(below) + (value(above) - value(below)) * depth(below) / gap;
  return std::isnan(result) ? outside : result;
}

TEST(TrueGrid, KeepsASlopeThroughTiltAndGaps) {
  // A gantry that leans by 20 degrees, with a slice missing and one where two should be.
  std::vector<Eigen::Vector3d> places;
  for (const double depth : {0.0, 3.0, 6.0, 12.0, 15.0, 16.0})
    places.emplace_back(0, -depth * std::tan(20 * M_PI / 180), depth);
  const Slices slices = make_slices(places);
  const Volume stacked = sampled<float>(slices, slope);
  const auto volume = resample_to_true_grid(stacked, slices.origins);
  ASSERT_TRUE(volume) << volume.error().message;
  const VolumeGeometry& geometry = volume->geometry();
  EXPECT_TRUE(geometry.is_valid());
  EXPECT_EQ(geometry.size[0], 9);
  EXPECT_EQ(geometry.size[1], 11 + 8); // 16 mm lean by 5.8 mm, 7.8 pixels
  EXPECT_EQ(geometry.size[2], 17);     // the smallest distance is 1 mm
  EXPECT_DOUBLE_EQ(geometry.spacing_mm[2], 1);
  const double outside = value_range(stacked).minimum;
  int inside = 0;
  for (int z = 0; z < geometry.size[2]; ++z)
    for (int y = 0; y < geometry.size[1]; ++y)
      for (int x = 0; x < geometry.size[0]; ++x) {
        const double value = value_at(*volume, x, y, z);
        if (value == outside) continue;
        ++inside;
        EXPECT_NEAR(value, slope(geometry.to_world({Eigen::Vector3d(x, y, z)}).mm), 2e-3);
      }
  EXPECT_GT(inside, 9 * 17 * 8);
}

TEST(TrueGrid, EqualsTheSlowWayOnAFunctionThatIsNotLinear) {
  const Slices slices =
      make_slices({{0, 0, 0}, {0.3, -0.4, 2}, {-0.9, 0.2, 3.5}, {1.1, 0.1, 7}, {0.25, 0.3, 8.5}});
  const auto wavy = [](const Eigen::Vector3d& p) {
    return 50 * std::sin(p[0]) + 30 * std::cos(1.3 * p[1] - p[2]);
  };
  const Volume stacked = sampled<float>(slices, wavy);
  const auto volume = resample_to_true_grid(stacked, slices.origins, 0.8);
  ASSERT_TRUE(volume) << volume.error().message;
  const VolumeGeometry& geometry = volume->geometry();
  EXPECT_EQ(geometry.size[2], 12); // 8.5 mm in steps of 0.8: the last slice of the grid is 0.3 mm beyond
  const double outside = value_range(stacked).minimum;
  for (int z = 0; z < 11; ++z)
    for (int y = 0; y < geometry.size[1]; ++y)
      for (int x = 0; x < geometry.size[0]; ++x)
        EXPECT_NEAR(value_at(*volume, x, y, z),
                    reference(stacked, slices, geometry.to_world({Eigen::Vector3d(x, y, z)}).mm, outside), 1e-3)
            << x << " " << y << " " << z;
}

TEST(TrueGrid, FillsAMissingSliceAndLeavesTheOthersAsTheyAre) {
  const Slices slices = make_slices({{0, 0, 0}, {0, 0, 2.0004}, {0, 0, 4}, {0, 0, 8.0002}, {0, 0, 10}});
  std::vector<std::int16_t> values;
  for (int z = 0; z < 5; ++z)
    for (int i = 0; i < 99; ++i) values.push_back(static_cast<std::int16_t>(1000 * z + 7 * i));
  const Volume stacked(slices.stacked, values);
  const auto volume = resample_to_true_grid(stacked, slices.origins);
  ASSERT_TRUE(volume) << volume.error().message;
  ASSERT_TRUE(volume->holds<std::int16_t>());
  EXPECT_EQ(volume->geometry().size, (std::array<int, 3>{9, 11, 6}));
  EXPECT_NEAR(volume->geometry().spacing_mm[2], 2, 1e-12);
  const int source[] = {0, 1, 2, -1, 3, 4};
  for (int z = 0; z < 6; ++z)
    for (int i = 0; i < 99; ++i) {
      const double expected =
          source[z] < 0 ? 2500 + 7 * i : values[static_cast<std::size_t>(99 * source[z] + i)];
      EXPECT_EQ(value_at(*volume, i % 9, i / 9, z), expected) << z << " " << i;
    }
}

TEST(TrueGrid, PutsSlicesInOrderOfDepth) {
  const Slices slices = make_slices({{0, 0, 4}, {0, 0, 0}, {0, 0, 2}});
  const auto volume = resample_to_true_grid(sampled<float>(slices, slope), slices.origins);
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_NEAR((volume->geometry().origin.mm - slices.origins[1].mm).norm(), 0, 1e-12);
  EXPECT_NEAR(value_at(*volume, 3, 4, 2), slope(volume->geometry().to_world({Eigen::Vector3d(3, 4, 2)}).mm),
              1e-3);
}

TEST(TrueGrid, RefusesWhatMakesNoGrid) {
  const Slices slices = make_slices({{0, 0, 0}, {0, 0, 0}, {0, 0, 2}});
  const Volume stacked = sampled<float>(slices, slope);
  EXPECT_FALSE(resample_to_true_grid(stacked, slices.origins));
  EXPECT_FALSE(resample_to_true_grid(stacked, std::span(slices.origins).first(2)));
  const Slices good = make_slices({{0, 0, 0}, {0, 0, 1}, {0, 0, 3}});
  const Volume other = sampled<float>(good, slope);
  EXPECT_FALSE(resample_to_true_grid(other, good.origins, -1));
  EXPECT_FALSE(resample_to_true_grid(other, good.origins, std::nan("")));
  EXPECT_FALSE(resample_to_true_grid(other, good.origins, 1e-6));
  const Progress listening([](double, const std::string&) {});
  listening.cancel();
  const auto stopped = resample_to_true_grid(other, good.origins, 0, listening);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
}

} // namespace
} // namespace bloch::imaging
