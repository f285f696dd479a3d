#include "app/desktop/main_window.h"

#include <complex>
#include <fstream>

#include <QAbstractItemModel>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>

#include <gtest/gtest.h>

#include "app/panels/studies_model.h"
#include "app/viewers/slice_view.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "imaging/open/open.h"
#include "tests/support/mat_writer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

constexpr int side = 32;

/// A ramp along x in a block of air: every window shows another picture.
Volume make_ramp_volume() {
  VolumeGeometry geometry;
  geometry.size = {side, side, side};
  geometry.spacing_mm = {2, 2, 2};
  geometry.origin.mm = {-31, -31, -31};
  std::vector<std::int16_t> samples;
  for (int z = 0; z < side; ++z)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) samples.push_back(static_cast<std::int16_t>(y < 4 ? 0 : x * 10));
  return {geometry, std::move(samples)};
}

void write_dicom_study(const std::filesystem::path& folder, const std::string& modality) {
  PatientInfo patient;
  patient.name = "TEST^WINDOW";
  patient.id = "T-1";
  StudyInfo study;
  study.uid = imaging::new_uid();
  study.date = "20261123";
  study.description = "Ramp";
  SeriesInfo series;
  series.uid = imaging::new_uid();
  series.modality = modality;
  series.description = "Ramp along x";
  series.number = 3;
  const auto written = imaging::write_original_series(folder, make_ramp_volume(), patient, study, series);
  ASSERT_TRUE(written) << written.error().message;
}

class WindowTest : public testing::Test {
 protected:
  void SetUp() override {
    window.resize(1200, 800);
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  }

  /// Opens a DICOM folder and waits until its series is in the views.
  void open_study(const std::string& modality = "MR") {
    write_dicom_study(folder / "study", modality);
    session.open_paths({folder / "study"});
    ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                           [this] { return session.document().active.has_value(); }));
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }
  SliceView& view(const char* name) { return find_ui<SliceView>(window, QString("read.") + name); }
  WindowLevel shown_window() { return session.document().window_of(*session.document().active); }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
};

TEST_F(WindowTest, EveryActionDoesSomething) {
  EXPECT_TRUE(window.actions().unbound().isEmpty()) << window.actions().unbound().join(' ').toStdString();
}

TEST_F(WindowTest, FolderOfDicomAppearsInTheBrowserAndInTheViews) {
  open_study();
  const QAbstractItemModel& model = *find_ui<QTreeView>(window, "studies.tree").model();
  ASSERT_EQ(model.rowCount(), 1);
  const QModelIndex patient = model.index(0, 0);
  EXPECT_EQ(patient.data().toString(), "TEST^WINDOW");
  const QModelIndex study = model.index(0, 0, patient);
  const QModelIndex series = model.index(0, 0, study);
  EXPECT_EQ(series.data().toString(), "Ramp along x");
  EXPECT_EQ(series.data(StudiesModel::count_role).toString(), QString::number(side));
  EXPECT_TRUE(series.data(StudiesModel::active_role).toBool());
  for (const char* name : {"axial", "coronal", "sagittal"}) EXPECT_TRUE(view(name).scene().volume) << name;
  EXPECT_EQ(find_ui<QLabel>(window, "studies.counts").text(), QString("1 patient · %1 images").arg(side));
}

TEST_F(WindowTest, NiftiFileOpensToo) {
  ASSERT_TRUE(imaging::write_image(folder / "ramp.nii.gz", make_ramp_volume()));
  session.open_paths({folder / "ramp.nii.gz"});
  ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                         [this] { return session.document().active.has_value(); }));
  EXPECT_EQ(view("axial").scene().volume->geometry().size[0], side);
}

TEST_F(WindowTest, FilterHidesWhatDoesNotMatch) {
  open_study();
  auto& tree = find_ui<QTreeView>(window, "studies.tree");
  auto& filter = find_ui<QLineEdit>(window, "studies.filter");
  QTest::keyClicks(&filter, "ramp");
  EXPECT_EQ(tree.model()->rowCount(), 1);
  QTest::keyClicks(&filter, "zzz");
  EXPECT_EQ(tree.model()->rowCount(), 0);
}

