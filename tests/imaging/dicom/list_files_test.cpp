#include "imaging/dicom/list_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "imaging/open/open.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// Permissions do not hold for the superuser: for as long as this lives the test is nobody in particular.
class AsNobody {
 public:
  AsNobody()
      : changed_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  ~AsNobody() {
    if (changed_ && ::seteuid(0) != 0) std::abort();
  }
  bool holds() const { return ::geteuid() != 0; }

 private:
  bool changed_;
};

TEST(ListFiles, NamesFoldersThatMayNotBeRead) {
  const tests::TemporaryFolder folder;
  fs::create_directories(folder / "top/open/below");
  fs::create_directories(folder / "top/closed");
  std::ofstream(folder / "top/a.txt") << "a";
  std::ofstream(folder / "top/open/below/b.txt") << "b";
  std::ofstream(folder / "top/closed/c.txt") << "c";
  fs::create_directory_symlink(folder / "top/open", folder / "top/link");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(folder / "top/closed", fs::perms::none);
  {
    const AsNobody nobody;
    if (!nobody.holds()) GTEST_SKIP() << "the superuser reads everything";
    std::vector<fs::path> files;
    std::vector<RejectedFile> rejected;
    list_files(folder / "top", files, rejected);
    std::sort(files.begin(), files.end());
    EXPECT_EQ(files, (std::vector<fs::path>{folder / "top/a.txt", folder / "top/open/below/b.txt"}));
    ASSERT_EQ(rejected.size(), 1U);
    EXPECT_EQ(rejected[0].path, folder / "top/closed");
    EXPECT_EQ(rejected[0].reason, "may not be read; change its permissions");

    const fs::path closed[] = {folder / "top/closed"};
    const auto index = index_paths(closed);
    ASSERT_TRUE(index);
    ASSERT_EQ(index->rejected.size(), 1U);
    EXPECT_EQ(index->rejected[0].reason, "may not be read; change its permissions");
    const auto opened = open_image(closed[0]);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("may not be read"), std::string::npos) << opened.error().message;
  }
  fs::permissions(folder / "top/closed", fs::perms(0755));
}

} // namespace
} // namespace bloch::imaging
