#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include <unistd.h>

#include "core/base/file.h"
#include "core/base/mapped_file.h"
#include "tests/support/temporary_folder.h"

namespace bloch {
namespace {

using tests::TemporaryFolder;

std::filesystem::path large_file(const TemporaryFolder& folder) {
  const auto path = folder / "large.bin";
  std::vector<std::uint8_t> bytes(std::size_t{20} << 20);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  EXPECT_TRUE(write_file(path, bytes));
  return path;
}

TEST(MappedFile, IsThereOnlyWhereAProgramAllowsIt) {
  const TemporaryFolder folder;
  EXPECT_EQ(map_file(large_file(folder)).owner, nullptr);
}

TEST(MappedFileDeathTest, HoldsTheBytesAndEndsTheProgramWithASentenceWhenItIsCutShort) {
  const TemporaryFolder folder;
  const auto path = large_file(folder);
  EXPECT_EXIT(
      {
        allow_mapped_files(3);
        const MappedFile mapped = map_file(path);
        if (!mapped.owner || mapped.bytes.size() != std::size_t{20} << 20) ::_exit(4);
        for (std::size_t i = 0; i < mapped.bytes.size(); ++i)
          if (std::to_integer<std::size_t>(mapped.bytes[i]) != i % 251) ::_exit(5);
        if (map_file(folder / "absent").owner) ::_exit(6);
        // The same memory for the same file, another for one that has taken its place.
        if (map_file(path).bytes.data() != mapped.bytes.data()) ::_exit(9);
        const auto other = large_file(folder);
        const MappedFile fresh = map_file(other);
        if (!fresh.owner || fresh.bytes.data() == mapped.bytes.data()) ::_exit(10);
        std::filesystem::resize_file(path, 4096);
        const volatile std::byte last = fresh.bytes.back();
        ::_exit(last == std::byte{} ? 7 : 8);
      },
      testing::ExitedWithCode(3), "cut short by another program");
}

} // namespace
} // namespace bloch
