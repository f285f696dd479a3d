// What the window shows while a series loads, and what the files draw over their images.
#include <fstream>

#include <QCheckBox>
#include <QComboBox>

#include <gtest/gtest.h>

#include "app/desktop/main_window.h"
#include "app/panels/scene_text.h"
#include "app/viewers/measurement_shape.h"
#include "app/viewers/slice_view.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

class LoadingTest : public testing::Test {
 protected:
  /// Twelve dark slices of 32 x 32.
  void open(const std::function<void(DcmDataset&)>& change = {}) {
    imaging::SyntheticImage image;
    image.rows = image.columns = 32;
    image.spacing = "1\\1";
    image.pixels.assign(32 * 32, 10);
    image.change = change;
    std::vector<double> positions;
    for (int i = 0; i < 12; ++i) positions.push_back(2 * i);
    imaging::write_stack(folder.path(), positions, image);
    window.resize(1200, 800);
    window.show();
    session.open_paths({folder.path()});
    ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                           [this] { return session.document().active.has_value(); }));
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }
  SliceView& axial() { return find_ui<SliceView>(window, "read.axial"); }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
};

TEST_F(LoadingTest, FirstImageIsThereBeforeTheVolume) {
  int slices_of_first = 0;
  bool active_before = true, loading_tag = false;
  QObject::connect(&session, &Session::first_image_ready, &window,
                   [&](const std::shared_ptr<const Item>& image) {
                     slices_of_first = image->volume->geometry().size[2];
                     active_before = session.document().active.has_value();
                     const SliceScene& scene = axial().scene();
                     loading_tag = !scene.tags.empty() && scene.tags.front().text == "LOADING" &&
                                   scene.volume == image->volume;
                   });
  open();
  EXPECT_EQ(slices_of_first, 1);
  EXPECT_FALSE(active_before);
  EXPECT_TRUE(loading_tag);
  ASSERT_TRUE(axial().scene().volume);
  EXPECT_EQ(axial().scene().volume->geometry().size[2], 12);
}

TEST_F(LoadingTest, OverlayPlanesLieOverTheirSeriesAndCanBeHidden) {
  open([](DcmDataset& dataset) {
    const Sint16 origin[] = {1, 1};
    dataset.putAndInsertUint16(DcmTag(0x6000, 0x0010, EVR_US), 32);
    dataset.putAndInsertUint16(DcmTag(0x6000, 0x0011, EVR_US), 32);
    dataset.putAndInsertSint16Array(DcmTag(0x6000, 0x0050, EVR_SS), origin, 2);
    dataset.putAndInsertUint16(DcmTag(0x6000, 0x0100, EVR_US), 1);
    const std::vector<Uint16> all(32 * 32 / 16, 0xFFFF);
    dataset.putAndInsertUint16Array(DcmTag(0x6000, 0x3000, EVR_OW), all.data(),
                                    static_cast<unsigned long>(all.size()));
  });
  const auto amber = [this] {
    const QImage picture = axial().picture();
    const QColor colour = picture.pixelColor(picture.width() / 2 + 40, picture.height() / 2 + 40);
    return colour.red() > 240 && colour.green() > 200 && colour.blue() < 120;
  };
  EXPECT_TRUE(amber());
  find_ui<QCheckBox>(window, "object.part.1").click();
  EXPECT_FALSE(amber());
}

TEST_F(LoadingTest, WithoutTheSizeOfAPixelLengthsAreInPixels) {
  open([](DcmDataset& dataset) { dataset.findAndDeleteElement(DCM_PixelSpacing); });
  const Item& item = *session.document().active_item();
  EXPECT_FALSE(is_scaled(item));
  EXPECT_FALSE(axial().scene().scale.known);
  EXPECT_FALSE(axial().scene().crosshair_visible);
  Measurement line{1, MeasurementKind::distance, item.id, {}, {{}, {{3, 4, 0}}}};
  EXPECT_EQ(measurement_label(line, *item.volume, {.known = false}), QStringList{"5.0 px"});
  EXPECT_EQ(measurement_label(line, *item.volume), QStringList{"5.0 mm"});
}

