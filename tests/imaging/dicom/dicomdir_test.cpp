#include "imaging/dicom/dicomdir.h"

#include <algorithm>
#include <fstream>

#include <dcmtk/dcmdata/dcdirrec.h>
#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// A DICOMDIR with one image record a file ID, in one level: all that a reader of names needs.
void write_dicomdir(const fs::path& path, const std::vector<std::string>& file_ids) {
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  dataset.putAndInsertString(DCM_FileSetID, "TEST");
  auto* records = new DcmSequenceOfItems(DcmTag(DCM_DirectoryRecordSequence));
  for (const std::string& id : file_ids) {
    auto* record = new DcmItem;
    record->putAndInsertString(DCM_DirectoryRecordType, "IMAGE");
    if (!id.empty()) record->putAndInsertString(DCM_ReferencedFileID, id.c_str());
    records->append(record);
  }
  dataset.insert(records);
  file.getMetaInfo()->putAndInsertString(DCM_MediaStorageSOPClassUID, UID_MediaStorageDirectoryStorage);
  dataset.putAndInsertString(DCM_SOPClassUID, UID_MediaStorageDirectoryStorage);
  dataset.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");
  ASSERT_TRUE(file.saveFile(path.c_str(), EXS_LittleEndianExplicit).good());
}

StudyIndex medium_scanned(const fs::path& path) {
  const fs::path paths[] = {path};
  auto index = scan(paths);
  EXPECT_TRUE(index);
  return index ? *index : StudyIndex{};
}

TEST(Dicomdir, OpensTheFilesThatItNamesAndReportsThoseThatAreNotThere) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  fs::create_directories(folder / "images" / "a");
  write_synthetic(folder / "images" / "a" / "im1", image);
  image.number = 2;
  image.z = 2;
  write_synthetic(folder / "images" / "a" / "im2.;1", image); // as ISO 9660 may show it
  write_dicomdir(folder / "DICOMDIR", {"IMAGES\\A\\IM1", "IMAGES\\A\\IM2", "IMAGES\\A\\IM3", ""});
  const auto directory = read_dicomdir(folder / "DICOMDIR");
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->files.size(), 2U);
  ASSERT_EQ(directory->missing.size(), 1U);
  EXPECT_EQ(directory->missing[0].path, folder.path() / "IMAGES/A/IM3");
  // Given alone, and with its folder: the same series, and the same one file missing.
  for (const fs::path& path : {folder / "DICOMDIR", folder.path()}) {
    const StudyIndex index = medium_scanned(path);
    const auto all = all_series(index);
    ASSERT_EQ(all.size(), 1U) << path;
    EXPECT_EQ(all[0].series->images.size(), 2U);
    ASSERT_EQ(index.rejected.size(), 2U);
    EXPECT_EQ(index.rejected[0].reason, "a DICOMDIR: 2 of the 3 files that it names are there");
    EXPECT_NE(index.rejected[1].reason.find("not there"), std::string::npos);
  }
}

TEST(Dicomdir, NeverLeavesItsFolder) {
  const tests::TemporaryFolder folder;
  fs::create_directories(folder / "cd");
  write_synthetic(folder / "secret", {});
  write_dicomdir(folder / "cd" / "DICOMDIR", {"..\\secret", ".\\x", "a/../../secret"});
  const auto directory = read_dicomdir(folder / "cd" / "DICOMDIR");
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_TRUE(directory->files.empty());
  EXPECT_EQ(directory->missing.size(), 3U);
}

TEST(Dicomdir, IsRefusedWhenItIsNone) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "DICOMDIR", {});
  const auto directory = read_dicomdir(folder / "DICOMDIR");
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(all_series(medium_scanned(folder.path())).size(), 1U); // an image that is only called so
  std::ofstream(folder / "DICOMDIR") << "nothing of the kind, but long enough to be looked at in earnest";
  EXPECT_FALSE(read_dicomdir(folder / "DICOMDIR"));
}

} // namespace
} // namespace bloch::imaging
