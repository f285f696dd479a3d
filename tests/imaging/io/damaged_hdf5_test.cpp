// Damaged HDF5 files of every kind that is read: whatever HDF5 1.10.8 makes of them, they are read or refused.
#include <algorithm>
#include <complex>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/support/hdf5_scans.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const std::filesystem::path& path) { return read_file(path).value(); }

/// A scan that Bloch writes: two coils, 8 x 6 samples.
void write_ismrmrd_scan(const std::filesystem::path& path) {
  const KSpaceSize size{8, 6, 1, 2, 1};
  std::vector<std::complex<float>> samples(size.sample_count());
  for (std::size_t k = 0; k < samples.size(); ++k) samples[k] = {static_cast<float>(k) + 1, -1};
  ASSERT_TRUE(write_kspace(path, KSpace(size, std::move(samples))));
}

/// One to four pieces of the file become others: single bits and bytes, numbers of eight bytes, copies.
Bytes damaged(Bytes bytes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  for (std::size_t piece = 0, pieces = 1 + below(4); piece < pieces; ++piece) {
    const std::size_t at = below(bytes.size() - 64), from = below(bytes.size() - 64);
    const std::size_t lengths[] = {1, 2, 4, 8, 16, 64};
    const std::uint64_t numbers[] = {0, ~0ULL, 1, from};
    switch (below(4)) {
    case 0:
      bytes[at] = static_cast<std::uint8_t>(below(256));
      break;
    case 1:
      bytes[at] ^= static_cast<std::uint8_t>(1U << below(8));
      break;
    case 2:
      std::memcpy(&bytes[at], &numbers[below(4)], 8);
      break;
    default:
      std::memmove(&bytes[at], &bytes[from], lengths[below(6)]);
    }
  }
  return bytes;
}

class DamagedHdf5 : public testing::TestWithParam<const char*> {
 protected:
  /// A whole file of the kind that the parameter names.
  std::filesystem::path whole() const {
    const std::string kind = GetParam();
    const auto path = folder_ / (kind.starts_with("mat") ? "k.mat" : "k.h5");
    if (kind == "ismrmrd")
      write_ismrmrd_scan(path);
    else if (kind.starts_with("mat"))
      tests::write_mat73_scan(path, kind.ends_with("latest"));
    else
      tests::write_fastmri_scan(path, kind.ends_with("latest"));
    return path;
  }
  TemporaryFolder folder_;
};

TEST_P(DamagedHdf5, is_read_or_refused) {
  const auto path = whole();
  const Bytes bytes = bytes_of(path);
  const auto sound = read_kspace(path);
  ASSERT_TRUE(sound) << sound.error().message;
  std::mt19937 random(20261130);
  int refused = 0;
  for (int k = 0; k < 60; ++k) {
    ASSERT_TRUE(write_file(path, damaged(bytes, random)));
    const auto kspace = read_kspace(path);
    if (kspace) continue;
    ++refused;
    EXPECT_NE(kspace.error().message.find(path.filename().string()), std::string::npos)
        << kspace.error().message;
  }
  EXPECT_GT(refused, 5);
  EXPECT_LT(refused, 60);
  ASSERT_TRUE(write_file(path, bytes)); // nothing of it stays in this process
  const auto again = read_kspace(path);
  ASSERT_TRUE(again);
  EXPECT_TRUE(std::equal(again->samples().begin(), again->samples().end(), sound->samples().begin(),
                         sound->samples().end()));
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, DamagedHdf5,
                         testing::Values("mat73", "mat73-latest", "ismrmrd", "fastmri", "fastmri-latest"),
                         [](const auto& kind) {
                           std::string name = kind.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

/// In a heap of texts and rows ("GCOL") an object of number 0 is free space, and the next begins where it ends:
/// HDF5 1.10.8 does not look whether it has a length.
TEST(DamagedHdf5Heap, with_free_space_of_no_length_does_not_hang) {
  const TemporaryFolder folder;
  const auto ismrmrd = folder / "scan.h5", fastmri = folder / "fast.h5";
  write_ismrmrd_scan(ismrmrd);
  tests::write_fastmri_scan(fastmri, false);
  for (const auto& path : {ismrmrd, fastmri}) {
    Bytes bytes = bytes_of(path);
    const char mark[] = "GCOL";
    const auto heap = std::search(bytes.begin(), bytes.end(), mark, mark + 4);
    ASSERT_NE(heap, bytes.end());
    std::uint64_t length = 0; // of the first object, behind the heads of the heap and of the object
    std::memcpy(&length, &*heap + 24, 8);
    std::memset(&*heap + 32 + (length + 7) / 8 * 8, 0, 16);
    ASSERT_TRUE(write_file(path, bytes));
    const auto kspace = read_kspace(path);
    ASSERT_FALSE(kspace);
    EXPECT_NE(kspace.error().message.find("does not come to an end"), std::string::npos)
        << kspace.error().message;
  }
}

} // namespace
} // namespace bloch::imaging
