// fastMRI's HDF5, written here by HDF5 itself in the layout of its files.
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <sstream>

#include <gtest/gtest.h>
#include <hdf5.h>
#include <ismrmrd/xml.h>

#include "core/base/file.h"
#include "imaging/io/kspace_file.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;
using Sample = std::complex<float>;

/// Closes what it made in the order in which it must be.
class FastmriFile {
 public:
  explicit FastmriFile(const std::filesystem::path& path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {}
  ~FastmriFile() { H5Fclose(file_); }
  FastmriFile(const FastmriFile&) = delete;
  FastmriFile& operator=(const FastmriFile&) = delete;

  void add_complex(const char* name, std::vector<hsize_t> extents, const Sample* samples) {
    const hid_t type = H5Tcreate(H5T_COMPOUND, 8);
    H5Tinsert(type, "r", 0, H5T_NATIVE_FLOAT);
    H5Tinsert(type, "i", 4, H5T_NATIVE_FLOAT);
    add(name, type, extents, samples);
    H5Tclose(type);
  }
  void add_real(const char* name, const std::vector<hsize_t>& extents, const float* values) {
    add(name, H5T_NATIVE_FLOAT, extents, values);
  }
  void add_text(const char* name, const std::string& text) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, text.size() + 1);
    add(name, type, {}, text.c_str());
    H5Tclose(type);
  }

 private:
  void add(const char* name, hid_t type, const std::vector<hsize_t>& extents, const void* data) {
    const hid_t space = extents.empty()
                            ? H5Screate(H5S_SCALAR)
                            : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
    const hid_t set = H5Dcreate2(file_, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (data) H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    H5Dclose(set);
    H5Sclose(space);
  }
  hid_t file_;
};

std::string header_text() {
  ISMRMRD::IsmrmrdHeader header;
  header.experimentalConditions.H1resonanceFrequency_Hz = 1;
  ISMRMRD::Encoding encoding;
  encoding.encodedSpace.matrixSize = ISMRMRD::MatrixSize(16, 10, 1);
  encoding.encodedSpace.fieldOfView_mm = {32, 15, 4};
  encoding.reconSpace.matrixSize = ISMRMRD::MatrixSize(8, 8, 1);
  encoding.reconSpace.fieldOfView_mm = {16, 12, 4};
  encoding.trajectory = ISMRMRD::TrajectoryType::CARTESIAN;
  header.encoding.push_back(encoding);
  std::ostringstream text;
  ISMRMRD::serialize(header, text);
  return text.str();
}

constexpr int slices = 2, coils = 3, readout = 16, phase = 10, image_x = 8, image_y = 8;

/// Values of an image [slice][coil][readout][phase encoding].
std::complex<double> pixel(int s, int c, int x, int y) {
  return {1.0 + s + 0.3 * c + 0.1 * x, 0.5 * std::sin(0.7 * x * (c + 1) + y)};
}

/// Slow centred unitary DFT of `pixel`.
std::vector<Sample> whole_kspace() {
  std::vector<Sample> samples;
  for (int s = 0; s < slices; ++s)
    for (int c = 0; c < coils; ++c)
      for (int kx = 0; kx < readout; ++kx)
        for (int ky = 0; ky < phase; ++ky) {
          std::complex<double> sum = 0;
          for (int x = 0; x < readout; ++x)
            for (int y = 0; y < phase; ++y)
              sum += pixel(s, c, x, y) *
                     std::polar(1 / std::sqrt(readout * phase),
                                -2 * std::numbers::pi *
                                    (static_cast<double>((kx - readout / 2) * (x - readout / 2)) / readout +
                                     static_cast<double>((ky - phase / 2) * (y - phase / 2)) / phase));
          samples.emplace_back(sum);
        }
  return samples;
}

/// fastMRI's target: centre crop of the coil images, root of the sum of squares.
std::vector<float> target() {
  std::vector<float> values;
  for (int s = 0; s < slices; ++s)
    for (int x = 0; x < image_x; ++x)
      for (int y = 0; y < image_y; ++y) {
        double energy = 0;
        for (int c = 0; c < coils; ++c)
          energy += std::norm(pixel(s, c, x + (readout - image_x) / 2, y + (phase - image_y) / 2));
        values.push_back(static_cast<float>(std::sqrt(energy)));
      }
  return values;
}

void write_scan(const std::filesystem::path& path) {
  FastmriFile file(path);
  file.add_complex("kspace", {slices, coils, readout, phase}, whole_kspace().data());
  file.add_real("reconstruction_rss", {slices, image_x, image_y}, target().data());
  file.add_text("ismrmrd_header", header_text());
}

