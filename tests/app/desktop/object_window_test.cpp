#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>

#include <gtest/gtest.h>

#include "app/desktop/main_window.h"
#include "app/panels/studies_model.h"
#include "app/viewers/slice_view.h"
#include "imaging/dicom/objects.h"
#include "imaging/dicom/scan.h"
#include "imaging/dicom/write_objects.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

/// A report of one sentence about a patient of its own; its UID is 1.2.3.4.
void write_report(const std::filesystem::path& path, const std::string& description = "") {
  std::filesystem::create_directories(path.parent_path());
  imaging::SyntheticImage image;
  image.change = [&description](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertString(DCM_SeriesDescription, description.c_str());
    dataset.putAndInsertString(DCM_SOPClassUID, UID_BasicTextSRStorage);
    dataset.putAndInsertString(DCM_SOPInstanceUID, "1.2.3.4");
    dataset.putAndInsertString(DCM_Modality, "SR");
    dataset.putAndInsertString(DCM_PatientName, "Other^Patient");
    DcmItem* item = nullptr;
    dataset.findOrCreateSequenceItem(DCM_ContentSequence, item, -2);
    item->putAndInsertString(DCM_ValueType, "TEXT");
    item->putAndInsertString(DCM_TextValue, "Nothing suspicious");
  };
  imaging::write_synthetic(path, image);
}

/// A key object that marks the images of these files, or one frame of each (from 1); its UID is 1.2.3.4.
void write_key_object(const std::filesystem::path& path, const std::vector<std::filesystem::path>& images,
                      const char* frame = nullptr) {
  imaging::SyntheticImage key;
  key.change = [&images, frame](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertString(DCM_SOPClassUID, UID_KeyObjectSelectionDocumentStorage);
    dataset.putAndInsertString(DCM_SOPInstanceUID, "1.2.3.4");
    DcmItem* evidence = nullptr;
    dataset.findOrCreateSequenceItem(DCM_CurrentRequestedProcedureEvidenceSequence, evidence, -2);
    for (const auto& file : images) {
      DcmFileFormat image;
      ASSERT_TRUE(image.loadFile(file.c_str()).good());
      OFString instance, series;
      image.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, instance);
      image.getDataset()->findAndGetOFString(DCM_SeriesInstanceUID, series);
      DcmItem *named = nullptr, *marked = nullptr;
      evidence->findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, named, -2);
      named->putAndInsertOFStringArray(DCM_SeriesInstanceUID, series);
      named->findOrCreateSequenceItem(DCM_ReferencedSOPSequence, marked, -2);
      marked->putAndInsertOFStringArray(DCM_ReferencedSOPInstanceUID, instance);
      if (!frame) continue;
      DcmItem *content = nullptr, *shown = nullptr;
      dataset.findOrCreateSequenceItem(DCM_ContentSequence, content, -2);
      content->putAndInsertString(DCM_ValueType, "IMAGE");
      content->findOrCreateSequenceItem(DCM_ReferencedSOPSequence, shown, -2);
      shown->putAndInsertOFStringArray(DCM_ReferencedSOPInstanceUID, instance);
      shown->putAndInsertString(DCM_ReferencedFrameNumber, frame);
    }
  };
  imaging::write_synthetic(path, key);
}

