#include "app/viewers/volume_view.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include <QTest>

#include <gtest/gtest.h>

#include "app/viewers/transfer_function.h"
#include "tests/support/marker_volume.h"
#include "tests/support/mouse.h"
#include "tests/support/pictures.h"

namespace bloch::app {
namespace {

class VolumeViewTest : public testing::Test {
 protected:
  void SetUp() override {
    view.setObjectName("test.volume");
    view.resize(400, 360);
    scene.volume = marker_volume();
    scene.window = {1000, 500, {}};
    view.set_scene(scene);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  }

  /// Mean grey around a patient point.
  double light_at(const QImage& picture, const WorldPoint& point) const {
    const QPoint at = (view.position_of(point) * view.devicePixelRatioF()).toPoint();
    return mean_grey(picture, QRect(at - QPoint(3, 3), QSize(7, 7)));
  }

  const VolumeGeometry geometry = oblique_geometry();
  VolumeView view;
  VolumeScene scene;
};

TEST_F(VolumeViewTest, DrawsTheMarkersWhereTheyAreInThePatientFromAllSides) {
  for (const auto& [azimuth, elevation] : {std::pair{0.0, 0.0}, {40.0, 25.0}, {-120.0, -30.0}}) {
    view.set_direction(azimuth, elevation);
    const QImage picture = view.picture();
    keep_picture(picture, QString("volume_%1").arg(azimuth));
    for (const Marker& marker : markers) EXPECT_GT(light_at(picture, marker_point(geometry, marker)), 60);
    EXPECT_LT(light_at(picture, geometry.to_world({Eigen::Vector3d(40, 50, 2)})), 10);
  }
}

TEST_F(VolumeViewTest, LeftIsRightWhenLookingAtTheFaceAndTheHeadIsUp) {
  view.set_direction(0, 0);
  view.picture();
  const WorldPoint centre = geometry.centre();
  const QPointF middle = view.position_of(centre);
  EXPECT_GT(view.position_of({centre.mm + Eigen::Vector3d(20, 0, 0)}).x(), middle.x() + 10);
  EXPECT_LT(view.position_of({centre.mm + Eigen::Vector3d(0, 0, 20)}).y(), middle.y() - 10);
}

TEST_F(VolumeViewTest, LeftDragTurnsAndTheWheelEnlarges) {
  view.set_direction(10, 5);
  drag(view, Qt::LeftButton, {100, 100}, {150, 100});
  EXPECT_LT(view.azimuth_deg(), 0);
  EXPECT_NEAR(view.elevation_deg(), 5, 1e-9);
  view.picture();
  const auto apart = [&] {
    const QPointF way =
        view.position_of(marker_point(geometry, markers[0])) - view.position_of(geometry.centre());
    return std::hypot(way.x(), way.y());
  };
  const double before = apart();
  turn_wheel(view, {200, 200}, 240);
  view.picture();
  EXPECT_GT(apart(), before * 1.2);
}

TEST_F(VolumeViewTest, MapIsSeenInsideTheTissue) {
  view.set_direction(0, 0);
  std::vector<float> values(geometry.voxel_count());
  const auto samples = scene.volume->samples<std::int16_t>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(samples[i]) / 1000;
  scene.overlay = std::make_shared<const Volume>(geometry, std::move(values));
  scene.overlay_threshold = 0.8;
  view.set_scene(scene);
  const QImage picture = view.picture();
  keep_picture(picture, "volume_map");
  const QPoint at = (view.position_of(marker_point(geometry, markers[0])) * view.devicePixelRatioF()).toPoint();
  const QColor pixel = picture.pixelColor(at);
  EXPECT_GT(pixel.red(), pixel.blue() + 60);
}

/// A volume of so many slices; what follows its samples in memory cannot be read.
std::shared_ptr<const Volume> volume_before_a_wall(int slices) {
  VolumeGeometry size;
  size.size = {32, 32, slices};
  const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), bytes = size.voxel_count() * 4;
  const std::size_t before = (bytes + page - 1) / page * page;
  char* memory = static_cast<char*>(
      ::mmap(nullptr, before + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  const auto owner = std::shared_ptr<char>(memory, [before, page](char* at) { ::munmap(at, before + page); });
  ::mprotect(memory + before, page, PROT_NONE);
  auto* samples = reinterpret_cast<float*>(memory + (before - bytes));
  std::fill_n(samples, size.voxel_count(), 700.0F);
  return std::make_shared<const Volume>(
      size, std::pair(std::shared_ptr<const float>(owner, samples), size.voxel_count()));
}

TEST_F(VolumeViewTest, VolumesOfFewSlicesAreDrawnFromTheirOwnSamples) {
  for (const int slices : {2, 3, 5, 6}) {
    scene.volume = volume_before_a_wall(slices);
    view.set_scene(scene);
    view.set_direction(0, 60);
    const QImage picture = view.picture(); // of six and more it is shaded, and black where nothing changes
    if (slices < 6) {
      EXPECT_GT(light_at(picture, scene.volume->geometry().centre()), 20) << slices;
    }
  }
}

TEST_F(VolumeViewTest, AnEmptyViewIsBlackWithItsCaution) {
  view.set_scene({});
  const QImage picture = view.picture();
  EXPECT_LT(mean_grey(picture, QRect(100, 100, 100, 100)), 1);
  EXPECT_GT(mean_grey(picture, QRect(picture.width() * 2 / 5, picture.height() - 30, picture.width() / 5, 28)),
            1);
}

TEST(TransferFunctions, EveryPresetHasALabelAndRisesInItsPlaces) {
  ASSERT_GE(transfer_functions().size(), 4U);
  for (const TransferFunction& preset : transfer_functions()) {
    EXPECT_FALSE(preset.label.isEmpty()) << preset.name;
    for (std::size_t i = 1; i < preset.opacity.size(); ++i)
      EXPECT_GT(preset.opacity[i].first, preset.opacity[i - 1].first) << preset.name;
    for (std::size_t i = 1; i < preset.colour.size(); ++i)
      EXPECT_GT(preset.colour[i].first, preset.colour[i - 1].first) << preset.name;
  }
  EXPECT_EQ(transfer_function("ct-bone").name, "ct-bone");
  EXPECT_EQ(transfer_function("none-such").name, "mr-head");
}

TEST(TransferFunctions, BrokenFilesAreRefusedWithAReason) {
  EXPECT_EQ(read_transfer_functions("{").error().kind, ErrorKind::malformed);
  EXPECT_EQ(read_transfer_functions(R"({"presets":[{"name":"x","opacity":[[0,0]],"colour":[]}]})").error().kind,
            ErrorKind::malformed);
}

} // namespace
} // namespace bloch::app
