// Images of which small values are bright, and the command Invert.
#include <QAction>

#include <gtest/gtest.h>

#include "app/desktop/main_window.h"
#include "app/desktop/window_presets.h"
#include "app/panels/linked_views.h"
#include "app/panels/read_workspace.h"
#include "app/panels/thumbnails.h"
#include "app/viewers/slice_view.h"
#include "tests/imaging/dicom/synthetic_presentation.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

/// The window with a small MONOCHROME1 stack: 500 on the left, 3500 on the right.
class PolarityWindow : public testing::Test {
 protected:
  void SetUp() override {
    imaging::SyntheticImage image;
    image.rows = image.columns = 16;
    image.spacing = "2\\2";
    for (int i = 0; i < 256; ++i) image.pixels.push_back(i % 16 < 8 ? 500 : 3500);
    image.change = [](DcmDataset& dataset) {
      imaging::put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME1");
      imaging::put_text(dataset, DCM_WindowCenter, "2000");
      imaging::put_text(dataset, DCM_WindowWidth, "4000");
    };
    imaging::write_stack(folder / "series", {0, 2, 4, 6, 8, 10}, image);
    window.resize(1400, 900);
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    open(folder / "series");
    ASSERT_TRUE(session.document().active);
  }

  void open(const std::filesystem::path& path) {
    session.open_paths({path});
    idle();
  }
  void idle() {
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }
  SliceView& view(const char* plane) { return find_ui<SliceView>(window, QString("read.") + plane); }
  /// On the left and on the right of the image.
  std::pair<double, double> greys(const char* plane) {
    const QImage picture = view(plane).picture();
    const auto at = [&](double x_mm) {
      const QPointF place =
          view(plane).position_of({Eigen::Vector3d(x_mm, 14, 4)}) * view(plane).devicePixelRatioF();
      return mean_grey(picture, QRect(place.toPoint() - QPoint(1, 1), QSize(3, 3)));
    };
    return {at(4), at(26)};
  }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
};

TEST_F(PolarityWindow, SmallValuesAreBrightAndTheValuesAreThoseOfTheFile) {
  const Item& item = *session.document().active_item();
  EXPECT_EQ(value_at(*item.volume, 0, 0, 0), 500);
  EXPECT_EQ(session.document().window_of(item.id), (WindowLevel{4000, 2000, {}}));
  const auto [small, large] = greys("axial");
  EXPECT_GT(small, 200);
  EXPECT_LT(large, 60);
  EXPECT_FALSE(view("axial").scene().inverted);
}

TEST_F(PolarityWindow, InvertTurnsTheActiveViewAroundAndResetBack) {
  view("axial").setFocus();
  press_key(view("axial"), Qt::Key_I);
  EXPECT_LT(greys("axial").first, 60);
  EXPECT_GT(greys("axial").second, 200);
  EXPECT_TRUE(view("axial").scene().inverted);
  EXPECT_TRUE(view("coronal").scene().inverse) << "the other views stay";
  EXPECT_FALSE(view("coronal").scene().inverted);
  press_key(view("axial"), Qt::Key_I);
  EXPECT_GT(greys("axial").first, 200);
  press_key(view("axial"), Qt::Key_I);
  press_key(view("axial"), Qt::Key_Space);
  EXPECT_GT(greys("axial").first, 200);
  EXPECT_FALSE(view("axial").scene().inverted);
  press_key(view("axial"), Qt::Key_I);
  press_key(view("axial"), Qt::Key_Escape);
  EXPECT_FALSE(view("axial").scene().inverted);
}

TEST_F(PolarityWindow, InvertWaitsForAnImageAndLeavesOtherWorkspacesAlone) {
  EXPECT_TRUE(window.actions()["view.invert"]->isEnabled());
  window.show_workspace("detect");
  window.actions()["view.invert"]->trigger();
  window.show_workspace("read");
  EXPECT_FALSE(view("axial").scene().inverted);
  Session empty{Settings{}};
  MainWindow other{empty};
  EXPECT_FALSE(other.actions()["view.invert"]->isEnabled());
}

TEST_F(PolarityWindow, APresentationStateDecidesThePolarityOfItsImages) {
  imaging::write_presentation(
      folder / "state.dcm", imaging::SyntheticImage{}.series_uid, {folder / "series" / "slice899.dcm"},
      [](DcmDataset& dataset) { imaging::put_text(dataset, DCM_PresentationLUTShape, "IDENTITY"); });
  view("axial").setFocus();
  press_key(view("axial"), Qt::Key_I);
  press_key(view("axial"), Qt::Key_I); // a choice of the user, which the state goes before
  open(folder / "state.dcm");
  session.open_object("1.2.3.4");
  idle();
  for (const char* plane : {"axial", "coronal"}) {
    EXPECT_FALSE(view(plane).scene().inverse);
    EXPECT_TRUE(view(plane).scene().inverted);
  }
  EXPECT_LT(greys("axial").first, 60);
  press_key(view("axial"), Qt::Key_Space);
  EXPECT_TRUE(view("axial").scene().inverse);
}

TEST(WindowPresets, OfAnInverseImageCountTheirSharesFromTheDarkest) {
  VolumeGeometry geometry;
  geometry.size = {101, 1, 1};
  std::vector<std::int16_t> samples(101);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(10 * i);
  Item item;
  item.volume = std::make_shared<const Volume>(geometry, samples);
  const WindowPreset dark{"Dark half", {}, std::pair(0.0, 0.75)};
  EXPECT_EQ(preset_window(dark, item), (WindowLevel{750, 375, {}}));
  item.series.inverse = true;
  EXPECT_EQ(preset_window(dark, item), (WindowLevel{750, 625, {}}));
}

TEST(Thumbnail, OfAnInverseImageIsTurnedAroundAndItsPaddingBlack) {
  VolumeGeometry geometry;
  geometry.size = {4, 4, 1};
  std::vector<std::int16_t> samples(16, 1000);
  for (std::size_t i = 0; i < 8; ++i) samples[i] = i < 4 ? 0 : 100; // padding, and what is bright
  const Volume volume(geometry, samples);
  const WindowLevel window{1001, 500.5, {}};
  const QImage picture = make_thumbnail(volume, window, 40, "grey", {true, ValueRange{0, 0}});
  EXPECT_EQ(qGray(picture.pixel(20, 5)), 0);
  EXPECT_NEAR(qGray(picture.pixel(20, 15)), 0.9 * 255, 6); // grey of even lightness
  EXPECT_EQ(qGray(picture.pixel(20, 35)), 0);
  EXPECT_EQ(qGray(make_thumbnail(volume, window, 40, "grey", {true, {}}).pixel(20, 5)), 255);
}

} // namespace
} // namespace bloch::app
