#include "imaging/archive/archive.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "imaging/io/image_file.h"
#include "imaging/open/open.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

struct Entry {
  std::string name;
  std::string content;
  std::string link; ///< a symbolic link to this
};

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// format: as archive_write_set_format_by_name calls it; packed by gzip when the name says so.
void write_archive(const fs::path& path, const std::string& format, const std::vector<Entry>& entries) {
  struct archive* out = archive_write_new();
  ASSERT_EQ(archive_write_set_format_by_name(out, format.c_str()), ARCHIVE_OK);
  if (path.extension() == ".gz" || path.extension() == ".tgz") archive_write_add_filter_gzip(out);
  ASSERT_EQ(archive_write_open_filename(out, path.c_str()), ARCHIVE_OK);
  for (const Entry& entry : entries) {
    struct archive_entry* head = archive_entry_new();
    archive_entry_set_pathname(head, entry.name.c_str());
    archive_entry_set_perm(head, 0644);
    archive_entry_set_filetype(head, entry.link.empty() ? AE_IFREG : AE_IFLNK);
    if (!entry.link.empty()) archive_entry_set_symlink(head, entry.link.c_str());
    archive_entry_set_size(head, static_cast<la_int64_t>(entry.content.size()));
    ASSERT_EQ(archive_write_header(out, head), ARCHIVE_OK) << archive_error_string(out);
    archive_write_data(out, entry.content.data(), entry.content.size());
    archive_entry_free(head);
  }
  ASSERT_EQ(archive_write_close(out), ARCHIVE_OK);
  archive_write_free(out);
}

std::vector<Entry> small_study(const fs::path& folder) {
  write_stack(folder, {0, 2, 4});
  std::vector<Entry> entries;
  for (const auto& file : fs::directory_iterator(folder))
    entries.push_back({"STUDY/" + file.path().filename().string(), content_of(file.path()), {}});
  return entries;
}

class ArchiveKinds : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(ArchiveKinds, OpensAsAFolderDoes) {
  const tests::TemporaryFolder folder;
  const fs::path path = folder / (std::string("study") + GetParam().second);
  write_archive(path, GetParam().first, small_study(folder / "plain"));
  const auto packed = open_image(path);
  ASSERT_TRUE(packed) << packed.error().message;
  const auto plain = open_image(folder / "plain");
  ASSERT_TRUE(plain);
  EXPECT_TRUE(packed->volume.geometry().matches(plain->volume.geometry()));
  EXPECT_EQ(to_float(packed->volume), to_float(plain->volume));
  const fs::path paths[] = {path};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index);
  EXPECT_EQ(all_series(*index).size(), 1U);
  EXPECT_TRUE(index->rejected.empty());
}

INSTANTIATE_TEST_SUITE_P(All, ArchiveKinds,
                         ::testing::Values(std::pair("zip", ".zip"), std::pair("pax", ".tar"),
                                           std::pair("gnutar", ".tar.gz"), std::pair("ustar", ".TGZ"),
                                           std::pair("7zip", ".7z"), std::pair("iso9660", ".iso")));

TEST(Archive, ItsImageFilesAreChosenByTheNameThatIsListed) {
  const tests::TemporaryFolder folder;
  VolumeGeometry geometry;
  geometry.size = {2, 1, 1};
  ASSERT_TRUE(write_image(folder / "mask.nii", Volume(geometry, std::vector<float>{3, 4})));
  std::vector<Entry> entries = small_study(folder / "plain");
  entries.push_back({"STUDY/mask.nii", content_of(folder / "mask.nii"), {}});
  write_archive(folder / "study.zip", "zip", entries);
  const fs::path paths[] = {folder / "study.zip"};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index);
  const std::string listed = "file:" + (folder / "study.zip" / "STUDY" / "mask.nii").string();
  EXPECT_EQ(all_series(*index).back().series->uid, listed);
  for (const std::string& name : {listed, std::string("STUDY/mask.nii")}) {
    const auto opened = open_image(paths[0], name);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(to_float(opened->volume), (std::vector<float>{3, 4}));
    EXPECT_EQ(opened->series.uid, listed);
  }
}

