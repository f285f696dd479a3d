// Series of several volumes, slices that are not on a grid, and folders that grow, in the real window.
#include <vector>

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

#include <gtest/gtest.h>

#include "app/desktop/main_window.h"
#include "app/panels/studies_model.h"
#include "app/viewers/slice_view.h"
#include "app/widgets/message_bar.h"
#include "core/parameters/recipe.h"
#include "imaging/dicom/objects.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/volumes_file.h"
#include "imaging/open/open.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

class VolumesTest : public testing::Test {
 protected:
  void SetUp() override {
    patient.name = "TEST^VOLUMES";
    patient.id = "T-2";
    study.uid = imaging::new_uid();
    series.uid = imaging::new_uid();
    series.frame_of_reference_uid = imaging::new_uid();
    series.modality = "MR";
    series.description = "Ramp";
    window.resize(1200, 800);
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  }

  /// Six slices of 16 x 16 with one value, 2 mm apart from `begin`.
  void write(const std::string& name, std::int16_t value, int slices = 6, double begin = 0) {
    VolumeGeometry geometry;
    geometry.size = {16, 16, slices};
    geometry.spacing_mm = {1, 1, 2};
    geometry.origin.mm = {0, 0, begin};
    std::vector<std::int16_t> samples(geometry.voxel_count(), value);
    samples[0] = 0;
    const auto written = imaging::write_original_series(folder / name, Volume(geometry, std::move(samples)),
                                                        patient, study, series);
    ASSERT_TRUE(written) << written.error().message;
  }

  void open() {
    session.open_paths({folder.path()});
    wait();
    ASSERT_TRUE(active());
  }
  void wait() {
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }
  void show_second_volume() {
    open();
    session.step_volume(1);
    wait();
  }
  QDialog& ask_which_to_save() {
    window.actions()["file.save-series"]->trigger();
    auto& dialog = find_ui<QDialog>(window, "save-volumes.dialog");
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&dialog));
    return dialog;
  }
  const Item* active() { return session.document().active_item(); }
  double middle_value() { return value_at(*active()->volume, 8, 8, 3); }
  fs::path middle_file(const std::string& name) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder / name)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files[files.size() / 2];
  }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
  PatientInfo patient;
  StudyInfo study;
  SeriesInfo series;
};

TEST_F(VolumesTest, StepsThroughTheVolumesOfASeries) {
  write("a", 100);
  write("b", 200);
  open();
  EXPECT_EQ(middle_value(), 100);
  auto& combo = find_ui<QComboBox>(window, "studies.volume");
  EXPECT_TRUE(combo.isVisible());
  EXPECT_EQ(combo.count(), 3); // two volumes, and all images in one stack
  QTest::mouseClick(&find_ui<QToolButton>(window, "studies.next_volume"), Qt::LeftButton);
  wait();
  EXPECT_EQ(middle_value(), 200);
  EXPECT_EQ(combo.currentIndex(), 1);
  window.actions()["view.previous-volume"]->trigger();
  wait();
  EXPECT_EQ(middle_value(), 100);
  const QAbstractItemModel& model = *find_ui<QTreeView>(window, "studies.tree").model();
  const QModelIndex row = model.index(0, 0, model.index(0, 0, model.index(0, 0)));
  EXPECT_TRUE(row.data(StudiesModel::active_role).toBool());
  EXPECT_TRUE(row.data(StudiesModel::detail_role).toString().contains("2 volumes"));
}

TEST_F(VolumesTest, PutsASeriesBackTogether) {
  write("a", 100);
  write("b", 200);
  open();
  session.open_series(QString::fromStdString(series.uid), true, all_images);
  wait();
  EXPECT_EQ(active()->volume->geometry().size[2], 12);
  EXPECT_EQ(find_ui<QComboBox>(window, "studies.volume").currentIndex(), 2);
  session.open_series(QString::fromStdString(series.uid), true, 0);
  wait();
  EXPECT_EQ(active()->volume->geometry().size[2], 6);
}

