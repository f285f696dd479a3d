#include "app/viewers/slice_graphics.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "app/viewers/label_outline.h"
#include "app/viewers/plane_sampler.h"
#include "tests/support/marker_volume.h"

namespace bloch::app {
namespace {

PlaneView acquisition_view() {
  PlaneView view;
  view.axes = plane_axes(oblique_geometry(), Plane::acquisition);
  view.crosshair = marker_point(oblique_geometry(), markers[0]);
  view.size = {200, 200};
  view.camera.mm_per_pixel = 0.6;
  return view;
}

double area_of(const QPolygonF& polygon) {
  double sum = 0;
  for (qsizetype i = 0; i < polygon.size(); ++i) {
    const QPointF& next = polygon[(i + 1) % polygon.size()];
    sum += polygon[i].x() * next.y() - next.x() * polygon[i].y();
  }
  return std::abs(sum) / 2;
}

TEST(SliceGraphics, BoxCutIsItsFaceInAnyOrderOfItsCorners) {
  const VolumeGeometry geometry = oblique_geometry();
  const PlaneView view = acquisition_view();
  std::array<WorldPoint, 8> corners;
  for (std::size_t i = 0; i < 8; ++i)
    corners[(i * 3) % 8] =
        geometry.to_world({Eigen::Vector3d(i & 1 ? 20 : 10, i & 2 ? 40 : 10, i & 4 ? 9.5 : 4.5)});
  // 10 x 2 mm by 30 x 1.5 mm
  EXPECT_NEAR(area_of(box_cut(view, corners)), 20 * 45 / (0.6 * 0.6), 1e-6);
  PlaneView beside = view;
  beside.crosshair = geometry.to_world({Eigen::Vector3d(0, 0, 12)});
  EXPECT_TRUE(box_cut(beside, corners).isEmpty());
}

TEST(SliceGraphics, OutlineOfABallHasItsLength) {
  const VolumeGeometry geometry = oblique_geometry();
  const auto volume = marker_volume(geometry);
  std::vector<std::uint8_t> inside(geometry.voxel_count());
  for (int z = 0; z < geometry.size[2]; ++z)
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 20; ++x) inside[volume->offset(x, y, z)] = value_at(*volume, x, y, z) >= 500 ? 5 : 0;
  const auto label = std::make_shared<const LabelMap>(geometry, std::move(inside));
  PlaneSampler sampler;
  const PlaneView view = acquisition_view();
  EXPECT_TRUE(sampler.sample(label, view, {200, 200}));
  EXPECT_FALSE(sampler.sample(label, view, {200, 200}));
  const auto outlines = outlines_of(sampler.image(), 1);
  ASSERT_EQ(outlines.size(), 1U);
  EXPECT_NEAR(std::sqrt(area_of(outlines[0]) / std::numbers::pi) * 0.6, markers[0].radius_mm, 0.7);
  const QPointF centre = view.position_of(view.crosshair);
  EXPECT_NEAR(outlines[0].boundingRect().center().x(), centre.x(), 1.5);
  EXPECT_NEAR(outlines[0].boundingRect().center().y(), centre.y(), 1.5);
}

TEST(MeasurementShape, EllipseGoesThroughTheCornersSides) {
  PlaneView view;
  VolumeGeometry geometry;
  geometry.size = {100, 100, 10};
  view.axes = plane_axes(geometry, Plane::axial);
  view.crosshair = geometry.centre();
  view.size = {100, 100};
  view.camera.mm_per_pixel = 1;
  Measurement region;
  region.kind = MeasurementKind::region;
  region.points = {view.point_at({20, 30}), view.point_at({60, 50})};
  const MeasurementShape shape = measurement_shape(region, view);
  EXPECT_NEAR(shape.bounds.left(), 20, 1e-6);
  EXPECT_NEAR(shape.bounds.right(), 60, 1e-6);
  EXPECT_NEAR(shape.bounds.top(), 30, 1e-6);
  EXPECT_NEAR(shape.bounds.bottom(), 50, 1e-6);
  EXPECT_LT(shape.distance({60, 40}), 1e-6);
  EXPECT_GT(shape.distance({40, 40}), 9);
}

} // namespace
} // namespace bloch::app