TEST_F(WindowTest, WheelScrollsByOneSlice) {
  open_study();
  SliceView& axial = view("axial");
  const int before = axial.slice_index();
  turn_wheel(axial, QPointF(axial.width() / 2.0, axial.height() / 2.0), -120);
  EXPECT_EQ(std::abs(axial.slice_index() - before), 1);
}

TEST_F(WindowTest, DraggingChangesTheWindowAndUndoBringsItBack) {
  open_study();
  const WindowLevel before = shown_window();
  SliceView& axial = view("axial");
  drag(axial, Qt::LeftButton, {100, 100}, {160, 130});
  EXPECT_FALSE(shown_window() == before);
  EXPECT_TRUE(session.document_model().can_undo());
  find_ui<QToolButton>(window, "toolbar.edit.undo").click();
  EXPECT_TRUE(shown_window() == before) << "one drag is one step";
  find_ui<QToolButton>(window, "toolbar.edit.redo").click();
  EXPECT_FALSE(shown_window() == before);
}

TEST_F(WindowTest, PresetKeysOfCtSetTheStandardWindows) {
  open_study("CT");
  press_key(view("axial"), Qt::Key_2);
  EXPECT_TRUE(shown_window() == (WindowLevel{1500, -600, {}})) << "lung";
  press_key(view("axial"), Qt::Key_5);
  EXPECT_TRUE(shown_window() == (WindowLevel{80, 40, {}})) << "brain";
  EXPECT_TRUE(find_ui<QPushButton>(window, "window.preset.5").isChecked());
}

TEST_F(WindowTest, CrosshairLinksTheViews) {
  open_study();
  find_ui<QToolButton>(window, "toolbar.tool.crosshair").click();
  SliceView& axial = view("axial");
  const QPointF place(axial.width() * 0.55, axial.height() * 0.6);
  const WorldPoint wanted = axial.point_at(place);
  click(axial, place);
  EXPECT_LT((session.document().crosshair.mm - wanted.mm).norm(), 1e-6);
  for (const char* name : {"axial", "coronal", "sagittal"})
    EXPECT_TRUE(view(name).scene().crosshair == session.document().crosshair) << name;
}

TEST_F(WindowTest, UnlinkedWindowChangesOneViewAlone) {
  open_study();
  const WindowLevel before = shown_window();
  find_ui<QCheckBox>(window, "planes.link_window").click();
  drag(view("axial"), Qt::LeftButton, {100, 100}, {150, 120});
  EXPECT_FALSE(view("axial").scene().window == before);
  EXPECT_TRUE(view("coronal").scene().window == before);
  find_ui<QCheckBox>(window, "planes.link_window").click();
  EXPECT_TRUE(view("axial").scene().window == before);
}

TEST_F(WindowTest, MeasurementIsListedAndDeleted) {
  open_study();
  press_key(view("axial"), Qt::Key_D);
  EXPECT_EQ(view("axial").tool(), "distance");
  drag(view("axial"), Qt::LeftButton, {120, 120}, {220, 120});
  ASSERT_EQ(session.document().measurements.size(), 1U);
  const double millimetres =
      100 * (view("axial").point_at({1, 0}).mm - view("axial").point_at({0, 0}).mm).norm();
  EXPECT_NEAR(measure(session.document().measurements[0], *view("axial").scene().volume).length, millimetres,
              1e-6);
  press_key(view("axial"), Qt::Key_Delete);
  EXPECT_TRUE(session.document().measurements.empty());
}

