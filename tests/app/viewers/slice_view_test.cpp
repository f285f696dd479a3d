#include "app/viewers/slice_view.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include <QTest>

#include <gtest/gtest.h>

#include "app/theme/theme_colours.h"
#include "app/viewers/slice_corners.h"
#include "tests/support/marker_volume.h"
#include "tests/support/mouse.h"
#include "tests/support/pictures.h"

namespace bloch::app {
namespace {

/// A view that is on screen, with an owner that gives back what the hand changed.
class SliceViewTest : public testing::Test {
 protected:
  void SetUp() override {
    view.setObjectName("test.slice");
    view.resize(420, 360);
    scene.volume = marker_volume();
    scene.window = {1001, 500.5, {}};
    scene.plane = Plane::acquisition;
    scene.crosshair = marker_point(geometry, markers[0]);
    scene.crosshair_visible = false;
    view.set_scene(scene);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    QObject::connect(&view, &SliceView::window_changed, &view, [this](double width, double level) {
      scene.window = {width, level, {}};
      view.set_scene(scene);
    });
    QObject::connect(&view, &SliceView::crosshair_moved, &view, [this](const WorldPoint& point) {
      ++crosshair_moves;
      scene.crosshair = point;
      view.set_scene(scene);
    });
    QObject::connect(&view, &SliceView::measurement_drawn, &view,
                     [this](const Measurement& measurement) { drawn = measurement; });
  }

  QPoint pixel_of(const WorldPoint& point) const {
    const double ratio = view.devicePixelRatioF();
    const QPointF place = view.position_of(point) * ratio;
    return {static_cast<int>(std::floor(place.x())), static_cast<int>(std::floor(place.y()))};
  }