TEST_F(LoadingTest, UltrasoundIsMeasuredByItsRegions) {
  open([](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_ImagePositionPatient);
    dataset.findAndDeleteElement(DCM_PixelSpacing);
    DcmItem* region = nullptr;
    dataset.findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, region, 0);
    for (const DcmTagKey& tag : {DCM_RegionSpatialFormat, DCM_RegionDataType})
      region->putAndInsertUint16(tag, 1);
    for (const DcmTagKey& tag : {DCM_PhysicalUnitsXDirection, DCM_PhysicalUnitsYDirection})
      region->putAndInsertUint16(tag, 3);
    for (const DcmTagKey& tag : {DCM_RegionLocationMinX0, DCM_RegionLocationMinY0})
      region->putAndInsertUint32(tag, 0);
    for (const DcmTagKey& tag : {DCM_RegionLocationMaxX1, DCM_RegionLocationMaxY1})
      region->putAndInsertUint32(tag, 15);
    for (const DcmTagKey& tag : {DCM_PhysicalDeltaX, DCM_PhysicalDeltaY})
      region->putAndInsertFloat64(tag, 0.02);
  });
  const Item& item = *session.document().active_item();
  EXPECT_EQ(item.volume->geometry().spacing_mm.x(), 0.2);
  const ImageScale& scale = axial().scene().scale;
  EXPECT_EQ(scale.regions.size(), 1U);
  EXPECT_EQ(scale.files.size(), 12U);
  const auto at = [&](double x, double y) { return item.volume->geometry().to_world({{x, y, 7}}); };
  Measurement line{1, MeasurementKind::distance, item.id, {}, {at(2, 2), at(12, 2)}};
  EXPECT_EQ(measurement_label(line, *item.volume, scale), QStringList{"2.0 mm"});
  line.points[1] = at(22, 2);
  EXPECT_EQ(measurement_label(line, *item.volume, scale), QStringList{"20.0 px"});
}

TEST_F(LoadingTest, WithoutAPlaceLengthsAreStillInMillimetres) {
  open([](DcmDataset& dataset) { dataset.findAndDeleteElement(DCM_ImagePositionPatient); });
  EXPECT_FALSE(lies_in_patient(*session.document().active_item()));
  EXPECT_TRUE(is_scaled(*session.document().active_item()));
}

TEST_F(LoadingTest, ImageFileWithoutAGridIsMeasuredInPixels) {
  const auto path = folder / "plain.npy";
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 8, 8), }";
  header.resize(117, ' ');
  header += '\n';
  std::ofstream(path, std::ios::binary)
      << std::string("\x93NUMPY\x01\x00\x76\x00", 10) << header << std::string(4 * 8 * 8, 'x');
  session.open_paths({path});
  ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                         [this] { return session.document().active.has_value(); }));
  EXPECT_FALSE(is_scaled(*session.document().active_item()));
}

TEST_F(LoadingTest, WindowsOfTheFileCanBeChosen) {
  open([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_WindowCenter, "40\\400");
    dataset.putAndInsertString(DCM_WindowWidth, "80\\2000");
    dataset.putAndInsertString(DCM_WindowCenterWidthExplanation, "BRAIN\\BONE");
    dataset.putAndInsertString(DCM_VOILUTFunction, "SIGMOID");
  });
  auto& combo = find_ui<QComboBox>(window, "window.of-file");
  ASSERT_EQ(combo.count(), 2);
  EXPECT_EQ(combo.currentIndex(), 0);
  EXPECT_TRUE(combo.itemText(1).startsWith("BONE"));
  emit combo.activated(1);
  const WindowLevel chosen = session.document().window_of(*session.document().active);
  EXPECT_EQ(chosen.width, 2000);
  EXPECT_EQ(chosen.function, WindowFunction::sigmoid);
  EXPECT_EQ(axial().scene().window.function, WindowFunction::sigmoid);
}

} // namespace
} // namespace bloch::app