TEST(Archive, NoEntryEscapesItsFolder) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "bad.tar", "pax",
                {{"../../escaped", "1", {}},
                 {"/absolute/file", "2", {}},
                 {"a/../../b", "3", {}},
                 {"link", "", "/etc/passwd"},
                 {"link/through", "4", {}}});
  const auto archive = unpack_archive(folder / "bad.tar");
  ASSERT_TRUE(archive) << archive.error().message;
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(archive->folder)) {
    EXPECT_FALSE(entry.is_symlink()) << entry.path();
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), archive->folder).string());
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"a/b", "absolute/file", "escaped", "link/through"}));
  ASSERT_EQ(archive->rejected.size(), 1U);
  EXPECT_EQ(archive->rejected[0].path, folder.path() / "bad.tar" / "link");
  EXPECT_EQ(fs::status(archive->folder).permissions() & fs::perms::others_all, fs::perms::none);
}

TEST(Archive, KeepsFilesOfOneName) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "same.tar", "pax", {{"x", "1", {}}, {"x", "2", {}}, {"x/y", "3", {}}});
  const auto archive = unpack_archive(folder / "same.tar");
  ASSERT_TRUE(archive) << archive.error().message;
  std::string contents;
  for (const auto& entry : fs::recursive_directory_iterator(archive->folder))
    if (entry.is_regular_file()) contents += content_of(entry.path());
  std::sort(contents.begin(), contents.end());
  EXPECT_EQ(contents, "123");
}

TEST(Archive, UnpacksTheSameFileOnce) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "a.zip", "zip", {{"x", "1", {}}});
  const auto first = unpack_archive(folder / "a.zip");
  const auto second = unpack_archive(folder / "a.zip");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->folder, second->folder);
}

TEST(Archive, RefusesABomb) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "bomb.tar.gz", "pax", {{"zeros", std::string(8 << 20, '\0'), {}}});
  ArchiveLimits limits;
  limits.free_bytes = 1 << 20;
  limits.growth = 100;
  const auto grown = unpack_archive(folder / "bomb.tar.gz", limits);
  ASSERT_FALSE(grown);
  EXPECT_EQ(grown.error().kind, ErrorKind::unsupported);
  EXPECT_NE(grown.error().message.find("100 times"), std::string::npos) << grown.error().message;
  limits.growth = 1e9;
  limits.bytes = 4 << 20;
  EXPECT_FALSE(unpack_archive(folder / "bomb.tar.gz", limits));
  std::vector<Entry> many;
  for (int i = 0; i < 20; ++i) many.push_back({"f" + std::to_string(i), "", {}});
  write_archive(folder / "many.zip", "zip", many);
  limits.entries = 10;
  const auto crowded = unpack_archive(folder / "many.zip", limits);
  ASSERT_FALSE(crowded);
  EXPECT_NE(crowded.error().message.find("more than 10 entries"), std::string::npos);
}

TEST(Archive, SaysWhatIsWrongWithADamagedOne) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "none.zip") << "these are only letters, whatever the name says";
  const auto none = open_image(folder / "none.zip");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::malformed);
  EXPECT_NE(none.error().message.find("no archive"), std::string::npos) << none.error().message;
  // In a list it is one line among others.
  write_synthetic(folder / "a.dcm", {});
  const fs::path paths[] = {folder / "none.zip", folder / "a.dcm"};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index);
  EXPECT_EQ(all_series(*index).size(), 1U);
  ASSERT_EQ(index->rejected.size(), 1U);
  EXPECT_EQ(index->rejected[0].path, folder.path() / "none.zip");
}