TEST_F(WindowTest, EmptyFolderGivesAMessageThatStopsNothing) {
  std::filesystem::create_directory(folder / "empty");
  session.open_paths({folder / "empty"});
  ASSERT_TRUE(wait_until(session, &Session::message_shown,
                         [this] { return find_ui<QWidget>(window, "message_bar").isVisible(); }));
  EXPECT_FALSE(find_ui<QLabel>(window, "message.text").text().isEmpty());
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
  find_ui<QToolButton>(window, "message.close").click();
  EXPECT_FALSE(find_ui<QWidget>(window, "message_bar").isVisible());
}

TEST_F(WindowTest, FileThatIsNoImageIsNamedInTheDetails) {
  std::ofstream(folder / "notes.dcm") << "not an image";
  session.open_paths({folder / "notes.dcm"});
  ASSERT_TRUE(wait_until(session, &Session::message_shown,
                         [this] { return find_ui<QWidget>(window, "message_bar").isVisible(); }));
  const QString all =
      find_ui<QLabel>(window, "message.text").text() + find_ui<QLabel>(window, "message.details").text();
  EXPECT_TRUE(all.contains("notes.dcm")) << all.toStdString();
}

TEST_F(WindowTest, SearchRunsAnActionByItsWords) {
  open_study();
  press_key(view("axial"), Qt::Key_K, Qt::ControlModifier);
  auto& field = find_ui<QLineEdit>(window, "search.field");
  EXPECT_TRUE(field.hasFocus());
  QAction* crosshair = window.actions()["view.crosshair"];
  QTest::keyClicks(&field, "Show cross");
  press_key(field, Qt::Key_Return);
  const auto is_off = [this] { return !find_ui<QCheckBox>(window, "planes.crosshair").isChecked(); };
  EXPECT_TRUE(wait_until(*crosshair, &QAction::triggered, is_off));
  EXPECT_FALSE(view("axial").scene().crosshair_visible);
}

TEST_F(WindowTest, LayoutChoiceHidesViewsAndDoubleClickBringsThemBack) {
  open_study();
  SliceView& axial = view("axial");
  const QPointF middle(axial.width() / 2.0, axial.height() / 2.0);
  send_mouse(axial, QEvent::MouseButtonDblClick, middle, Qt::LeftButton, Qt::LeftButton);
  EXPECT_FALSE(view("coronal").isVisible());
  EXPECT_EQ(find_ui<QComboBox>(window, "toolbar.layout").currentText(), "Axial");
  send_mouse(axial, QEvent::MouseButtonDblClick, middle, Qt::LeftButton, Qt::LeftButton);
  EXPECT_TRUE(view("coronal").isVisible());
}

TEST_F(WindowTest, DroppedMatlabFileGoesWhereItsNumbersBelong) {
  const tests::MatWriter writer;
  const std::string part =
      writer.element(tests::MatWriter::stored_single, writer.bytes(std::vector<float>(64, 1)));
  std::filesystem::create_directories(folder / "mat");
  std::ofstream(folder / "mat" / "scan.mat", std::ios::binary)
      << writer.file(writer.variable(tests::MatWriter::real32, "k", {8, 8}, part + part, true));
  std::ofstream(folder / "mat" / "image.mat", std::ios::binary)
      << writer.file(writer.variable(tests::MatWriter::real32, "i", {8, 8}, part));
  const auto drop = [&](const char* name) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString((folder / "mat" / name).string()))});
    QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QDropEvent event(QPointF(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
    wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); });
  };
  drop("image.mat");
  ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                         [this] { return session.document().active.has_value(); }));
  EXPECT_EQ(session.document().active_item()->name, "image");
  drop("scan.mat");
  const auto* source = window.findChild<QComboBox*>("reconstruct.source");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->currentText(), "scan.mat");
}

