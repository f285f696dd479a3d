#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

#include <gtest/gtest.h>

#include "app/desktop/main_window.h"
#include "app/viewers/slice_view.h"
#include "tests/imaging/dicom/synthetic_presentation.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

/// A small MR series with a presentation state that draws on its second image.
class PresentationWindow : public testing::Test {
 protected:
  void open(const std::filesystem::path& path) {
    session.open_paths({path});
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }
  void write_state(const std::string& uid, const std::string& description) {
    const auto file = folder / "series" / "slice899.dcm"; // the second
    imaging::write_presentation(
        folder / (uid + ".dcm"), imaging::SyntheticImage{}.series_uid, {file},
        [&](DcmDataset& dataset) {
          imaging::put_text(dataset, DCM_ContentDescription, description);
          imaging::put_text(dataset, DCM_ImageRotation, "90");
          DcmItem& annotation = imaging::add_to(dataset, DCM_GraphicAnnotationSequence);
          imaging::put_text(annotation, DCM_GraphicLayer, "NOTES");
          imaging::draw(annotation, "POLYLINE", {1, 1, 5, 3});
        },
        uid);
  }
  /// Whether the view shows the drawing: its layer is the first without a colour of its own.
  bool drawn() {
    const auto& scene = find_ui<SliceView>(window, "read.axial").scene();
    return !scene.presentations.empty() && scene.presentations[0].shown[0];
  }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
};

TEST_F(PresentationWindow, DrawingsLieOverTheResampledSeriesToo) {
  imaging::SyntheticImage image;
  for (int i = 0; i < 3; ++i) { // slices that lean
    image.number = i + 1;
    image.z = 2 * i;
    image.y = 0.5 * i;
    std::filesystem::create_directories(folder / "series");
    imaging::write_synthetic(folder / "series" / ("slice" + std::to_string(900 - i) + ".dcm"), image);
  }
  window.resize(1200, 800);
  window.show();
  open(folder / "series");
  write_state("1.2.3.4", "First");
  open(folder / "1.2.3.4.dcm");
  session.open_object("1.2.3.4");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  EXPECT_TRUE(drawn());
  session.resample_active();
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  ASSERT_EQ(session.document().active_item()->kind, ItemKind::resampled);
  EXPECT_TRUE(drawn());
  EXPECT_EQ(find_ui<SliceView>(window, "read.axial").scene().presentations[0].image_origins.size(), 3U);
}

TEST_F(PresentationWindow, DrawingsLieOverTheirImageLayerByLayerAndWhatIsNotAppliedIsSaid) {
  imaging::write_stack(folder / "series", {0, 2, 4});
  window.resize(1200, 800);
  window.show();
  open(folder / "series");
  ASSERT_TRUE(session.document().active);
  write_state("1.2.3.4", "First");
  open(folder / "1.2.3.4.dcm");
  session.open_object("1.2.3.4");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  auto& box = find_ui<QCheckBox>(window, "object.part.0");
  EXPECT_EQ(box.text(), "NOTES");
  EXPECT_TRUE(drawn());
  EXPECT_TRUE(find_ui<QLabel>(window, "object.warning").text().contains("rotation by 90"));
  auto& view = find_ui<SliceView>(window, "read.axial");
  session.set_crosshair({Eigen::Vector3d(0.5, 0.5, 2)});
  const QImage with = view.picture();
  box.click();
  EXPECT_FALSE(drawn());
  EXPECT_NE(view.picture(), with);
}

TEST_F(PresentationWindow, ObjectsThatWereOpenedBeforeAreChosenAgain) {
  imaging::write_stack(folder / "series", {0, 2, 4});
  window.show();
  open(folder / "series");
  auto& choice = find_ui<QComboBox>(window, "object.choice");
  for (const auto& [uid, name] : {std::pair("1.2.3.4", "First"), {"1.2.3.5", "Second"}}) {
    write_state(uid, name);
    open(folder / (std::string(uid) + ".dcm"));
    session.open_object(uid);
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }
  ASSERT_EQ(choice.count(), 2);
  EXPECT_FALSE(choice.isHidden());
  EXPECT_TRUE(choice.currentText().endsWith("Second"));
  EXPECT_TRUE(session.item_of_object("1.2.3.4") && session.item_of_object("1.2.3.5"))
      << "both stay over the image";
  choice.setCurrentIndex(0);
  emit choice.activated(0);
  find_ui<QCheckBox>(window, "object.part.0").click();
  EXPECT_TRUE(session.document().hidden_parts.contains({*session.item_of_object("1.2.3.4"), 0}));
}

TEST_F(PresentationWindow, ImageWithoutAPlaceIsCalledImageInTheListOfLayouts) {
  imaging::SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_Modality, "XA");
    dataset.findAndDeleteElement(DCM_ImagePositionPatient);
    dataset.findAndDeleteElement(DCM_ImageOrientationPatient);
  };
  std::filesystem::create_directories(folder / "xa");
  imaging::write_synthetic(folder / "xa" / "1.dcm", image);
  window.show();
  open(folder / "xa");
  ASSERT_TRUE(session.document().active);
  EXPECT_EQ(find_ui<QComboBox>(window, "toolbar.layout").currentText(), "Image");
  imaging::SyntheticImage other;
  other.series_uid += ".5";
  imaging::write_stack(folder / "mr", {0, 2, 4}, other);
  open(folder / "mr");
  session.open_series(QString::fromStdString(other.series_uid));
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  EXPECT_EQ(find_ui<QComboBox>(window, "toolbar.layout").findText("Image"), -1);
  EXPECT_NE(find_ui<QComboBox>(window, "toolbar.layout").findText("Axial"), -1);
}

} // namespace
} // namespace bloch::app
