// What a file of k-space is taken for, from its head alone.
#include <complex>
#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/io/kspace_file.h"
#include "tests/imaging/io/mat_samples.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using io_test::complex_variable;
using io_test::deflated;
using io_test::written;
using tests::MatWriter;
using tests::TemporaryFolder;

KSpace some_scan(const KSpaceSize& size) {
  return KSpace(size, std::vector<std::complex<float>>(size.sample_count(), {1, 2}));
}

TEST(RawDataTest, AnArrayWithoutNamesMayBeAllThatItsReadersTakeItFor) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_kspace(folder / "k.npy", some_scan({5, 4, 1, 3, 1})));
  const auto info = describe_raw_data(folder / "k.npy");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->axes, "[coil][ky][kx]");
  ASSERT_EQ(info->parts.size(), 1U);
  EXPECT_EQ(info->parts[0].size, read_kspace(folder / "k.npy")->size());
  EXPECT_EQ(info->without_coil_axis, read_kspace(folder / "k.npy", {}, CoilAxis::none)->size());
  ASSERT_TRUE(info->maps);
  EXPECT_EQ(info->maps->coils, 3);
  EXPECT_EQ(info->maps->size, (std::array{5, 4, 1}));
  ASSERT_TRUE(info->image);
  EXPECT_EQ(info->image->size, (std::array{5, 4, 3}));
  EXPECT_TRUE(info->is_ambiguous());
}

TEST(RawDataTest, FourDimensionsAreNoImageAndHaveACoilAxis) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_kspace(folder / "k.npy", some_scan({5, 4, 2, 3, 1})));
  const auto info = describe_raw_data(folder / "k.npy");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->parts.at(0).size, (KSpaceSize{5, 4, 2, 3, 1}));
  EXPECT_FALSE(info->image);
  EXPECT_FALSE(info->without_coil_axis);
}

TEST(RawDataTest, BartNamesItsAxesButNotWhatTheyAre) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_kspace(folder / "k.cfl", some_scan({5, 4, 1, 3, 2})));
  const auto info = describe_raw_data(folder / "k.hdr");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->parts.at(0).size, (KSpaceSize{5, 4, 1, 3, 2}));
  EXPECT_FALSE(info->without_coil_axis);
  EXPECT_FALSE(info->image);
  EXPECT_EQ(info->maps->sets, 2);
  // Two sets of maps are no k-space; the reader of maps takes them.
  ASSERT_TRUE(write_complex(folder / "m.cfl",
                            {{2, 3, 1, 4, 5}, std::vector<std::complex<float>>(std::size_t{120}, {1, 2})}));
  const auto maps = describe_raw_data(folder / "m.cfl");
  ASSERT_TRUE(maps) << maps.error().message;
  EXPECT_TRUE(maps->parts.empty());
  EXPECT_NE(maps->refusal.find("BART dimension 4"), std::string::npos) << maps->refusal;
  EXPECT_FALSE(maps->is_ambiguous());
}

TEST(RawDataTest, IsmrmrdSaysItselfWhatItIs) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_kspace(folder / "k.h5", some_scan({8, 6, 1, 3, 2})));
  const auto info = describe_raw_data(folder / "k.h5");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->format, "ISMRMRD");
  EXPECT_EQ(info->parts.at(0).size, read_kspace(folder / "k.h5")->size());
  EXPECT_TRUE(info->axes.empty());
  EXPECT_FALSE(info->is_ambiguous());
}

TEST(RawDataTest, VariablesOfMatlabAreTakenByTheirNamesWithoutReadingThem) {
  const TemporaryFolder folder;
  const MatWriter writer;
  std::string bytes = writer.file(deflated(writer, complex_variable(writer, "maps", {5, 4, 1, 3})) +
                                  complex_variable(writer, "kspace", {5, 4, 3}));
  const auto info = describe_raw_data(written(folder / "k.mat", bytes));
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->array, "kspace");
  EXPECT_EQ(info->axes, "(kx, ky, coil)");
  EXPECT_EQ(info->parts.at(0).size, (KSpaceSize{5, 4, 1, 3, 1}));
  EXPECT_EQ(info->maps->array, "maps");
  EXPECT_FALSE(info->is_ambiguous());
  EXPECT_FALSE(info->image);
}

TEST(RawDataTest, RealNumbersAndDamageAreRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_mask(folder / "m.npy", SamplingMask(4, 3, 1, std::vector<std::uint8_t>(12, 1))));
  const auto real = describe_raw_data(folder / "m.npy");
  ASSERT_FALSE(real);
  EXPECT_NE(real.error().message.find("real numbers"), std::string::npos) << real.error().message;
  ASSERT_TRUE(write_kspace(folder / "k.npy", some_scan({5, 4, 1, 3, 1})));
  std::filesystem::resize_file(folder / "k.npy", 300);
  const auto cut = describe_raw_data(folder / "k.npy");
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("more samples than the file holds"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
