#include "app/desktop/snapshot.h"

#include <QFileInfo>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/dicom/objects.h"
#include "imaging/dicom/scan.h"
#include "imaging/dicom/write_objects.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

class SnapshotTest : public testing::Test {
 protected:
  /// Opens the path and waits for the pictures; their names.
  QStringList pictures_of(const std::filesystem::path& path) {
    snapshot = std::make_unique<Snapshot>(window, session, folder / "pictures", true);
    bool done = false;
    QObject::connect(snapshot.get(), &Snapshot::finished, &window, [&done] { done = true; });
    window.resize(1200, 800);
    window.show();
    session.open_paths({path});
    EXPECT_TRUE(wait_until(*snapshot, &Snapshot::finished, [&done] { return done; }));
    QStringList names;
    for (const QString& written : snapshot->written()) names << QFileInfo(written).completeBaseName();
    return names;
  }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
  std::unique_ptr<Snapshot> snapshot;
};

TEST_F(SnapshotTest, PicturesTheStudyThenEachOfItsObjects) {
  VolumeGeometry geometry;
  geometry.size = {8, 8, 4};
  const Volume image(geometry, std::vector<std::int16_t>(geometry.voxel_count(), 10));
  StudyInfo study;
  study.uid = imaging::new_uid();
  SeriesInfo series;
  series.modality = "MR";
  ASSERT_TRUE(imaging::write_original_series(folder / "study" / "mr", image, {}, study, series));
  const std::filesystem::path paths[] = {folder / "study"};
  const auto index = imaging::scan(paths);
  ASSERT_TRUE(index);
  const Segment segments[] = {{1, "All of it", {}, {}, {}, {255, 0, 0}}};
  ASSERT_TRUE(imaging::write_segmentation(
      folder / "study" / "seg.dcm", LabelMap(geometry, std::vector<std::uint8_t>(geometry.voxel_count(), 1)),
      segments, all_series(*index).front(), imaging::DerivedSeries{}));
  const QStringList names = pictures_of(folder / "study");
  EXPECT_TRUE(names.contains("read-axial")) << names.join(' ').toStdString();
  EXPECT_TRUE(names.contains("object-1-axial")) << names.join(' ').toStdString();
  EXPECT_FALSE(names.contains("reconstruct"));
  EXPECT_TRUE(snapshot->problems().isEmpty()) << snapshot->problems().join('\n').toStdString();
}

TEST_F(SnapshotTest, PicturesTheMessageWhereNothingOpens) {
  ASSERT_TRUE(write_file(folder / "notes.dcm", "no image"));
  EXPECT_TRUE(pictures_of(folder / "notes.dcm").contains("read"));
  EXPECT_EQ(snapshot->problems().size(), 1);
}

} // namespace
} // namespace bloch::app