TEST_F(WindowTest, ComplexNumbersAreShownWithTheWordThatTheyMayBeRawDataAndCanBeReconstructed) {
  const KSpaceSize size{16, 16, 1, 3, 1};
  ASSERT_TRUE(imaging::write_kspace(
      folder / "k.npy", KSpace(size, std::vector<std::complex<float>>(size.sample_count(), {1, 2}))));
  QSignalSpy messages(&session, &Session::message_shown);
  session.open_paths({folder / "k.npy"});
  ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                         [this] { return session.document().active.has_value(); }));
  ASSERT_FALSE(messages.isEmpty());
  const auto message = messages.first().first().value<Message>();
  EXPECT_TRUE(message.text.startsWith("k.npy holds complex numbers, shown as their magnitude."));
  EXPECT_TRUE(message.details.contains("kx 16 x ky 16, 3 coils")) << message.details.toStdString();
  ASSERT_TRUE(window.actions()["series.reconstruct"]->isEnabled());
  window.actions()["series.reconstruct"]->trigger();
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  const auto* source = window.findChild<QComboBox*>("reconstruct.source");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->currentText(), "k.npy");
  EXPECT_EQ(source->currentData().toString(), "raw");
}

TEST_F(WindowTest, AFolderOfRawDataSaysWhereToReconstructIt) {
  const KSpaceSize size{8, 8, 1, 2, 1};
  std::filesystem::create_directory(folder / "raw");
  ASSERT_TRUE(imaging::write_kspace(
      folder / "raw" / "k.h5", KSpace(size, std::vector<std::complex<float>>(size.sample_count(), {1, 2}))));
  QSignalSpy messages(&session, &Session::message_shown);
  session.open_paths({folder / "raw"});
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  ASSERT_EQ(messages.size(), 1);
  const auto message = messages.first().first().value<Message>();
  EXPECT_EQ(message.kind, Message::Kind::information);
  EXPECT_TRUE(message.text.contains("k.h5 holds k-space, not an image: \"Open raw k-space…\""))
      << message.text.toStdString();
  EXPECT_TRUE(session.index().rejected.empty());
  EXPECT_FALSE(window.actions()["series.reconstruct"]->isEnabled());
}

TEST_F(WindowTest, SavedImageReadsBackTheSame) {
  open_study();
  const auto path = folder / "saved.nii.gz";
  session.save_image(*session.document().active, path);
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  const auto read = imaging::read_image(path);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->geometry().matches(session.document().active_item()->volume->geometry()));
  EXPECT_TRUE(std::filesystem::exists(recipe_path(path)));
}

TEST_F(WindowTest, SavedColoursReadBackTheSame) {
  VolumeGeometry geometry;
  geometry.size = {8, 8, 1};
  std::vector<std::array<std::uint8_t, 3>> colours(64);
  for (std::size_t i = 0; i < colours.size(); ++i)
    colours[i] = {static_cast<std::uint8_t>(i * 3), static_cast<std::uint8_t>(255 - i), 7};
  const RgbVolume wanted(geometry, colours);
  ASSERT_TRUE(imaging::write_derived_colours(folder / "source", wanted, {}, {}, {}));
  session.open_paths({folder / "source"});
  ASSERT_TRUE(wait_until(session.document_model(), &DocumentModel::changed,
                         [this] { return session.document().active.has_value(); }));
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  session.save_series(*session.document().active, folder / "saved");
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  const auto back = imaging::open_image(folder / "saved");
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_TRUE(back->colour);
  EXPECT_TRUE(std::ranges::equal(back->colour->samples<std::array<std::uint8_t, 3>>(), colours));
}

TEST_F(WindowTest, PictureOfTheWindowShowsTheImageAndTheTheme) {
  open_study();
  const QImage picture = window.grab().toImage();
  EXPECT_EQ(QColor(picture.pixel(picture.width() / 2, 2)).name().toUpper(), QString("#15191D"))
      << "toolbar is surface";
  // The ramp: somewhere in the axial view there is a bright pixel, and its surroundings are black.
  const QPoint corner = view("axial").mapTo(&window, QPoint(0, 0));
  int brightest = 0;
  for (int x = 0; x < view("axial").width(); ++x)
    brightest =
        std::max(brightest, qGray(picture.pixel(corner.x() + x, corner.y() + view("axial").height() * 2 / 3)));
  EXPECT_GT(brightest, 200);
}

} // namespace
} // namespace bloch::app