TEST_F(VolumesTest, ResamplesASeriesWithAGapOnRequestAndSaysSo) {
  write("a", 100, 7);
  fs::remove(middle_file("a"));
  open();
  EXPECT_EQ(active()->volume->geometry().size[2], 6);
  EXPECT_EQ(active()->tags, std::vector<std::string>{"UNEVEN"});
  EXPECT_TRUE(window.actions()["series.resample"]->isEnabled());
  QTest::mouseClick(&find_ui<QPushButton>(window, "geometry.resample"), Qt::LeftButton);
  wait();
  EXPECT_EQ(active()->kind, ItemKind::resampled);
  EXPECT_EQ(active()->volume->geometry().size[2], 7);
  const auto& tags = find_ui<SliceView>(window, "read.axial").scene().tags;
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].text, "RESAMPLED");
  EXPECT_TRUE(tags[0].warning);
  EXPECT_FALSE(window.actions()["series.resample"]->isEnabled());
}

TEST_F(VolumesTest, FindsNewImagesWithoutLosingWhatIsShown) {
  write("a", 100);
  open();
  const ItemId shown = active()->id;
  write("b", 100, 4, 12); // four more slices on top
  window.actions()["file.rescan"]->trigger();
  wait();
  ASSERT_TRUE(active());
  EXPECT_EQ(active()->id, shown);
  ASSERT_TRUE(session.find_series(QString::fromStdString(series.uid)));
  EXPECT_EQ(session.find_series(QString::fromStdString(series.uid))->series.images.size(), 10U);
  session.open_series(QString::fromStdString(series.uid));
  wait();
  EXPECT_EQ(active()->volume->geometry().size[2], 10);
}

/// A NIfTI file of volumes that each have one value, but for the first voxel.
void write_chances(const fs::path& path, const std::vector<float>& values) {
  VolumeGeometry geometry;
  geometry.size = {16, 16, 12}; // VTK 9.1 reads past the end of volumes of few slices when it shades them
  std::vector<Volume> volumes;
  for (const float value : values) {
    std::vector<float> samples(geometry.voxel_count(), value);
    samples[0] = 0.5F;
    volumes.emplace_back(geometry, std::move(samples));
  }
  const auto written = imaging::write_volumes(path, volumes);
  ASSERT_TRUE(written) << written.error().message;
}

/// Gives a name to the file dialog that is open, and accepts it.
void choose_file(MainWindow& window, const fs::path& path) {
  auto& dialog = find_ui<QFileDialog>(window, "file.dialog");
  dialog.setDirectory(QString::fromStdString(path.parent_path().string()));
  dialog.findChild<QLineEdit*>("fileNameEdit")->setText(QString::fromStdString(path.filename().string()));
  QMetaObject::invokeMethod(&dialog, "accept");
}

TEST_F(VolumesTest, SavesEveryVolumeAsASegmentOfOneFile) {
  write_chances(folder / "chances.nii", {0.2F, 0.8F, 1.0F});
  open();
  session.step_volume(1);
  wait();
  ASSERT_TRUE(window.actions()["file.save-fractional"]->isEnabled());
  window.actions()["file.save-fractional"]->trigger();
  auto& dialog = find_ui<QDialog>(window, "fractional.dialog");
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  EXPECT_EQ(find_ui<QLineEdit>(dialog, "fractional.name-1").text(), "Segment 1");
  auto& name = find_ui<QLineEdit>(dialog, "fractional.name-2");
  auto& save = find_ui<QPushButton>(dialog, "fractional.save");
  name.clear();
  EXPECT_FALSE(save.isEnabled()) << "a segment without a name";
  QTest::keyClicks(&name, "White matter");
  QTest::mouseClick(&find_ui<QToolButton>(dialog, "fractional.values.occupancy"), Qt::LeftButton);
  QTest::mouseClick(&save, Qt::LeftButton);
  choose_file(window, folder / "all.dcm");
  wait();
  const auto read = imaging::read_segmentation(folder / "all.dcm");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->fractions.size(), 3U);
  EXPECT_EQ(read->segments[0].name, "Segment 1");
  EXPECT_EQ(read->segments[1].name, "White matter");
  const double values[] = {0.2, 0.8, 1.0};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(value_at(read->fractions[i], 8, 8, 2), values[i], 1e-6) << i;
  EXPECT_TRUE(fs::exists(folder / "all.dcm.recipe.json"));
}