  const VolumeGeometry geometry = oblique_geometry();
  SliceView view;
  SliceScene scene;
  int crosshair_moves = 0;
  std::optional<Measurement> drawn;
};

TEST_F(SliceViewTest, DrawsEveryMarkerWhereItLiesInThePatientOnEveryPlane) {
  for (const Plane plane : {Plane::axial, Plane::coronal, Plane::sagittal, Plane::acquisition})
    for (const Marker& marker : markers) {
      scene.plane = plane;
      scene.crosshair = marker_point(geometry, marker);
      view.set_scene(scene);
      const QImage picture = view.picture();
      ASSERT_EQ(picture.size(), (QSizeF(420, 360) * view.devicePixelRatioF()).toSize());
      const QPoint at = pixel_of(scene.crosshair);
      EXPECT_GT(mean_grey(picture, QRect(at - QPoint(2, 2), QSize(5, 5))), 250);
    }
  keep_picture(view.picture(), "slice_acquisition");
}

TEST_F(SliceViewTest, OutsideOfTheVolumeIsBlackWhateverTheWindow) {
  scene.window = {100, -500, {}};
  scene.plane = Plane::axial;
  view.set_scene(scene);
  view.set_camera({3.0, Eigen::Vector2d::Zero()});
  EXPECT_LT(mean_grey(view.picture(), QRect(130, 60, 40, 10)), 1);
}

TEST_F(SliceViewTest, OfAnInverseImageDrawsSmallValuesBrightAndPaddingAndOutsideBlack) {
  std::vector<std::int16_t> samples(64 * 64, 900);
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (i % 64 >= 32) samples[i] = i / 64 < 32 ? 100 : -2000; // bright, and no data
  VolumeGeometry grid;
  grid.size = {64, 64, 1};
  const auto at = [&](int x, int y) {
    const QPoint pixel = pixel_of(grid.to_world({Eigen::Vector3d(x, y, 0)}));
    return mean_grey(view.picture(), QRect(pixel - QPoint(1, 1), QSize(3, 3)));
  };
  scene.volume = std::make_shared<const Volume>(grid, samples);
  scene.window = {1001, 500.5, {}};
  scene.padding = ValueRange{-2000, -2000};
  scene.crosshair = grid.centre();
  view.set_scene(scene);
  EXPECT_NEAR(at(20, 20), 0.9 * 255, 2);
  EXPECT_NEAR(at(44, 20), 0.1 * 255, 2);
  EXPECT_LT(at(44, 44), 1);
  scene.inverse = true;
  view.set_scene(scene);
  EXPECT_NEAR(at(20, 20), 0.1 * 255, 2);
  EXPECT_NEAR(at(44, 20), 0.9 * 255, 2);
  EXPECT_NEAR(at(44, 44), 0.1 * 255, 2) << "as dark as anything in the image";
  double brightest = 0; // between air and padding: interpolation goes through no bright values
  for (int x = 24; x < 40; ++x) brightest = std::max(brightest, at(x, 50));
  EXPECT_LT(brightest, 0.12 * 255);
  EXPECT_LT(mean_grey(view.picture(), QRect(4, 150, 10, 10)), 1) << "outside";
}

TEST_F(SliceViewTest, InvertedIsSaidBesideTheWindow) {
  PlaneView plane;
  plane.axes = plane_axes(geometry, Plane::acquisition);
  plane.camera.mm_per_pixel = 1;
  scene.window = {4000, 2000, {}};
  scene.inverse = true; // by itself: nothing is said
  EXPECT_EQ(slice_corners(scene, plane)[2].lines.front(), "W 4000 L 2000");
  scene.inverted = true;
  EXPECT_EQ(slice_corners(scene, plane)[2].lines.front(), "W 4000 L 2000 inverted");
  scene.colour = {scene.volume, scene.volume, scene.volume};
  EXPECT_EQ(slice_corners(scene, plane)[2].lines.front(), "inverted");
}

TEST_F(SliceViewTest, WheelTowardsTheHandGoesOneSliceOn) {
  ASSERT_EQ(view.slice_index(), 7);
  ASSERT_EQ(view.slice_count(), 16);
  const WorldPoint before = scene.crosshair;
  turn_wheel(view, {200, 200}, -120);
  EXPECT_EQ(view.slice_index(), 8);
  EXPECT_NEAR((scene.crosshair.mm - before.mm).norm(), geometry.spacing_mm.z(), 1e-9);
  turn_wheel(view, {200, 200}, 240);
  EXPECT_EQ(view.slice_index(), 6);
}

TEST_F(SliceViewTest, PartsOfANotchAddUp) {
  for (int part = 0; part < 3; ++part) turn_wheel(view, {200, 200}, -30);
  EXPECT_EQ(view.slice_index(), 7);
  turn_wheel(view, {200, 200}, -30);
  EXPECT_EQ(view.slice_index(), 8);
}

TEST_F(SliceViewTest, ArrowKeysStepAndEndGoesToTheLastSlice) {
  QTest::keyClick(&view, Qt::Key_Down);
  EXPECT_EQ(view.slice_index(), 8);
  QTest::keyClick(&view, Qt::Key_Up, Qt::ShiftModifier);
  EXPECT_EQ(view.slice_index(), 0);
  QTest::keyClick(&view, Qt::Key_End);
  EXPECT_EQ(view.slice_index(), 15);
}

TEST_F(SliceViewTest, LeftDragWidensTheWindowInProportionAndFineIsSlower) {
  drag(view, Qt::LeftButton, {100, 100}, {225, 100});
  const double wide = scene.window.width;
  EXPECT_NEAR(wide, 1001 * std::sqrt(2), 10);
  EXPECT_NEAR(scene.window.level, 500.5, 1);
  scene.window = {1001, 500.5, {}};
  view.set_scene(scene);
  drag(view, Qt::LeftButton, {100, 100}, {225, 100}, Qt::ControlModifier);
  EXPECT_GT(scene.window.width, 1001);
  EXPECT_LT(scene.window.width - 1001, (wide - 1001) / 3);
  scene.window = {1001, 500, {}};
  view.set_scene(scene);
  drag(view, Qt::LeftButton, {100, 100}, {100, 170});
  EXPECT_NEAR(scene.window.level, 500 + 1001 * 70 / 350.0, 2);
}

TEST_F(SliceViewTest, WindowDoesNotMoveTheCrosshair) {
  drag(view, Qt::LeftButton, {100, 100}, {150, 120});
  click(view, {50, 50});
  EXPECT_EQ(crosshair_moves, 0);
}

TEST_F(SliceViewTest, MiddleDragTakesThePointAlong) {
  const WorldPoint held = view.point_at({200, 150});
  drag(view, Qt::MiddleButton, {200, 150}, {260, 110});
  EXPECT_NEAR((view.point_at({260, 110}).mm - held.mm).norm(), 0, 1e-6);
}

TEST_F(SliceViewTest, RightDragAndControlWheelZoomAroundThePointer) {
  const WorldPoint held = view.point_at({120, 250});
  const double start = (view.point_at({1, 0}).mm - view.point_at({0, 0}).mm).norm();
  drag(view, Qt::RightButton, {120, 250}, {120, 130});
  EXPECT_NEAR((view.point_at({120, 250}).mm - held.mm).norm(), 0, 1e-6);
  EXPECT_NEAR(view.camera().mm_per_pixel, start / 2, 1e-6);
  turn_wheel(view, {120, 250}, -240, Qt::ControlModifier);
  EXPECT_NEAR((view.point_at({120, 250}).mm - held.mm).norm(), 0, 1e-6);
  EXPECT_GT(view.camera().mm_per_pixel, start / 2);
  EXPECT_EQ(view.slice_index(), 7);
}

TEST_F(SliceViewTest, ShiftMoveAndTheCrosshairToolPlaceTheCrosshair) {
  const WorldPoint there = view.point_at({300, 120});
  hover(view, {300, 120});
  EXPECT_EQ(crosshair_moves, 0);
  hover(view, {300, 120}, Qt::ShiftModifier);
  EXPECT_EQ(crosshair_moves, 1);
  EXPECT_NEAR((scene.crosshair.mm - there.mm).norm(), 0, 1e-9);
  view.set_tool("crosshair");
  const WorldPoint elsewhere = view.point_at({80, 300});
  click(view, {80, 300});
  EXPECT_NEAR((scene.crosshair.mm - elsewhere.mm).norm(), 0, 1e-9);
}

TEST_F(SliceViewTest, PointUnderThePointerIsTold) {
  std::optional<WorldPoint> told;
  bool left = false;
  QObject::connect(&view, &SliceView::pointer_moved, &view, [&](const WorldPoint& point) { told = point; });
  QObject::connect(&view, &SliceView::pointer_left, &view, [&] { left = true; });
  hover(view, {33, 44});
  ASSERT_TRUE(told);
  EXPECT_EQ(*told, view.point_at({33, 44}));
  QEvent leave(QEvent::Leave);
  QApplication::sendEvent(&view, &leave);
  EXPECT_TRUE(left);
}

TEST_F(SliceViewTest, DoubleClickAsksForTheWholeWindowAndAPressActivates) {
  int activated = 0;
  int maximised = 0;
  QObject::connect(&view, &SliceView::activated, &view, [&] { ++activated; });
  QObject::connect(&view, &SliceView::maximise_requested, &view, [&] { ++maximised; });
  click(view, {100, 100});
  send_mouse(view, QEvent::MouseButtonDblClick, {100, 100}, Qt::LeftButton, Qt::LeftButton);
  EXPECT_EQ(activated, 1);
  EXPECT_EQ(maximised, 1);
}

TEST_F(SliceViewTest, DistanceIsMeasuredInMillimetresOfThePatient) {
  view.set_tool("distance");
  const double mm_per_pixel = (view.point_at({1, 0}).mm - view.point_at({0, 0}).mm).norm();
  drag(view, Qt::LeftButton, {100, 100}, {190, 220});
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->kind, MeasurementKind::distance);
  EXPECT_NEAR(measure(*drawn, *scene.volume).length, 150 * mm_per_pixel, 1e-6);
}

TEST_F(SliceViewTest, AClickWithTheDistanceToolMeasuresNothing) {
  view.set_tool("distance");
  click(view, {100, 100});
  EXPECT_FALSE(drawn);
}

TEST_F(SliceViewTest, AngleIsADragAndAClick) {
  view.set_tool("angle");
  drag(view, Qt::LeftButton, {100, 100}, {200, 100});
  EXPECT_FALSE(drawn);
  hover(view, {200, 180});
  click(view, {200, 200});
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->kind, MeasurementKind::angle);
  EXPECT_NEAR(measure(*drawn, *scene.volume).angle_deg, 90, 1e-6);
}

