#include "imaging/dicom/scan.h"

#include <chrono>
#include <fstream>

#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

TEST(Scan, SaysThatAFileMayStillBeWritten) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "a.dcm", {});
  fs::resize_file(folder / "a.dcm", fs::file_size(folder / "a.dcm") - 10);
  StudyIndex index = scanned(folder.path());
  ASSERT_EQ(index.rejected.size(), 1U);
  EXPECT_NE(index.rejected[0].reason.find("scan again"), std::string::npos) << index.rejected[0].reason;
  fs::last_write_time(folder / "a.dcm", fs::file_time_type::clock::now() - std::chrono::hours(1));
  index = scanned(folder.path());
  ASSERT_EQ(index.rejected.size(), 1U);
  EXPECT_EQ(index.rejected[0].reason.find("scan again"), std::string::npos) << index.rejected[0].reason;
}

TEST(Scan, ReportsAFileThatVanishesBeforeItsPixelsAreRead) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4});
  const SeriesInfo series = only_series(folder.path());
  fs::remove(series.files[1]);
  const auto volume = read_volume(series);
  ASSERT_FALSE(volume);
  EXPECT_EQ(volume.error().kind, ErrorKind::not_found);
  EXPECT_NE(volume.error().message.find(series.files[1].filename().string()), std::string::npos)
      << volume.error().message;
}

TEST(Scan, GroupsPatientsStudiesAndSeries) {
  const tests::TemporaryFolder folder;
  for (int study = 0; study < 2; ++study)
    for (int series = 0; series < 2; ++series) {
      SyntheticImage image;
      image.study_uid += "." + std::to_string(study);
      image.series_uid = image.study_uid + ".7." + std::to_string(series);
      image.change = [&](DcmDataset& dataset) {
        dataset.putAndInsertString(DCM_StudyDate, study == 0 ? "20200101" : "20210101");
        dataset.putAndInsertString(DCM_SeriesNumber, std::to_string(9 - series).c_str());
      };
      write_stack(folder.path() / (std::to_string(study) + std::to_string(series)), {0, 1}, image);
    }
  const StudyIndex index = scanned(folder.path());
  ASSERT_EQ(index.patients.size(), 1U);
  ASSERT_EQ(index.patients[0].studies.size(), 2U);
  EXPECT_EQ(index.patients[0].studies[0].date, "20210101");
  ASSERT_EQ(index.patients[0].studies[0].series.size(), 2U);
  EXPECT_EQ(index.patients[0].studies[0].series[0].number, 8);
}

TEST(Scan, RefusesWhatIsNoDicomWithAReason) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "notes.txt")
      << "These are only notes, and long enough to look at. They go on for a while.";
  std::ofstream(folder.path() / "empty.dcm");
  write_synthetic(folder.path() / "a.dcm", {});
  const StudyIndex index = scanned(folder.path());
  EXPECT_EQ(all_series(index).size(), 1U);
  ASSERT_EQ(index.rejected.size(), 2U);
  for (const RejectedFile& file : index.rejected) EXPECT_EQ(file.reason, "not a DICOM file");
}

TEST(Scan, RefusesATruncatedFile) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder.path() / "a.dcm", {});
  fs::resize_file(folder.path() / "a.dcm", fs::file_size(folder.path() / "a.dcm") - 10);
  const StudyIndex index = scanned(folder.path());
  EXPECT_TRUE(all_series(index).empty());
  ASSERT_EQ(index.rejected.size(), 1U);
  EXPECT_NE(index.rejected[0].reason.find("pixel data is cut off"), std::string::npos)
      << index.rejected[0].reason;
}

TEST(Scan, RefusesMoreFramesThanTheFileHolds) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) { dataset.putAndInsertString(DCM_NumberOfFrames, "1000"); };
  write_synthetic(folder.path() / "a.dcm", image);
  const StudyIndex index = scanned(folder.path());
  ASSERT_EQ(index.rejected.size(), 1U);
  EXPECT_NE(index.rejected[0].reason.find("cut off"), std::string::npos);
}

TEST(Scan, ListsObjectsThatAreNoImages) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_SOPClassUID, UID_RTStructureSetStorage);
    dataset.findAndDeleteElement(DCM_PixelData);
  };
  write_synthetic(folder.path() / "a.dcm", image);
  const StudyIndex index = scanned(folder.path());
  EXPECT_TRUE(index.rejected.empty());
  EXPECT_TRUE(all_series(index).empty());
  const auto objects = all_objects(index);
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0].object->kind, ObjectKind::structure_set);
  EXPECT_EQ(objects[0].object->name, "RT Structure Set");
  EXPECT_EQ(objects[0].patient->name, "SYNTHETIC^ONE");
}

TEST(Scan, RefusesAnImageWithoutPixels) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) { dataset.findAndDeleteElement(DCM_PixelData); };
  write_synthetic(folder.path() / "a.dcm", image);
  const StudyIndex index = scanned(folder.path());
  EXPECT_TRUE(all_objects(index).empty());
  ASSERT_EQ(index.rejected.size(), 1U);
  EXPECT_EQ(index.rejected[0].reason, "the object MR Image without pixel data");
}

TEST(Scan, TakesACopyOfAnInstanceOnce) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  fs::copy_file(folder.path() / "slice900.dcm", folder.path() / "slice900 copy.dcm");
  const StudyIndex index = scanned(folder.path());
  ASSERT_EQ(all_series(index).size(), 1U);
  EXPECT_EQ(all_series(index)[0].series->instances, 2);
  ASSERT_EQ(index.rejected.size(), 1U);
  EXPECT_NE(index.rejected[0].reason.find("the same instance"), std::string::npos);
}

TEST(Scan, FailsOnAPathThatIsNotThere) {
  const fs::path paths[] = {"/nowhere/at/all"};
  const auto index = scan(paths);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().kind, ErrorKind::not_found);
}

TEST(Scan, StopsWhenCancelled) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  const Progress progress;
  const Progress listening([](double, const std::string&) {});
  listening.cancel();
  const fs::path paths[] = {folder.path()};
  const auto index = scan(paths, listening);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().kind, ErrorKind::cancelled);
}

TEST(Scan, ReadsFilesWithoutMetaHeader) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  write_synthetic(folder.path() / "whole.dcm", image);
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder.path() / "whole.dcm").c_str()).good());
  fs::remove(folder.path() / "whole.dcm");
  ASSERT_TRUE(file.getDataset()->saveFile((folder.path() / "bare").c_str(), EXS_LittleEndianImplicit).good());
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(series.transfer_syntax, "1.2.840.10008.1.2");
  EXPECT_TRUE(read_volume(series));
}

} // namespace
} // namespace bloch::imaging
