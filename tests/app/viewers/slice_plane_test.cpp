#include "app/viewers/slice_plane.h"

#include <QRectF>

#include <gtest/gtest.h>

#include "tests/support/marker_volume.h"

namespace bloch::app {
namespace {

PlaneView view_of(Plane plane, const VolumeGeometry& geometry) {
  PlaneView view;
  view.axes = plane_axes(geometry, plane);
  view.crosshair = geometry.centre();
  view.size = {400, 300};
  view.camera.mm_per_pixel = 0.4;
  return view;
}

TEST(SlicePlane, AxialIsSeenFromTheFeet) {
  const PlaneAxes axes = plane_axes(oblique_geometry(), Plane::axial);
  EXPECT_EQ(orientation_text(-axes.right), "R");
  EXPECT_EQ(orientation_text(axes.right), "L");
  EXPECT_EQ(orientation_text(-axes.down), "A");
  EXPECT_EQ(orientation_text(axes.down), "P");
}

TEST(SlicePlane, CoronalIsSeenFromTheFrontAndSagittalFromTheLeft) {
  const PlaneAxes coronal = plane_axes(oblique_geometry(), Plane::coronal);
  EXPECT_EQ(orientation_text(-coronal.right), "R");
  EXPECT_EQ(orientation_text(-coronal.down), "S");
  const PlaneAxes sagittal = plane_axes(oblique_geometry(), Plane::sagittal);
  EXPECT_EQ(orientation_text(-sagittal.right), "A");
  EXPECT_EQ(orientation_text(-sagittal.down), "S");
}

TEST(SlicePlane, ObliqueDirectionsNameEverySideBeyondFifteenDegrees) {
  EXPECT_EQ(orientation_text(Eigen::Vector3d(1, 0, 0)), "L");
  EXPECT_EQ(orientation_text(Eigen::Vector3d(std::cos(0.2), std::sin(0.2), 0)), "L");
  EXPECT_EQ(orientation_text(Eigen::Vector3d(std::cos(0.4), std::sin(0.4), 0)), "LP");
  EXPECT_EQ(orientation_text(Eigen::Vector3d(-0.5, -0.6, 0.62)), "SAR");
}

TEST(SlicePlane, AcquisitionPlaneTakesTheVolumesOwnAxesAndIsNotResampled) {
  const VolumeGeometry geometry = oblique_geometry();
  const PlaneAxes axes = plane_axes(geometry, Plane::acquisition);
  EXPECT_TRUE(axes.right.isApprox(geometry.direction.col(0)));
  EXPECT_EQ(axes.slice_count(), 16);
  EXPECT_DOUBLE_EQ(axes.step_mm, 3);
  EXPECT_FALSE(is_resampled(geometry, axes));
  EXPECT_TRUE(is_resampled(geometry, plane_axes(geometry, Plane::axial)));
}

TEST(SlicePlane, PointsGoToTheViewAndBackOnEveryPlane) {
  const VolumeGeometry geometry = oblique_geometry();
  for (const Plane plane : {Plane::axial, Plane::coronal, Plane::sagittal, Plane::acquisition}) {
    PlaneView view = view_of(plane, geometry);
    view.camera.centre_mm = {3.5, -8};
    for (const QPointF& position : {QPointF(0, 0), QPointF(123.4, 56.7), QPointF(399, 299)}) {
      const WorldPoint point = view.point_at(position);
      EXPECT_NEAR(view.distance_mm(point), 0, 1e-9);
      EXPECT_NEAR(view.position_of(point).x(), position.x(), 1e-9);
      EXPECT_NEAR(view.position_of(point).y(), position.y(), 1e-9);
    }
  }
}

TEST(SlicePlane, ScrollingMovesByTheSpacingAndStopsAtTheEnds) {
  const VolumeGeometry geometry = oblique_geometry();
  const PlaneAxes axes = plane_axes(geometry, Plane::acquisition);
  const WorldPoint start = geometry.to_world({Eigen::Vector3d(5, 6, 7)});
  EXPECT_EQ(axes.slice_index(start), 7);
  EXPECT_NEAR(geometry.to_voxel(axes.scrolled(start, 1)).index.z(), 8, 1e-9);
  EXPECT_NEAR(geometry.to_voxel(axes.scrolled(start, -2)).index.z(), 5, 1e-9);
  EXPECT_NEAR(geometry.to_voxel(axes.scrolled(start, 100)).index.z(), 15, 1e-9);
  EXPECT_NEAR(geometry.to_voxel(axes.scrolled(start, -100)).index.z(), 0, 1e-9);
  EXPECT_NEAR(geometry.to_voxel(axes.scrolled(start, 1)).index.x(), 5, 1e-9);
}

TEST(SlicePlane, PositionNamesTheSideOfThePatient) {
  EXPECT_EQ(position_text({Eigen::Vector3d(0, 0, 37.3)}, Eigen::Vector3d::UnitZ()), "S 37.3 mm");
  EXPECT_EQ(position_text({Eigen::Vector3d(0, 0, -4)}, Eigen::Vector3d::UnitZ()), "I 4.0 mm");
  EXPECT_EQ(position_text({Eigen::Vector3d(11.9, 0, 0)}, -Eigen::Vector3d::UnitX()), "L 11.9 mm");
  EXPECT_EQ(position_text({Eigen::Vector3d(0, 22.4, 0)}, Eigen::Vector3d::UnitY()), "P 22.4 mm");
}

TEST(SlicePlane, FittingShowsTheWholeVolume) {
  const VolumeGeometry geometry = oblique_geometry();
  for (const Plane plane : {Plane::axial, Plane::coronal, Plane::sagittal, Plane::acquisition}) {
    PlaneView view = view_of(plane, geometry);
    view.camera.mm_per_pixel = fitting_mm_per_pixel(view.axes, view.size);
    const QRectF room(QPointF(-1e-6, -1e-6), view.size + QSizeF(2e-6, 2e-6));
    for (int corner = 0; corner < 8; ++corner) {
      const Eigen::Vector3d voxel(corner & 1 ? 47.5 : -0.5, corner & 2 ? 55.5 : -0.5, corner & 4 ? 15.5 : -0.5);
      EXPECT_TRUE(room.contains(view.position_of(geometry.to_world({voxel}))));
    }
  }
}

TEST(SlicePlane, FittingASlightlyTiltedVolumeShowsItsLengthAndWidth) {
  VolumeGeometry geometry;
  geometry.size = {100, 200, 50};
  geometry.spacing_mm = {2, 0.5, 1};
  geometry.direction = Eigen::AngleAxisd(0.2, Eigen::Vector3d(1, 2, 3).normalized()).toRotationMatrix();
  EXPECT_EQ(plane_axes(geometry, Plane::axial).extent_mm, Eigen::Vector2d(200, 100));
  EXPECT_EQ(plane_axes(geometry, Plane::sagittal).extent_mm, Eigen::Vector2d(100, 50));
}

} // namespace
} // namespace bloch::app