TEST(FastmriTest, TheReadoutBecomesXAndItsOversamplingIsCutAway) {
  const TemporaryFolder folder;
  write_scan(folder / "a.h5");
  const auto kspace = read_kspace(folder / "a.h5");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), (KSpaceSize{image_x, phase, 1, coils, slices}));
  const auto refused = read_kspace(folder / "a.h5", {}, CoilAxis::none);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("(fastMRI HDF5)"), std::string::npos) << refused.error().message;
  ASSERT_TRUE(kspace->image_size);
  EXPECT_EQ(*kspace->image_size, (std::array<int, 3>{image_x, image_y, slices}));
  // Inverse DFT of what was read: the middle columns of the image that the file was made from.
  const auto samples = kspace->slice(1).subspan(2 * phase * image_x, phase * image_x);
  for (int y = 0; y < phase; ++y)
    for (int x = 0; x < image_x; ++x) {
      std::complex<double> value = 0;
      for (int ky = 0; ky < phase; ++ky)
        for (int kx = 0; kx < image_x; ++kx)
          value += std::complex<double>(samples[static_cast<std::size_t>(ky * image_x + kx)]) *
                   std::polar(1 / std::sqrt(image_x * phase),
                              2 * std::numbers::pi *
                                  (static_cast<double>((kx - image_x / 2) * (x - image_x / 2)) / image_x +
                                   static_cast<double>((ky - phase / 2) * (y - phase / 2)) / phase));
      EXPECT_NEAR(std::abs(value - pixel(1, 2, x + (readout - image_x) / 2, y)), 0, 2e-5) << x << " " << y;
    }
}

TEST(FastmriTest, ReferenceAndSpacingAreTakenFromTheFile) {
  const TemporaryFolder folder;
  write_scan(folder / "a.h5");
  const auto kspace = read_kspace(folder / "a.h5");
  ASSERT_TRUE(kspace) << kspace.error().message;
  ASSERT_TRUE(kspace->reference);
  EXPECT_EQ(kspace->reference->geometry().size, (std::array<int, 3>{image_x, image_y, slices}));
  const auto values = target();
  for (int s = 0; s < slices; ++s)
    for (int x = 0; x < image_x; ++x)
      for (int y = 0; y < image_y; ++y)
        EXPECT_EQ(value_at(*kspace->reference, x, y, s),
                  static_cast<double>(values[static_cast<std::size_t>((s * image_x + x) * image_y + y)]));
  ASSERT_TRUE(kspace->geometry);
  EXPECT_NEAR(kspace->geometry->spacing_mm[0], 2, 1e-6);
  EXPECT_NEAR(kspace->geometry->spacing_mm[1], 1.5, 1e-6);
  EXPECT_NEAR(kspace->geometry->spacing_mm[2], 4, 1e-6);
}

TEST(FastmriTest, SingleCoilDataHaveNoCoilDimension) {
  const TemporaryFolder folder;
  const auto samples = whole_kspace();
  {
    FastmriFile file(folder / "a.h5");
    file.add_complex("kspace", {slices * coils, readout, phase}, samples.data());
  }
  const auto kspace = read_kspace(folder / "a.h5");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), (KSpaceSize{readout, phase, 1, 1, slices * coils}));
  EXPECT_FALSE(kspace->reference);
  EXPECT_EQ(kspace->samples()[readout], samples[1]);
}

TEST(FastmriTest, WhatDoesNotHoldWhatItClaimsIsRefusedByName) {
  const TemporaryFolder folder;
  const auto path = folder / "scan.h5";
  const auto refusal = [&](const auto& make) {
    std::filesystem::remove(path);
    {
      FastmriFile file(path);
      make(file);
    }
    const auto kspace = read_kspace(path);
    EXPECT_FALSE(kspace);
    const std::string message = kspace ? "" : kspace.error().message;
    EXPECT_NE(message.find("scan.h5"), std::string::npos) << message;
    return message;
  };
  const std::vector<float> reals(1000, 1);
  const std::vector<Sample> samples(1000, Sample(1));
  EXPECT_NE(refusal([&](FastmriFile& f) { f.add_real("other", {4}, reals.data()); }).find("no /kspace"),
            std::string::npos);
  EXPECT_NE(refusal([&](FastmriFile& f) {
              f.add_real("kspace", {2, 8, 8}, reals.data());
            }).find("complex"),
            std::string::npos);
  EXPECT_NE(refusal([&](FastmriFile& f) {
              f.add_complex("kspace", {8, 8}, samples.data());
            }).find("2 dimensions"),
            std::string::npos);
  // Never written: HDF5 keeps extents without bytes.
  EXPECT_NE(refusal([&](FastmriFile& f) {
              f.add_complex("kspace", {4000, 64, 640, 640}, nullptr);
            }).find("claims more"),
            std::string::npos);
  EXPECT_NE(refusal([&](FastmriFile& f) {
              f.add_complex("kspace", {2, 8, 8}, samples.data());
              f.add_real("reconstruction_esc", {2, 9, 8}, reals.data());
            }).find("reference"),
            std::string::npos);
  EXPECT_NE(refusal([&](FastmriFile& f) {
              f.add_complex("kspace", {2, 8, 8}, samples.data());
              f.add_text("ismrmrd_header", "<not a header>");
            }).find("header"),
            std::string::npos);
}

TEST(FastmriTest, EveryTruncationIsRefusedAndNoneCrashes) {
  const TemporaryFolder folder;
  write_scan(folder / "a.h5");
  const auto whole = read_file(folder / "a.h5");
  ASSERT_TRUE(whole);
  for (std::size_t length = 0; length < whole->size(); length += 1 + whole->size() / 41) {
    ASSERT_TRUE(write_file(folder / "b.h5", std::span(*whole).first(length)));
    EXPECT_FALSE(read_kspace(folder / "b.h5")) << length;
  }
}

} // namespace
} // namespace bloch::imaging
