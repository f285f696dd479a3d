#include <gtest/gtest.h>

#include "app/viewers/slice_colour.h"
#include "app/viewers/slice_graphics.h"

namespace bloch::app {
namespace {

/// A square of 40 mm with a notch from the front, in the axial plane z = 5.
Contour notched_square() {
  Contour contour;
  for (const auto& [x, y] : {std::pair(0, 0), {15, 0}, {15, 20}, {25, 20}, {25, 0}, {40, 0}, {40, 40}, {0, 40}})
    contour.points.push_back({Eigen::Vector3d(x, y, 5)});
  return contour;
}

PlaneView coronal_at(double y) {
  PlaneView view;
  VolumeGeometry geometry;
  geometry.size = {50, 50, 10};
  view.axes = plane_axes(geometry, Plane::coronal);
  view.crosshair.mm = {20, y, 5};
  view.size = {100, 100};
  view.camera.mm_per_pixel = 0.5;
  return view;
}

TEST(ContourGraphics, CutOfAPlaneIsWhatLiesInsideTheContour) {
  const auto notched = contour_cut(coronal_at(10), notched_square());
  ASSERT_EQ(notched.size(), 2U);
  double length = 0;
  for (const auto& [first, last] : notched) length += (first.mm - last.mm).norm();
  EXPECT_NEAR(length, 30, 1e-9);
  const auto whole = contour_cut(coronal_at(30), notched_square());
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_NEAR((whole[0].first.mm - whole[0].second.mm).norm(), 40, 1e-9);
  EXPECT_TRUE(contour_cut(coronal_at(41), notched_square()).empty());
}

TEST(ContourGraphics, OpenLinesAreNotCut) {
  Contour open = notched_square();
  open.closed = false;
  EXPECT_TRUE(contour_cut(coronal_at(10), open).empty());
}

TEST(SliceColour, SegmentsAreFilledWithAFullEdgeAndHiddenOnesAreNot) {
  QImage image(5, 5, QImage::Format_RGBX8888);
  image.fill(QColor(100, 100, 100));
  std::vector<float> labels(25, 0);
  for (const int y : {1, 2, 3})
    for (const int x : {1, 2, 3}) labels[static_cast<std::size_t>(y * 5 + x)] = 7;
  labels[0] = 3;
  blend_segments(labels, {{7, {200, 0, 0}}}, image);
  EXPECT_EQ(image.pixelColor(2, 2), QColor(135, 65, 65)) << "35 % of the colour";
  EXPECT_EQ(image.pixelColor(1, 2), QColor(200, 0, 0)) << "edge";
  EXPECT_EQ(image.pixelColor(0, 0), QColor(100, 100, 100)) << "a label without a colour";
}

TEST(SliceColour, LinesAreOpaqueWhereHalfAPixelIsCovered) {
  QImage image(2, 2, QImage::Format_RGBX8888);
  image.fill(QColor(100, 100, 100));
  blend_lines(std::array{0.0F, 0.5F, 1.0F, 2.0F}, 2, {200, 0, 0}, image);
  EXPECT_EQ(image.pixelColor(0, 0), QColor(100, 100, 100));
  EXPECT_EQ(image.pixelColor(1, 0), QColor(150, 50, 50));
  EXPECT_EQ(image.pixelColor(0, 1), QColor(200, 0, 0));
  EXPECT_EQ(image.pixelColor(1, 1), QColor(200, 0, 0));
}

} // namespace
} // namespace bloch::app