TEST_F(SliceViewTest, EscapeDropsAHalfDrawnAngle) {
  view.set_tool("angle");
  drag(view, Qt::LeftButton, {100, 100}, {200, 100});
  QTest::keyClick(&view, Qt::Key_Escape);
  click(view, {200, 200});
  EXPECT_FALSE(drawn);
}

TEST_F(SliceViewTest, RegionOverAMarkerHasItsMean) {
  view.set_tool("region");
  const QPointF middle = view.position_of(marker_point(geometry, markers[0]));
  drag(view, Qt::LeftButton, middle - QPointF(6, 6), middle + QPointF(6, 6));
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->kind, MeasurementKind::region);
  EXPECT_NEAR(measure(*drawn, *scene.volume).mean, 1000, 1);
}

TEST_F(SliceViewTest, ProbeKeepsThePointAndTheBoxItsCorners) {
  view.set_tool("probe");
  click(view, {111, 99});
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->kind, MeasurementKind::probe);
  EXPECT_EQ(drawn->points.front(), view.point_at({111, 99}));
  std::optional<std::pair<WorldPoint, WorldPoint>> box;
  QObject::connect(&view, &SliceView::box_drawn, &view, [&](const WorldPoint& first, const WorldPoint& last) {
    box = {first, last};
  });
  view.set_tool("box");
  drag(view, Qt::LeftButton, {100, 120}, {160, 180});
  ASSERT_TRUE(box);
  EXPECT_EQ(box->first, view.point_at({100, 120}));
  EXPECT_EQ(box->second, view.point_at({160, 180}));
}