/// A dark MR series with a segmentation of two cubes beside it.
class ObjectWindowTest : public testing::Test {
 protected:
  void SetUp() override {
    VolumeGeometry geometry;
    geometry.size = {24, 24, 24};
    geometry.spacing_mm = {2, 2, 2};
    const Volume dark(geometry, std::vector<std::int16_t>(geometry.voxel_count(), 10));
    SeriesInfo series;
    series.modality = "MR";
    series.description = "Dark";
    StudyInfo study;
    study.uid = imaging::new_uid();
    ASSERT_TRUE(imaging::write_original_series(folder / "study" / "mr", dark, {}, study, series));
    std::vector<std::uint8_t> labels(geometry.voxel_count());
    for (int z = 8; z < 16; ++z)
      for (int y = 8; y < 16; ++y)
        for (int x = 4; x < 20; ++x) labels[dark.offset(x, y, z)] = x < 12 ? 1 : 2;
    const std::filesystem::path paths[] = {folder / "study"};
    const auto index = imaging::scan(paths);
    ASSERT_TRUE(index);
    imaging::DerivedSeries derived;
    derived.description = "Two cubes";
    ASSERT_TRUE(imaging::write_segmentation(folder / "study" / "cubes.dcm",
                                            LabelMap(geometry, std::move(labels)), segments,
                                            all_series(*index).front(), derived));
    window.resize(1200, 800);
    window.show();
    session.open_paths({folder / "study"});
    ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                           [this] { return session.document().active.has_value(); }));
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }

  static Segment cube(int number, const char* name, std::array<std::uint8_t, 3> colour) {
    Segment segment;
    segment.number = number;
    segment.name = name;
    segment.colour = colour;
    return segment;
  }

  /// The file of the dark series with this image, from 0.
  std::filesystem::path file_of_dark(std::size_t image) const {
    return all_series(session.index()).front().series->files[image];
  }

  /// Clicks the row of an object in the browser and waits until it is open.
  void open_object_row() {
    auto& tree = find_ui<QTreeView>(window, "studies.tree");
    const QAbstractItemModel& model = *tree.model();
    const QModelIndex study = model.index(0, 0, model.index(0, 0));
    for (int i = 0; i < model.rowCount(study); ++i) {
      const QModelIndex row = model.index(i, 0, study);
      if (row.data(StudiesModel::row_role).toInt() == static_cast<int>(StudiesModel::Row::object))
        emit tree.clicked(row);
    }
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }

  /// Pixels of the axial view in which a channel clearly outweighs the others.
  int coloured(int channel) {
    const QImage picture = find_ui<SliceView>(window, "read.axial").picture();
    int count = 0;
    for (int y = 0; y < picture.height(); ++y)
      for (int x = 0; x < picture.width(); ++x) {
        const QColor c = picture.pixelColor(x, y);
        const std::array<int, 3> rgb = {c.red(), c.green(), c.blue()};
        bool outweighs = true;
        for (int other = 0; other < 3; ++other)
          if (other != channel)
            outweighs = outweighs &&
                        rgb[static_cast<std::size_t>(channel)] > 2 * rgb[static_cast<std::size_t>(other)] + 60;
        count += outweighs ? 1 : 0;
      }
    return count;
  }

  const std::array<Segment, 2> segments = {
      cube(1, "Left cube, which bears the longest name of all parts of the body", {255, 0, 0}),
      cube(2, "R&L cube", {0, 0, 255})};
  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
};

TEST_F(ObjectWindowTest, SegmentationLiesOverItsSeriesInItsColours) {
  const int red = coloured(0);
  const int blue = coloured(2);
  open_object_row();
  EXPECT_GT(coloured(0), red + 100);
  EXPECT_GT(coloured(2), blue + 100);
  EXPECT_EQ(find_ui<QCheckBox>(window, "object.part.2").text(), "R&&L cube") << "one & underlines a letter";
  EXPECT_TRUE(find_ui<QTextBrowser>(window, "object.text").toPlainText().contains("24 images of Dark"));
  find_ui<QCheckBox>(window, "object.part.2").click();
  EXPECT_LE(coloured(2), blue + 20);
  EXPECT_GT(coloured(0), red + 100);
}

TEST_F(ObjectWindowTest, LongNamesDoNotPushThePanelOutOfItsFrame) {
  open_object_row();
  const auto& panel = find_ui<QWidget>(window, "read.right");
  const auto& section = find_ui<QWidget>(window, "object");
  EXPECT_LE(section.mapTo(&panel, section.rect().topRight()).x(), panel.width());
  EXPECT_TRUE(find_ui<QCheckBox>(window, "object.part.1").accessibleName().endsWith("of the body"));
  EXPECT_TRUE(find_ui<QCheckBox>(window, "object.part.1").text().endsWith(QChar(0x2026)));
}