TEST(Archive, UsesWhatADamagedOneStillHolds) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "cut.tar", "pax", small_study(folder / "plain"));
  fs::resize_file(folder / "cut.tar", fs::file_size(folder / "cut.tar") * 3 / 5);
  const fs::path paths[] = {folder / "cut.tar"};
  const auto index = index_paths(paths);
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(all_series(*index).size(), 1U);
  EXPECT_FALSE(index->rejected.empty());
  for (const RejectedFile& file : index->rejected)
    EXPECT_TRUE(file.path.string().starts_with((folder / "cut.tar").string())) << file.path;
}

TEST(Archive, ListsAFileOnceThatBreaksOff) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "cut.zip", "zip", small_study(folder / "plain"));
  const auto whole = fs::file_size(folder / "cut.zip");
  for (const auto size : {whole / 6, whole / 2}) {
    write_archive(folder / "cut.zip", "zip", small_study(folder / "plain"));
    fs::resize_file(folder / "cut.zip", size);
    fs::last_write_time(folder / "cut.zip", fs::file_time_type() + std::chrono::seconds(size));
    const fs::path paths[] = {folder / "cut.zip"};
    const auto index = index_paths(paths);
    ASSERT_TRUE(index) << index.error().message;
    std::set<fs::path> names;
    for (const RejectedFile& file : index->rejected) EXPECT_TRUE(names.insert(file.path).second) << file.path;
    EXPECT_FALSE(names.empty());
    const bool says_used =
        std::any_of(index->rejected.begin(), index->rejected.end(),
                    [](const RejectedFile& file) { return file.reason.find("used") != std::string::npos; });
    EXPECT_TRUE(!says_used || !all_series(*index).empty());
  }
}

TEST(Archive, OpensASingleFileThatIsPacked) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "one.dcm", {});
  for (const char* name : {"one.dcm.gz", "one.GZ"}) {
    struct archive* out = archive_write_new();
    archive_write_set_format_raw(out);
    archive_write_add_filter_gzip(out);
    ASSERT_EQ(archive_write_open_filename(out, (folder / name).c_str()), ARCHIVE_OK);
    struct archive_entry* head = archive_entry_new();
    archive_entry_set_filetype(head, AE_IFREG);
    ASSERT_EQ(archive_write_header(out, head), ARCHIVE_OK);
    const std::string bytes = content_of(folder / "one.dcm");
    archive_write_data(out, bytes.data(), bytes.size());
    archive_entry_free(head);
    archive_write_free(out);
    const fs::path paths[] = {folder / name};
    const auto index = index_paths(paths);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(all_series(*index).size(), 1U) << name;
    EXPECT_TRUE(index->rejected.empty()) << index->rejected.front().reason;
  }
  ArchiveLimits limits;
  limits.bytes = 100;
  fs::rename(folder / "one.dcm.gz", folder / "large.dcm.gz");
  EXPECT_FALSE(unpack_archive(folder / "large.dcm.gz", limits)); // bounded as the others are
}

TEST(Archive, InAFolderIsNamedAndNotOpened) {
  const tests::TemporaryFolder folder;
  write_archive(folder / "inner.zip", "zip", {{"x", "1", {}}});
  write_archive(folder / "outer.zip", "zip", {{"inner.zip", content_of(folder / "inner.zip"), {}}});
  const fs::path paths[] = {folder.path()};
  const auto in_folder = index_paths(paths);
  ASSERT_TRUE(in_folder);
  ASSERT_EQ(in_folder->rejected.size(), 2U);
  EXPECT_EQ(in_folder->rejected[0].reason, "an archive in a folder; open it by itself");
  const fs::path outer[] = {folder / "outer.zip"};
  const auto in_archive = index_paths(outer);
  ASSERT_TRUE(in_archive);
  ASSERT_EQ(in_archive->rejected.size(), 1U);
  EXPECT_EQ(in_archive->rejected[0].path, folder.path() / "outer.zip" / "inner.zip");
  EXPECT_NE(in_archive->rejected[0].reason.find("inside an archive"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
