#include "core/base/file.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bloch {
namespace {
namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("bloch-file-test-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  std::string content(const fs::path& path) const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
};

TEST_F(FileTest, WritesReadsBackAndLeavesNothingElse) {
  ASSERT_TRUE(write_file(folder_ / "a" / "b.txt", std::string_view("hello")));
  const auto bytes = read_file(folder_ / "a" / "b.txt");
  ASSERT_TRUE(bytes);
  EXPECT_EQ(std::string(bytes->begin(), bytes->end()), "hello");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, WritesSeveralPiecesInARow) {
  const std::vector<std::uint8_t> first{'a', 'b'}, second, third{'c'};
  const std::span<const std::uint8_t> pieces[] = {first, second, third};
  ASSERT_TRUE(write_file(folder_ / "a.txt", pieces));
  EXPECT_EQ(content(folder_ / "a.txt"), "abc");
}

TEST_F(FileTest, KeepsTheOldFileWhenWritingFails) {
  ASSERT_TRUE(write_file(folder_ / "a.txt", std::string_view("old")));
  const auto result = write_beside(folder_ / "a.txt", [](const fs::path& beside) -> Result<void> {
    std::ofstream(beside) << "half";
    return failure(ErrorKind::failed, "stopped");
  });
  EXPECT_FALSE(result);
  EXPECT_EQ(content(folder_ / "a.txt"), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, LeavesNothingWhenTheWriterThrows) {
  EXPECT_THROW((void)write_beside(folder_ / "a.txt",
                                  [](const fs::path& beside) -> Result<void> {
                                    std::ofstream(beside) << "half";
                                    throw std::runtime_error("broken");
                                  }),
               std::runtime_error);
  EXPECT_EQ(entries(), 0U);
}

TEST_F(FileTest, NamesAFullDisk) {
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const auto written = write_file("/dev/full", std::string_view("x"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::not_writable);
  EXPECT_NE(written.error().message.find("disk is full"), std::string::npos);
  EXPECT_FALSE(fs::is_regular_file("/dev/full"));
}

TEST_F(FileTest, RefusesATargetThatIsAFolder) {
  const auto result = write_file(folder_, std::string_view("x"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::not_writable);
}

TEST_F(FileTest, RefusesAFolderBelowAFile) {
  ASSERT_TRUE(write_file(folder_ / "file", std::string_view("x")));
  const auto result = write_file(folder_ / "file" / "below.txt", std::string_view("x"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::not_writable);
}

TEST_F(FileTest, RefusesToReadMoreThanTheLimit) {
  ASSERT_TRUE(write_file(folder_ / "big", std::string_view("0123456789")));
  EXPECT_FALSE(read_file(folder_ / "big", 5));
  EXPECT_TRUE(read_file(folder_ / "big", 10));
}

TEST_F(FileTest, SaysWhenThereIsNoFile) {
  const auto result = read_file(folder_ / "nothing");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::not_found);
}

TEST_F(FileTest, MakesAFolderWholeOrNotAtAll) {
  const fs::path target = folder_ / "series";
  EXPECT_FALSE(write_folder(target, [](const fs::path& beside) -> Result<void> {
    std::ofstream(beside / "1.dcm") << "one";
    return failure(ErrorKind::cancelled, "stopped");
  }));
  EXPECT_EQ(entries(), 0U);
  ASSERT_TRUE(write_folder(target, [](const fs::path& beside) -> Result<void> {
    std::ofstream(beside / "1.dcm") << "one";
    return {};
  }));
  EXPECT_EQ(content(target / "1.dcm"), "one");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, NeverFillsAFolderThatHoldsSomething) {
  ASSERT_TRUE(write_file(folder_ / "series" / "mine.txt", std::string_view("keep")));
  EXPECT_FALSE(write_folder(folder_ / "series", [](const fs::path&) -> Result<void> { return {}; }));
  EXPECT_EQ(content(folder_ / "series" / "mine.txt"), "keep");
}

TEST_F(FileTest, WhatStandsBehindTheSignIsAPartOnlyOfAFileThatIsThere) {
  ASSERT_TRUE(write_file(folder_ / "k.mat", std::string_view("x")));
  EXPECT_EQ(file_of(folder_ / "k.mat#a"), folder_ / "k.mat");
  EXPECT_EQ(part_of(folder_ / "k.mat#a"), "a");
  EXPECT_EQ(file_of(folder_ / "k.mat"), folder_ / "k.mat");
  EXPECT_EQ(part_of(folder_ / "k.mat"), "");
  EXPECT_EQ(file_of(folder_ / "none.mat#a"), folder_ / "none.mat#a");
  EXPECT_EQ(part_of(folder_ / "none.mat#a"), "");
  ASSERT_TRUE(write_file(folder_ / "k.mat#a", std::string_view("y")));
  EXPECT_EQ(file_of(folder_ / "k.mat#a"), folder_ / "k.mat#a");
  EXPECT_EQ(part_of(folder_ / "k.mat#a#b"), "b");
}

} // namespace
} // namespace bloch