TEST_F(ObjectWindowTest, GoesToTheMiddleOfASegment) {
  open_object_row();
  session.set_crosshair({});
  find_ui<QToolButton>(window, "object.find.2").click();
  const WorldPoint& there = session.document().crosshair;
  EXPECT_LE((there.mm - Eigen::Vector3d(31, 23, 16)).cwiseAbs().maxCoeff(), 2) << there.mm.transpose();
}

TEST_F(ObjectWindowTest, AllPartsGoOffAndOnTogether) {
  open_object_row();
  auto& all = find_ui<QToolButton>(window, "object.all");
  all.click();
  EXPECT_EQ(session.document().hidden_parts.size(), 2U);
  all.click();
  EXPECT_TRUE(session.document().hidden_parts.empty());
}

TEST_F(ObjectWindowTest, ObjectOfAnotherPatientSaysSo) {
  open_object_row();
  const auto& warning = find_ui<QLabel>(window, "object.elsewhere");
  EXPECT_TRUE(warning.isHidden());
  write_report(folder / "other" / "report.dcm");
  session.open_paths({folder / "other"});
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  session.open_object("1.2.3.4");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  EXPECT_FALSE(warning.isHidden());
}

TEST_F(ObjectWindowTest, KeyObjectGoesToTheImageItMarks) {
  write_key_object(folder / "key.dcm", {file_of_dark(5)});
  session.open_paths({folder / "key.dcm"});
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  session.open_object("1.2.3.4");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  auto& go = find_ui<QPushButton>(window, "object.mark.0");
  EXPECT_EQ(go.text(), "Image 6 of Dark");
  go.click();
  EXPECT_NEAR(session.document().crosshair.mm.z(), 10, 0.01);
}

TEST_F(ObjectWindowTest, KeyObjectGoesToAnImageOnceItsSeriesIsThere) {
  imaging::write_stack(folder / "more" / "second", {100, 102, 104, 106});
  imaging::SyntheticImage third; // a series that came alone would open by itself
  third.series_uid += ".3";
  imaging::write_stack(folder / "more" / "third", {0, 2, 4}, third);
  write_key_object(folder / "key.dcm", {file_of_dark(5), folder / "more" / "second" / "slice897.dcm"});
  session.open_paths({folder / "more", folder / "key.dcm"});
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  session.open_object("1.2.3.4");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  ASSERT_EQ(session.document().active_item()->series.description, "Dark");
  const WorldPoint before = session.document().crosshair;
  find_ui<QPushButton>(window, "object.mark.1").click();
  EXPECT_TRUE(session.document().crosshair.mm == before.mm) << "the series that is still shown moves";
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  EXPECT_EQ(session.document().active_item()->series.description, "");
  EXPECT_NEAR(session.document().crosshair.mm.z(), 106, 0.01);
}

TEST_F(ObjectWindowTest, KeyObjectMarksTheFrameThatItNames) {
  const auto frames = folder / "frames.dcm";
  session.save_object(*session.document().active, "enhanced", frames);
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  write_key_object(folder / "key.dcm", {frames}, "12");
  session.open_paths({frames, folder / "key.dcm"});
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  session.open_object("1.2.3.4");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  EXPECT_TRUE(find_ui<QPushButton>(window, "object.mark.0").text().startsWith("Image 12 of "));
  EXPECT_FALSE(window.findChild<QPushButton*>("object.mark.1"));
}

