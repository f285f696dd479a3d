#include "imaging/open/open.h"

#include <fstream>

#include <gtest/gtest.h>

#include "imaging/io/image_file.h"
#include "imaging/io/volumes_file.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

Volume labelled(std::vector<float> samples) {
  VolumeGeometry geometry;
  geometry.size = {static_cast<int>(samples.size()), 1, 1};
  return {geometry, std::move(samples)};
}

TEST(Open, ListsImageFilesBesideDicomSeries) {
  const tests::TemporaryFolder folder;
  write_stack(folder / "dicom", {0, 2});
  ASSERT_TRUE(write_image(folder / "mask.nii.gz", labelled({0, 1, 2})));
  const fs::path paths[] = {folder.path()};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index) << index.error().message;
  const auto all = all_series(*index);
  ASSERT_EQ(all.size(), 2U);
  for (const SeriesPlace& place : all) {
    const auto opened = open_series(place);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->volume.geometry().size, place.series->geometry->size);
  }
}

TEST(Open, AnImageFileOfSeveralVolumesIsASeriesOfSeveralVolumes) {
  const tests::TemporaryFolder folder;
  const std::vector<Volume> volumes{labelled({0, 1}), labelled({2, 3}), labelled({4, 5})};
  ASSERT_TRUE(write_volumes(folder / "times.nii.gz", volumes));
  const fs::path paths[] = {folder / "times.nii.gz"};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index) << index.error().message;
  const SeriesPlace place = all_series(*index).at(0);
  EXPECT_EQ(place.series->volumes, 3);
  EXPECT_EQ(volumes_named(*place.series, "volume 2").value(), std::vector<int>{1});
  EXPECT_EQ(to_float(open_series(place, {}, 2)->volume), (std::vector<float>{4, 5}));
  EXPECT_EQ(to_float(open_image(paths[0], {}, {}, 1)->volume), (std::vector<float>{2, 3}));
  EXPECT_EQ(choose_series(paths[0])->series.volumes, 3);
  EXPECT_EQ(unsplit(*place.series).volumes, 3);
  EXPECT_EQ(open_series(place, {}, 3).error().kind, ErrorKind::invalid_parameter);
}

TEST(Open, TakesTheOnlySeriesOfAFolder) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4});
  const auto opened = open_image(folder.path());
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->volume.geometry().size[2], 3);
  EXPECT_EQ(opened->patient.name, "SYNTHETIC^ONE");
  EXPECT_TRUE(opened->patient.studies.empty());
}

TEST(Open, AsksWhichSeriesWhenNoneStandsOut) {
  const tests::TemporaryFolder folder;
  write_stack(folder / "a", {0, 2, 4});
  SyntheticImage image;
  image.series_uid += ".2";
  write_stack(folder / "b", {0, 2}, image);
  const auto opened = open_image(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("--series"), std::string::npos);
  const auto chosen = open_image(folder.path(), image.series_uid);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->volume.geometry().size[2], 2);
  const auto missing = open_image(folder.path(), "1.2.3");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
}

TEST(Open, TakesAnImageFileOfAFolderByWhatItIsCalled) {
  const tests::TemporaryFolder folder;
  write_stack(folder / "dicom", {0, 2, 4});
  fs::create_directory(folder / "masks");
  ASSERT_TRUE(write_image(folder / "masks" / "a.nii.gz", labelled({0, 1})));
  ASSERT_TRUE(write_image(folder / "masks" / "b.nrrd", labelled({0, 1, 2, 3})));
  EXPECT_EQ(open_image(folder.path())->volume.geometry().size[2], 3)
      << "DICOM unless something else is asked for";
  const fs::path paths[] = {folder.path()};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index);
  for (const SeriesPlace& place : all_series(*index)) {
    const auto opened = open_image(folder.path(), place.series->uid);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->volume.geometry().size, place.series->geometry->size);
    EXPECT_EQ(opened->series.uid, place.series->uid);
  }
  for (const char* name : {"masks/b.nrrd", "b.nrrd", "file:masks/b.nrrd"})
    EXPECT_EQ(to_float(open_image(folder.path(), name)->volume), (std::vector<float>{0, 1, 2, 3})) << name;
  EXPECT_TRUE(open_image(folder / "masks" / "b.nrrd", "b.nrrd"));
  ASSERT_TRUE(write_image(folder / "a.nii.gz", labelled({5, 6})));
  EXPECT_FALSE(open_image(folder / "masks", "c.nii"));
  EXPECT_EQ(to_float(open_image(folder.path(), "a.nii.gz")->volume), (std::vector<float>{5, 6}))
      << "the path before the name";
  ASSERT_TRUE(write_image(folder / "two" / "b.nrrd", labelled({5, 6})));
  const auto missing = open_image(folder.path(), "b.nrrd");
  ASSERT_FALSE(missing) << "two files have this name";
  for (const char* choice : {"1.2.826.0.1.3680043.10.1.1", "masks/a.nii.gz", "masks/b.nrrd"})
    EXPECT_NE(missing.error().message.find(choice), std::string::npos) << missing.error().message;
  const auto ambiguous = open_image(folder / "masks");
  ASSERT_FALSE(ambiguous);
  EXPECT_NE(ambiguous.error().message.find("holds 2 series; choose one with --series: file:"),
            std::string::npos)
      << ambiguous.error().message;
  fs::remove(folder / "masks" / "a.nii.gz");
  EXPECT_TRUE(open_image(folder / "masks")) << "the only one";
}

TEST(Open, SaysWhatIsWrongWithAnEmptyFolder) {
  const tests::TemporaryFolder folder;
  const auto opened = open_image(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::not_found);
  EXPECT_NE(opened.error().message.find("is empty"), std::string::npos);
}

TEST(Open, SaysWhatIsWrongWithAFileThatIsNoImage) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "notes.txt") << "only notes";
  const auto opened = open_image(folder / "notes.txt");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("not a DICOM file"), std::string::npos);
}

TEST(Open, ReadsWholeNumbersAsLabels) {
  const tests::TemporaryFolder folder;
  ASSERT_TRUE(write_image(folder / "small.nii", labelled({0, 1, 255})));
  ASSERT_TRUE(write_image(folder / "large.nii", labelled({0, 1, 256})));
  ASSERT_TRUE(write_image(folder / "none.nii", labelled({0, 0.5, 1})));
  const auto small = open_label_map(folder / "small.nii");
  ASSERT_TRUE(small);
  EXPECT_TRUE(small->holds<std::uint8_t>());
  const auto large = open_label_map(folder / "large.nii");
  ASSERT_TRUE(large);
  EXPECT_TRUE(large->holds<std::uint16_t>());
  EXPECT_FALSE(open_label_map(folder / "none.nii"));
}

} // namespace
} // namespace bloch::imaging
