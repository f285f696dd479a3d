#include "core/geometry/volume_geometry.h"

#include <random>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

namespace bloch {
namespace {

VolumeGeometry oblique() {
  VolumeGeometry geometry;
  geometry.size = {12, 20, 7};
  geometry.spacing_mm = {0.86, 0.9, 3.3};
  geometry.origin.mm = {-80.5, 20.25, 7};
  geometry.direction = (Eigen::AngleAxisd(0.4, Eigen::Vector3d(1, 2, -0.5).normalized())).toRotationMatrix();
  return geometry;
}

TEST(VolumeGeometry, TakesVoxelsToThePatientAndBack) {
  const VolumeGeometry geometry = oblique();
  std::mt19937 random(1);
  std::uniform_real_distribution<double> place(-30, 30);
  for (int i = 0; i < 1000; ++i) {
    const VoxelIndex voxel{{place(random), place(random), place(random)}};
    EXPECT_LT((geometry.to_voxel(geometry.to_world(voxel)).index - voxel.index).norm(), 1e-9);
  }
}

TEST(VolumeGeometry, AgreesWithItsAffine) {
  const VolumeGeometry geometry = oblique();
  const Eigen::Vector4d voxel(3, 5, 2, 1);
  const Eigen::Vector4d point = geometry.voxel_to_world() * voxel;
  EXPECT_LT((geometry.to_world({voxel.head<3>()}).mm - point.head<3>()).norm(), 1e-12);
}

TEST(VolumeGeometry, MatchesItselfButNotANeighbour) {
  VolumeGeometry other = oblique();
  EXPECT_TRUE(other.matches(oblique()));
  other.spacing_mm.x() += 0.001; // 11 voxels on: 0.011 mm
  EXPECT_FALSE(other.matches(oblique()));
  EXPECT_TRUE(other.matches(oblique(), 0.02));
}

TEST(VolumeGeometry, IsInvalidWithoutThreeAxes) {
  VolumeGeometry geometry = oblique();
  EXPECT_TRUE(geometry.is_valid());
  geometry.direction.col(2) = geometry.direction.col(1);
  EXPECT_FALSE(geometry.is_valid());
  geometry = oblique();
  geometry.spacing_mm.z() = 0;
  EXPECT_FALSE(geometry.is_valid());
  geometry.spacing_mm.z() = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(geometry.is_valid());
}

TEST(OrientationLetter, NamesThePatientSide) {
  EXPECT_EQ(orientation_letter({1, 0, 0}), 'L');
  EXPECT_EQ(orientation_letter({-1, 0.2, 0}), 'R');
  EXPECT_EQ(orientation_letter({0, 1, 0}), 'P');
  EXPECT_EQ(orientation_letter({0.1, -0.9, 0}), 'A');
  EXPECT_EQ(orientation_letter({0, 0, 1}), 'S');
  EXPECT_EQ(orientation_letter({0, 0.3, -1}), 'I');
}

TEST(PlaneName, FollowsTheNormalOfTheSlices) {
  VolumeGeometry geometry;
  EXPECT_STREQ(plane_name(geometry), "AXIAL");
  geometry.direction << 0, 0, 1, 1, 0, 0, 0, 1, 0; // columns: rows run P, columns run S, normal L
  EXPECT_STREQ(plane_name(geometry), "SAGITTAL");
}

} // namespace
} // namespace bloch
