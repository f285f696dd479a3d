#include "app/viewers/presentation_graphics.h"

#include <cmath>
#include <optional>

#include <gtest/gtest.h>

namespace bloch::app {
namespace {

TEST(PresentationGraphics, CirclesAndEllipsesHaveTheirAxes) {
  const QRectF circle = path_of(GraphicKind::circle, {{{10, 20}, {13, 24}}}).boundingRect();
  EXPECT_NEAR(circle.left(), 5, 0.01);
  EXPECT_NEAR(circle.right(), 15, 0.01);
  EXPECT_NEAR(circle.top(), 15, 0.01);
  // Half axes (4, 3) and (-1.5, 2): the bounds are their lengths by axis, hypot(4, 1.5) and hypot(3, 2).
  const QRectF ellipse =
      path_of(GraphicKind::ellipse, {{{6, 17}, {14, 23}, {11.5, 18}, {8.5, 22}}}).boundingRect();
  EXPECT_NEAR(ellipse.width() / 2, std::hypot(4, 1.5), 0.01);
  EXPECT_NEAR(ellipse.height() / 2, std::hypot(3, 2), 0.01);
  EXPECT_NEAR(ellipse.center().x(), 10, 0.01);
}

TEST(PresentationGraphics, CurvesGoThroughTheirPointsAndCloseSmoothly) {
  const QPolygonF open{{{0, 0}, {10, 10}, {20, 0}}};
  const QPainterPath curve = path_of(GraphicKind::interpolated, open);
  EXPECT_EQ(curve.elementAt(3), open[1]);
  EXPECT_EQ(curve.currentPosition(), open[2]);
  const QPolygonF line{{{0, 0}, {5, 5}, {10, 10}, {20, 20}}};
  const QRectF bounds = path_of(GraphicKind::interpolated, line).boundingRect();
  EXPECT_NEAR(bounds.width(), bounds.height(), 1e-9) << "points on a line stay on it";
  // Four points of a circle of 10 mm, closed: the middle of a quarter is at 6.25, 6.25, and nothing is nearer.
  const QPolygonF round{{{10, 0}, {0, 10}, {-10, 0}, {0, -10}, {10, 0}}};
  const QPainterPath closed = path_of(GraphicKind::interpolated, round);
  for (int i = 0; i <= 100; ++i) {
    const QPointF point = closed.pointAtPercent(i / 100.0);
    EXPECT_GE(std::hypot(point.x(), point.y()), std::hypot(6.25, 6.25) - 1e-6) << i;
    EXPECT_LE(std::hypot(point.x(), point.y()), 10.01) << i;
  }
}

TEST(PresentationGraphics, AreDrawnOnTheirSliceAndPixelAlone) {
  auto state = std::make_shared<PresentationState>();
  PresentationGraphic line;
  line.points = {{2, 3}, {8, 3}}; // between the third and fourth row
  line.series_uid = "1.2";
  line.images = {12};
  state->layers = {{"L", {255, 0, 0}, {line}}, {"M", {0, 255, 0}, {}}};
  ScenePresentation scene{state, {true, true}, "1.2", {}, 10};
  scene.geometry.size = {10, 10, 5};
  PlaneView view;
  view.axes = plane_axes(scene.geometry, Plane::acquisition);
  view.size = {200, 200};
  view.camera.mm_per_pixel = 0.1;
  const auto red_at = [&](int slice, Plane plane = Plane::acquisition) {
    view.axes = plane_axes(scene.geometry, plane);
    view.crosshair = scene.geometry.to_world({Eigen::Vector3d(4.5, 4.5, slice)});
    QImage picture(200, 200, QImage::Format_RGBX8888);
    picture.fill(Qt::black);
    QPainter painter(&picture);
    draw_presentations(painter, view, {scene});
    painter.end();
    const QPointF at = view.position_of(scene.geometry.to_world({Eigen::Vector3d(4.5, 2.5, slice)}));
    int red = 0;
    for (int y = 0; y < 200; ++y)
      for (int x = 0; x < 200; ++x)
        if (picture.pixelColor(x, y).red() > 128) {
          ++red;
          EXPECT_NEAR(y + 0.5, at.y(), 2);
          EXPECT_NEAR(x + 0.5, at.x(), 32); // six pixels of 10 screen pixels
        }
    return red;
  };
  EXPECT_GT(red_at(2), 50);
  EXPECT_EQ(red_at(1), 0) << "another image";
  EXPECT_EQ(red_at(2, Plane::coronal), 0) << "a cut through the images";
  scene.shown[0] = false;
  EXPECT_EQ(red_at(2), 0);
}

TEST(PresentationGraphics, AreDrawnOnResampledSlicesThatLieInThePlaneOfTheirImage) {
  auto state = std::make_shared<PresentationState>();
  PresentationGraphic line;
  line.points = {{2, 3}, {8, 3}};
  line.series_uid = "1.2";
  line.images = {1};
  state->layers = {{"L", {255, 0, 0}, {line}}};
  // Images 4 mm apart that lean by 1 mm each; the grid has slices 2 mm apart.
  ScenePresentation scene{state, {true}, "1.2", {}, 0};
  scene.geometry.size = {10, 10, 3};
  scene.geometry.spacing_mm = {1, 1, 4};
  for (int i = 0; i < 3; ++i) scene.image_origins.push_back({Eigen::Vector3d(0, i, 4 * i)});
  scene.shown_grid.size = {10, 12, 5};
  scene.shown_grid.spacing_mm = {1, 1, 2};
  PlaneView view;
  view.axes = plane_axes(scene.shown_grid, Plane::acquisition);
  view.size = {200, 200};
  view.camera.mm_per_pixel = 0.1;
  const auto row_of_red = [&](int slice) {
    view.crosshair = scene.shown_grid.to_world({Eigen::Vector3d(4.5, 4.5, slice)});
    QImage picture(200, 200, QImage::Format_RGBX8888);
    picture.fill(Qt::black);
    QPainter painter(&picture);
    draw_presentations(painter, view, {scene});
    painter.end();
    double sum = 0;
    int count = 0;
    for (int y = 0; y < 200; ++y)
      for (int x = 0; x < 200; ++x)
        if (picture.pixelColor(x, y).red() > 128) {
          sum += y + 0.5;
          ++count;
        }
    return count > 50 ? std::optional(sum / count) : std::nullopt;
  };
  EXPECT_FALSE(row_of_red(0)) << "another image";
  EXPECT_FALSE(row_of_red(1)) << "between two images";
  const auto row = row_of_red(2);
  ASSERT_TRUE(row);
  // 2.5 mm below the first row of its own image, which lies 1 mm further down than the grid's.
  EXPECT_NEAR(*row, view.position_of({Eigen::Vector3d(4.5, 3.5, 4)}).y(), 1);
}

} // namespace
} // namespace bloch::app
