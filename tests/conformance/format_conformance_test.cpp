// Every image and raw-data format: what it writes, it reads; what is broken, it refuses; a failure leaves
// nothing behind.
#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <unistd.h>

#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {
namespace fs = std::filesystem;

VolumeGeometry oblique() {
  VolumeGeometry geometry;
  geometry.size = {5, 4, 3};
  geometry.spacing_mm = {0.5, 2, 3.25};
  geometry.origin.mm = {-10, 20.5, 7};
  geometry.direction << 0, 0, 1, 1, 0, 0, 0, 1, 0;
  return geometry;
}

class Formats : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("bloch-formats-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

class EveryImageFormat : public Formats {
 protected:
  const ImageFormat& format() const {
    for (const auto& candidate : image_formats())
      if (candidate.name == GetParam()) return candidate;
    throw std::logic_error("no format");
  }
  fs::path path() const { return folder_ / ("image" + format().extensions.front()); }
};

TEST_P(EveryImageFormat, KeepsInt16Samples) {
  if (!format().write) GTEST_SKIP() << "read only";
  std::vector<std::int16_t> samples(60);
  std::iota(samples.begin(), samples.end(), std::int16_t{-30});
  const Volume volume(oblique(), samples);
  ASSERT_TRUE(write_image(path(), volume));
  const auto back = read_image(path());
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_TRUE(back->holds<std::int16_t>());
  EXPECT_TRUE(std::equal(samples.begin(), samples.end(), back->samples<std::int16_t>().begin()));
  if (format().keeps_geometry) {
    EXPECT_TRUE(back->geometry().matches(oblique(), 1e-4));
  }
}

TEST_P(EveryImageFormat, KeepsFloatSamples) {
  if (!format().write) GTEST_SKIP() << "read only";
  std::vector<float> samples(60);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = 1.0F / static_cast<float>(i + 3);
  ASSERT_TRUE(write_image(path(), Volume(oblique(), samples)));
  const auto back = read_image(path());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(std::equal(samples.begin(), samples.end(), back->samples<float>().begin()));
}

TEST_P(EveryImageFormat, RefusesAFileThatWasCutShort) {
  if (!format().write) GTEST_SKIP() << "read only";
  ASSERT_TRUE(write_image(path(), Volume(oblique(), std::vector<float>(60, 0.7F))));
  const auto size = fs::file_size(path());
  for (const auto length : {size - 1, size / 2, std::uintmax_t{20}, std::uintmax_t{0}}) {
    if (length >= fs::file_size(path())) continue;
    fs::resize_file(path(), length);
    EXPECT_FALSE(read_image(path())) << length;
  }
}

TEST_P(EveryImageFormat, RefusesAFileOfNoise) {
  std::ofstream(path()) << "this is not an image, whatever its name says, and it is long enough to look like a "
                           "header of some kind";
  EXPECT_FALSE(read_image(path()));
}

TEST_P(EveryImageFormat, LeavesNothingBehindWhereItMayNotWrite) {
  if (!format().write) GTEST_SKIP() << "read only";
  std::ofstream(folder_ / "file") << "x";
  const auto written = write_image(folder_ / "file" / ("image" + format().extensions.front()),
                                   Volume(oblique(), std::vector<float>(60)));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::not_writable);
  EXPECT_EQ(entries(), 1U);
}

std::vector<std::string> image_names() {
  std::vector<std::string> names;
  for (const auto& format : image_formats()) names.push_back(format.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, EveryImageFormat, ::testing::ValuesIn(image_names()));

class EveryKSpaceFormat : public Formats {
 protected:
  const KSpaceFormat& format() const {
    for (const auto& candidate : kspace_formats())
      if (candidate.name == GetParam()) return candidate;
    throw std::logic_error("no format");
  }
  fs::path path() const { return folder_ / ("raw" + format().extensions.front()); }
  static KSpace scan() {
    const KSpaceSize size{8, 6, 1, 3, 1};
    std::vector<std::complex<float>> samples(size.sample_count());
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (i / 8 % 6 % 2 == 0) samples[i] = {static_cast<float>(i) + 0.5F, -0.25F * static_cast<float>(i)};
    return {size, std::move(samples)};
  }
};

TEST_P(EveryKSpaceFormat, KeepsSamples) {
  if (!format().write) GTEST_SKIP() << "read only";
  ASSERT_TRUE(write_kspace(path(), scan()));
  const auto back = read_kspace(path());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->size(), scan().size());
  const KSpace original = scan();
  EXPECT_TRUE(std::equal(original.samples().begin(), original.samples().end(), back->samples().begin(),
                         back->samples().end()));
}

TEST_P(EveryKSpaceFormat, RefusesAFileOfNoise) {
  std::ofstream(path()) << "this is not raw data, whatever its name says";
  EXPECT_FALSE(read_kspace(path()));
}

std::vector<std::string> kspace_names() {
  std::vector<std::string> names;
  for (const auto& format : kspace_formats()) names.push_back(format.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, EveryKSpaceFormat, ::testing::ValuesIn(kspace_names()));

} // namespace
} // namespace bloch::imaging