TEST_F(SliceViewTest, ClickOnAMeasurementSelectsItAndBesideItNothing) {
  Measurement distance;
  distance.id = 7;
  distance.points = {view.point_at({100, 100}), view.point_at({200, 100})};
  distance.normal = geometry.direction.col(2);
  scene.measurements = {distance};
  scene.selected_measurement = 7;
  view.set_scene(scene);
  keep_picture(view.picture(), "slice_measurement");
  int selected = -1;
  QObject::connect(&view, &SliceView::measurement_selected, &view, [&](int id) { selected = id; });
  click(view, {150, 103});
  EXPECT_EQ(selected, 7);
  click(view, {150, 200});
  EXPECT_EQ(selected, 0);
}

TEST_F(SliceViewTest, MeasurementsAreDrawnOnTheirOwnSliceOnly) {
  Measurement distance;
  distance.points = {view.point_at({100, 150}), view.point_at({200, 150})};
  const auto drawn_there = [&] {
    const double ratio = view.devicePixelRatioF();
    const QImage picture = view.picture();
    const QColor pixel = picture.pixelColor(qRound(150 * ratio), qRound(150 * ratio));
    return pixel.red() > pixel.blue() + 40;
  };
  EXPECT_FALSE(drawn_there());
  scene.measurements = {distance};
  view.set_scene(scene);
  EXPECT_TRUE(drawn_there());
  turn_wheel(view, {10, 200}, -120);
  EXPECT_FALSE(drawn_there());
}