TEST(ReportWindowTest, WhatAFileSaysIsNeverTakenForHtml) {
  const QString says = "<b>bold</b> <img src=\"/none\"> R&D";
  const tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window(session);
  window.show();
  write_report(folder / "report.dcm", says.toStdString());
  session.open_paths({folder / "report.dcm"});
  auto& title = find_ui<QLabel>(window, "object.page-title");
  EXPECT_TRUE(QTest::qWaitFor([&] { return title.isVisible() && title.text() == says; }, patience_limit_ms));
  session.show_message({Message::Kind::error, says, says});
  for (const QLabel* label : window.findChildren<QLabel*>())
    if (Qt::mightBeRichText(label->text())) {
      EXPECT_EQ(label->textFormat(), label->text().contains(says) ? Qt::PlainText : Qt::RichText);
    }
  auto& tree = find_ui<QTreeView>(window, "studies.tree");
  const QAbstractItemModel& model = *tree.model();
  const QModelIndex row = model.index(0, 0, model.index(0, 0, model.index(0, 0)));
  EXPECT_FALSE(row.data(Qt::ToolTipRole).toString().contains("<b>"));
}

TEST(ReportWindowTest, ReportAloneIsReadInPlaceOfTheViews) {
  const tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window(session);
  window.resize(1200, 800);
  window.show();
  write_report(folder / "report.dcm");
  session.open_paths({folder / "report.dcm"});
  auto& page = find_ui<QWidget>(window, "object.page");
  QSignalSpy opened(&session, &Session::object_opened);
  ASSERT_TRUE(opened.wait(patience_limit_ms));
  EXPECT_TRUE(QTest::qWaitFor([&page] { return page.isVisible(); }, patience_limit_ms));
  EXPECT_TRUE(find_ui<QTextBrowser>(window, "object.page-text").toPlainText().contains("Nothing suspicious"));
  press_key(page, Qt::Key_Escape);
  EXPECT_FALSE(page.isVisible());
  EXPECT_TRUE(find_ui<QWidget>(window, "read.views").isVisible());
}

TEST_F(ObjectWindowTest, ActiveImageIsSavedAsOneDicomFile) {
  for (const char* kind : {"enhanced", "capture", "parametric-map"}) {
    const auto path = folder / (std::string(kind) + ".dcm");
    session.save_object(*session.document().active, kind, path);
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
    const std::filesystem::path paths[] = {path};
    const auto index = imaging::scan(paths);
    ASSERT_TRUE(index);
    ASSERT_EQ(all_series(*index).size(), 1U) << kind;
    EXPECT_TRUE(
        all_series(*index)[0].series->geometry->matches(session.document().active_item()->volume->geometry()));
  }
  EXPECT_TRUE(window.actions()["file.save-enhanced"]->isEnabled());
  EXPECT_FALSE(window.actions()["file.save-seg"]->isEnabled()) << "there is no map and no mask";
  EXPECT_FALSE(window.actions()["file.save-fractional"]->isEnabled()) << "whole numbers are no probabilities";
}

TEST_F(ObjectWindowTest, AnomalyMapIsSavedAsProbabilities) {
  const Item& image = *session.document().active_item();
  std::vector<float> samples(image.volume->voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i % 256) / 255;
  Item map;
  map.kind = ItemKind::anomaly_map;
  map.name = "Oddness";
  map.method = "quantum";
  map.source = image.id;
  map.volume = std::make_shared<const Volume>(image.volume->geometry(), samples);
  session.set_active(session.document_model().add(std::move(map)));
  ASSERT_TRUE(window.actions()["file.save-fractional"]->isEnabled());
  session.save_object(*session.document().active, "fractional-seg", folder / "map.dcm");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  const auto read = imaging::read_segmentation(folder / "map.dcm");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->fractions.size(), 1U);
  EXPECT_EQ(read->segments.front().name, "Oddness");
  EXPECT_EQ(read->segments.front().algorithm, "AUTOMATIC quantum");
  const auto got = to_float(read->fractions.front());
  ASSERT_EQ(got.size(), samples.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], samples[i], 1e-6) << i;
}

} // namespace
} // namespace bloch::app