TEST_F(VolumesTest, SavesTheVolumeThatIsShownAlone) {
  write_chances(folder / "chances.nii", {0.2F, 0.8F, 3.0F});
  open();
  session.step_volume(1);
  wait();
  window.actions()["file.save-fractional"]->trigger();
  auto& dialog = find_ui<QDialog>(window, "fractional.dialog");
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  QTest::mouseClick(&find_ui<QToolButton>(dialog, "fractional.volumes.shown"), Qt::LeftButton);
  EXPECT_FALSE(find_ui<QLineEdit>(dialog, "fractional.name-1").isEnabled());
  QTest::mouseClick(&find_ui<QPushButton>(dialog, "fractional.save"), Qt::LeftButton);
  choose_file(window, folder / "one.dcm");
  wait();
  const auto read = imaging::read_segmentation(folder / "one.dcm");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->fractions.size(), 1U);
  EXPECT_EQ(read->segments[0].name, "Segment 2");
  EXPECT_NEAR(value_at(read->fractions[0], 8, 8, 2), 0.8, 1e-6);
}

/// What the window said last.
struct LastMessage {
  explicit LastMessage(Session& session, QObject& context) {
    QObject::connect(&session, &Session::message_shown, &context,
                     [this](const Message& message) { text = message.text; });
  }
  QString text;
};

TEST_F(VolumesTest, SavesAllVolumesAsOneDicomSeries) {
  write_chances(folder / "chances.nii", {0.2F, 0.8F, 1.0F});
  show_second_volume();
  const LastMessage said(session, window);
  auto& dialog = ask_which_to_save();
  QTest::mouseClick(&find_ui<QPushButton>(dialog, "save-volumes.save"), Qt::LeftButton);
  choose_file(window, folder / "all");
  wait();
  EXPECT_EQ(said.text, "Saved a DICOM series of 3 volumes in all.");
  const double values[] = {0.2, 0.8, 1.0};
  for (int volume = 0; volume < 3; ++volume) {
    const auto back = imaging::open_image(folder / "all", {}, {}, volume);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->series.volumes, 3);
    EXPECT_NEAR(value_at(back->volume, 8, 8, 2), values[volume], 1e-4) << volume;
  }
  EXPECT_TRUE(fs::exists(recipe_path(folder / "all")));
}

TEST_F(VolumesTest, SavesTheVolumeThatIsShownAsASeriesAndSaysSo) {
  write_chances(folder / "chances.nii", {0.2F, 0.8F, 1.0F});
  show_second_volume();
  const LastMessage said(session, window);
  auto& dialog = ask_which_to_save();
  QTest::mouseClick(&find_ui<QToolButton>(dialog, "save-volumes.volumes.shown"), Qt::LeftButton);
  QTest::mouseClick(&find_ui<QPushButton>(dialog, "save-volumes.save"), Qt::LeftButton);
  choose_file(window, folder / "one");
  wait();
  EXPECT_EQ(said.text, "Saved volume 2 of 3 as a DICOM series in one.");
  const auto back = imaging::open_image(folder / "one");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->series.volumes, 1);
  EXPECT_NEAR(value_at(back->volume, 8, 8, 2), 0.8, 1e-4);
}

TEST_F(VolumesTest, NamesTheVolumeThatHoldsNoFractions) {
  write_chances(folder / "chances.nii", {0.2F, 3.0F});
  open();
  QStringList errors;
  QObject::connect(&session, &Session::message_shown, &window, [&](const Message& message) {
    if (message.kind == Message::Kind::error) errors << message.text + " " + message.details;
  });
  session.save_fractions(active()->id, {.all_volumes = true, .names = {"Grey", "White"}}, folder / "none.dcm");
  wait();
  ASSERT_EQ(errors.size(), 1);
  EXPECT_TRUE(errors[0].contains("volume 2 (White)")) << errors[0].toStdString();
  EXPECT_TRUE(errors[0].contains("from 0.5 to 3")) << errors[0].toStdString();
  EXPECT_FALSE(fs::exists(folder / "none.dcm"));
}

} // namespace
} // namespace bloch::app
