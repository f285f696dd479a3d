// .npz against NumPy itself, and against damage.
#include <complex>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/io/kspace_file.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;
using Sample = std::complex<float>;

bool has_numpy() { return tests::run_program("/usr/bin/python3 -c 'import numpy'"); }

/// Runs lines of Python with NumPy as np in the folder.
bool run_numpy(const TemporaryFolder& folder, const std::string& lines) {
  std::ofstream(folder / "make.py") << "import numpy as np\n" << lines;
  return tests::run_program("cd " + folder.path().string() + " && /usr/bin/python3 make.py");
}

void expect_scan(const Result<KSpace>& kspace) {
  ASSERT_TRUE(kspace) << kspace.error().message;
  ASSERT_EQ(kspace->size(), (KSpaceSize{4, 3, 1, 2, 1}));
  for (std::size_t i = 0; i < 24; ++i)
    EXPECT_EQ(kspace->samples()[i], Sample(static_cast<float>(i) + 1, -static_cast<float>(i)));
}

constexpr const char* scan = "a = (np.arange(24) + 1 - 1j * np.arange(24)).reshape(2, 3, 4)\n";

TEST(NpzTest, ArraysThatNumpyWroteAreReadStoredAndCompressed) {
  if (!has_numpy()) GTEST_SKIP() << "python3-numpy is not installed";
  const TemporaryFolder folder;
  ASSERT_TRUE(run_numpy(folder, std::string(scan) +
                                    "np.savez('one.npz', a.astype(np.complex64))\n"
                                    "np.savez_compressed('named.npz', mask=np.ones(4), kspace=a)\n"
                                    "np.savez('turned.npz', kspace=np.asfortranarray(a).astype('>c8'))\n"));
  expect_scan(read_kspace(folder / "one.npz"));
  expect_scan(read_kspace(folder / "named.npz"));
  expect_scan(read_kspace(folder / "turned.npz"));
}

TEST(NpzTest, IsDescribedFromTheHeadsOfItsArrays) {
  if (!has_numpy()) GTEST_SKIP() << "python3-numpy is not installed";
  const TemporaryFolder folder;
  ASSERT_TRUE(
      run_numpy(folder, std::string(scan) +
                            "np.savez('stored.npz', a)\n"
                            "r = np.random.default_rng(1).standard_normal((5, 300, 400, 2))\n"
                            "np.savez_compressed('packed.npz', kspace=r.view(complex)[..., 0], maps=a)\n"));
  const auto stored = describe_raw_data(folder / "stored.npz");
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->parts.at(0).size, (KSpaceSize{4, 3, 1, 2, 1}));
  EXPECT_TRUE(stored->is_ambiguous());
  const auto packed = describe_raw_data(folder / "packed.npz");
  ASSERT_TRUE(packed) << packed.error().message;
  EXPECT_EQ(packed->array, "kspace");
  EXPECT_EQ(packed->parts.at(0).size, (KSpaceSize{400, 300, 1, 5, 1}));
  EXPECT_EQ(packed->maps->array, "maps");
  EXPECT_EQ(packed->maps->coils, 2);
  EXPECT_FALSE(packed->is_ambiguous());
}

TEST(NpzTest, CoilMapsAreFoundByTheirName) {
  if (!has_numpy()) GTEST_SKIP() << "python3-numpy is not installed";
  const TemporaryFolder folder;
  ASSERT_TRUE(run_numpy(folder, std::string(scan) + "np.savez('both.npz', kspace=a * 2, maps=a)\n"));
  const auto maps = read_complex(folder / "both.npz");
  ASSERT_TRUE(maps) << maps.error().message;
  EXPECT_EQ(maps->extents, (std::vector{1, 1, 2, 3, 4}));
  EXPECT_EQ(maps->samples[5], Sample(6, -5));
}

TEST(NpzTest, WhatIsNotMeantIsRefusedByName) {
  if (!has_numpy()) GTEST_SKIP() << "python3-numpy is not installed";
  const TemporaryFolder folder;
  ASSERT_TRUE(run_numpy(folder, std::string(scan) + "np.savez('several.npz', x=a, y=a)\n"
                                                    "np.savez('real.npz', kspace=np.ones((4, 4)))\n"
                                                    "np.savez('empty.npz')\n"));
  const auto several = read_kspace(folder / "several.npz");
  ASSERT_FALSE(several);
  EXPECT_NE(several.error().message.find("several arrays (x, y)"), std::string::npos)
      << several.error().message;
  EXPECT_NE(several.error().message.find("'several.npz#x'"), std::string::npos) << several.error().message;
  expect_scan(read_kspace(folder / "several.npz#y"));
  EXPECT_NE(read_kspace(folder / "several.npz#z").error().message.find("holds x, y"), std::string::npos);
  EXPECT_NE(read_kspace(folder / "real.npz").error().message.find("real numbers"), std::string::npos);
  EXPECT_NE(read_kspace(folder / "empty.npz").error().message.find("without any"), std::string::npos);
  std::ofstream(folder / "text.npz") << "not an archive at all, whatever its name says";
  EXPECT_NE(read_kspace(folder / "text.npz").error().message.find("not a ZIP"), std::string::npos);
}

TEST(NpzTest, EveryTruncationAndEveryDamagedByteIsRefusedOrHarmless) {
  if (!has_numpy()) GTEST_SKIP() << "python3-numpy is not installed";
  const TemporaryFolder folder;
  ASSERT_TRUE(run_numpy(folder, std::string(scan) + "np.savez_compressed('a.npz', kspace=a)\n"));
  const auto whole = read_file(folder / "a.npz");
  ASSERT_TRUE(whole);
  for (std::size_t length = 0; length < whole->size(); ++length) {
    ASSERT_TRUE(write_file(folder / "b.npz", std::span(*whole).first(length)));
    EXPECT_FALSE(read_kspace(folder / "b.npz")) << length;
  }
  auto bytes = *whole;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= 0xFF;
    ASSERT_TRUE(write_file(folder / "b.npz", bytes));
    if (const auto kspace = read_kspace(folder / "b.npz")) expect_scan(kspace); // a byte that does not matter
    bytes[i] ^= 0xFF;
  }
}

} // namespace
} // namespace bloch::imaging