/// Where anomaly is, the picture gets warm; threshold by threshold, also right below 1.
TEST_F(SliceViewTest, OverlayIsVisibleAboveTheThresholdEvenNearOne) {
  std::vector<float> values(geometry.voxel_count());
  const auto samples = scene.volume->samples<std::int16_t>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(samples[i]) / 1000;
  scene.overlay = std::make_shared<const Volume>(geometry, std::move(values));
  const QPoint at = pixel_of(marker_point(geometry, markers[0]));
  for (const double threshold : {0.3, 0.95, 0.999}) {
    scene.overlay_threshold = threshold;
    view.set_scene(scene);
    const QColor pixel = view.picture().pixelColor(at);
    EXPECT_LT(pixel.blue(), pixel.red() - 40) << threshold;
  }
  keep_picture(view.picture(), "slice_overlay");
  scene.overlay_visible = false;
  view.set_scene(scene);
  const QColor plain = view.picture().pixelColor(at);
  EXPECT_EQ(plain.blue(), plain.red());
}

TEST_F(SliceViewTest, CautionActiveFrameAndTagsAreOnTheImage) {
  scene.active = true;
  scene.tags = {{"SIMULATED", true}};
  view.set_scene(scene);
  const QImage picture = view.picture();
  EXPECT_EQ(picture.pixelColor(0, picture.height() / 3), theme_colour("accent"));
  const auto has_colour = [&](const QRectF& area, const QColor& wanted) {
    const double ratio = view.devicePixelRatioF();
    const QRect pixels = QRectF(area.topLeft() * ratio, area.size() * ratio).toRect() & picture.rect();
    for (int y = pixels.top(); y <= pixels.bottom(); ++y)
      for (int x = pixels.left(); x <= pixels.right(); ++x) {
        const QColor pixel = picture.pixelColor(x, y);
        if (std::abs(pixel.red() - wanted.red()) < 24 && std::abs(pixel.green() - wanted.green()) < 24 &&
            std::abs(pixel.blue() - wanted.blue()) < 24)
          return true;
      }
    return false;
  };
  EXPECT_TRUE(has_colour({150, 335, 120, 20}, theme_colour("caution")));
  EXPECT_TRUE(has_colour({320, 5, 95, 30}, theme_colour("caution")));
}

TEST_F(SliceViewTest, NamesInJapaneseAndHebrewAreOnTheImage) {
  const auto corner_with = [&](const QString& name) {
    scene.top_left = {name};
    view.set_scene(scene);
    const double ratio = view.devicePixelRatioF();
    return view.picture().copy(QRectF(0, 0, 200 * ratio, 60 * ratio).toRect());
  };
  const QImage nothing = corner_with({});
  const QImage japanese = corner_with(QString::fromUtf8("山田^太郎"));
  const QImage hebrew = corner_with(QString::fromUtf8("כהן^דוד"));
  keep_picture(japanese, "corner_japanese");
  keep_picture(hebrew, "corner_hebrew");
  EXPECT_GT(differing_share(nothing, japanese), 0.002);
  EXPECT_GT(differing_share(nothing, hebrew), 0.002);
  EXPECT_GT(differing_share(japanese, hebrew), 0.002);
}

TEST_F(SliceViewTest, RepaintingWithoutAChangeRendersNothing) {
  view.picture();
  const int before = view.render_count();
  view.repaint();
  QApplication::processEvents();
  EXPECT_EQ(view.render_count(), before);
}

TEST_F(SliceViewTest, OtherGridsAreFittedAndTheSameGridKeepsTheCamera) {
  view.set_camera({0.3, {4, 5}});
  scene.volume = marker_volume(); // another volume on the same grid: a reconstruction beside its reference
  view.set_scene(scene);
  EXPECT_EQ(view.camera().mm_per_pixel, 0.3);
  VolumeGeometry elsewhere = geometry;
  elsewhere.origin.mm.x() += 50;
  scene.volume = marker_volume(elsewhere);
  view.set_scene(scene);
  EXPECT_EQ(view.camera().mm_per_pixel, 0);
}

TEST_F(SliceViewTest, AViewThatWasNeverShownHasAPictureToo) {
  SliceView hidden;
  hidden.resize(300, 200);
  hidden.set_scene(scene);
  EXPECT_FALSE(hidden.picture().isNull());
}

} // namespace
} // namespace bloch::app
