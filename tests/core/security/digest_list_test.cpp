#include "core/security/digest_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/base/file.h"
#include "core/security/sha256.h"
#include "tests/support/temporary_folder.h"

namespace bloch {
namespace {

using tests::TemporaryFolder;

/// Keeps digests of files of ten bytes and more, however young.
DigestList list_in(const TemporaryFolder& folder) {
  return DigestList({folder / "digests.txt", 10, std::chrono::seconds(0)});
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void write_in_place(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::trunc) << text;
}

/// What the list says of every file, in place of the digest that it has.
void put_in_list(const std::filesystem::path& list, const std::string& digest) {
  std::string line = text_of(list);
  line.replace(line.rfind(' ') + 1, 64, digest);
  write_in_place(list, line);
}

TEST(DigestList, GivesTheDigestThatItKeptOfAFileThatWasNotChanged) {
  const TemporaryFolder folder;
  write_in_place(folder / "scan", "0123456789");
  const DigestList list = list_in(folder);
  EXPECT_EQ(list.sha256_of(folder / "scan").value(), sha256_of("0123456789"));
  const std::string marked(64, 'a'); // told apart from one that is made again
  put_in_list(folder / "digests.txt", marked);
  EXPECT_EQ(list.sha256_of(folder / "scan").value(), marked);
}

TEST(DigestList, ReadsAFileAgainThatWasWrittenToWithItsSizeAndTimeOfModificationKept) {
  const TemporaryFolder folder;
  const auto scan = folder / "scan";
  write_in_place(scan, "0123456789");
  const DigestList list = list_in(folder);
  ASSERT_TRUE(list.sha256_of(scan));
  struct stat before {};
  ASSERT_EQ(::stat(scan.c_str(), &before), 0);
  write_in_place(scan, "9876543210");
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, scan.c_str(), times, 0), 0);
  EXPECT_EQ(list.sha256_of(scan).value(), sha256_of("9876543210"));
  // Another file in its place, as write_file puts it there.
  ASSERT_TRUE(write_file(scan, std::string_view("abcdefghij")));
  EXPECT_EQ(list.sha256_of(scan).value(), sha256_of("abcdefghij"));
}

TEST(DigestList, KeepsNothingOfYoungAndOfSmallFiles) {
  const TemporaryFolder folder;
  write_in_place(folder / "scan", "0123456789");
  const DigestList of_old({folder / "digests.txt", 10, std::chrono::seconds(60)});
  EXPECT_EQ(of_old.sha256_of(folder / "scan").value(), sha256_of("0123456789"));
  const DigestList of_large({folder / "digests.txt", 11, std::chrono::seconds(0)});
  EXPECT_EQ(of_large.sha256_of(folder / "scan").value(), sha256_of("0123456789"));
  EXPECT_FALSE(std::filesystem::exists(folder / "digests.txt"));
}

TEST(DigestList, DoesWithoutAListThatIsBrokenOrCannotBeWritten) {
  const TemporaryFolder folder;
  write_in_place(folder / "scan", "0123456789");
  write_in_place(folder / "digests.txt",
                 std::string("1:2 3\n\x01\xff junk\n1:2 3 4 5\n") + std::string(9, '\0'));
  EXPECT_EQ(list_in(folder).sha256_of(folder / "scan").value(), sha256_of("0123456789"));
  const DigestList nowhere({folder / "scan" / "digests.txt", 10, std::chrono::seconds(0)});
  EXPECT_EQ(nowhere.sha256_of(folder / "scan").value(), sha256_of("0123456789"));
  EXPECT_EQ(list_in(folder).sha256_of(folder / "absent").error().kind, ErrorKind::not_found);
}

TEST(DigestList, KeepsTheLatestFilesOnly) {
  const TemporaryFolder folder;
  const DigestList list = list_in(folder);
  for (int i = 0; i < 260; ++i) {
    const auto file = folder / std::to_string(i);
    write_in_place(file, "0123456789");
    ASSERT_TRUE(list.sha256_of(file));
  }
  const std::string text = text_of(folder / "digests.txt");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 256);
}

} // namespace
} // namespace bloch
