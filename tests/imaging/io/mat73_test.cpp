// MATLAB's -v7.3, written here by HDF5 itself in the layout of its files.
#include <complex>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;

/// A file with the 512 bytes in front that MATLAB leaves for its own head.
class Mat73File {
 public:
  explicit Mat73File(const std::filesystem::path& path) {
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(creation, 512);
    file_ = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT);
    H5Pclose(creation);
  }
  ~Mat73File() { H5Fclose(file_); }
  Mat73File(const Mat73File&) = delete;
  Mat73File& operator=(const Mat73File&) = delete;

  /// extents: slowest first, as HDF5 sees MATLAB's.
  void add(const char* name, const char* matlab_class, hid_t type, const std::vector<hsize_t>& extents,
           const void* data, bool packed = false) {
    const hid_t space = H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    if (packed) {
      H5Pset_chunk(creation, static_cast<int>(extents.size()), extents.data());
      H5Pset_deflate(creation, 3);
    }
    const hid_t set = H5Dcreate2(file_, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (data) H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    describe(set, matlab_class);
    H5Dclose(set);
    H5Pclose(creation);
    H5Sclose(space);
  }
  void add_complex(const char* name, const std::vector<hsize_t>& extents, const std::complex<double>* samples,
                   bool packed = false) {
    const hid_t type = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(type, "real", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(type, "imag", 8, H5T_NATIVE_DOUBLE);
    add(name, "double", type, extents, samples, packed);
    H5Tclose(type);
  }
  void add_group(const char* name, const char* matlab_class) {
    const hid_t group = H5Gcreate2(file_, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (matlab_class) describe(group, matlab_class);
    H5Gclose(group);
  }
  void add_external_link(const char* name) {
    H5Lcreate_external("other.mat", "/kspace", file_, name, H5P_DEFAULT, H5P_DEFAULT);
  }

 private:
  static void describe(hid_t object, const std::string& matlab_class) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, matlab_class.size());
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(object, "MATLAB_class", type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, matlab_class.c_str());
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
  }
  hid_t file_;
};

std::vector<std::complex<double>> samples_of(std::size_t count) {
  std::vector<std::complex<double>> samples(count);
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = {static_cast<double>(i) + 1, -0.1 * static_cast<double>(i)};
  return samples;
}

TEST(Mat73Test, ComplexAndWholeNumbersReadAsTheyWereWritten) {
  const TemporaryFolder folder;
  const auto samples = samples_of(24);
  const std::vector<std::int16_t> numbers{-300, 2, 3, 4, 5, 6};
  {
    Mat73File file(folder / "k.mat");
    file.add_group("#refs#", nullptr);
    file.add_group("header", "struct");
    file.add_complex("kspace", {2, 3, 4}, samples.data(), true);
    file.add("image", "int16", H5T_NATIVE_INT16, {2, 3}, numbers.data());
  }
  const auto kspace = read_kspace(folder / "k.mat");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), (KSpaceSize{4, 3, 1, 2, 1}));
  for (std::size_t i = 0; i < samples.size(); ++i)
    EXPECT_EQ(kspace->samples()[i], std::complex<float>(samples[i])) << i;
  const auto image = read_image(folder / "k.mat");
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->geometry().size, (std::array<int, 3>{3, 2, 1}));
  EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), image->samples<std::int16_t>().begin()));
  EXPECT_FALSE(holds_real_numbers(folder / "k.mat"));
  EXPECT_TRUE(holds_real_numbers(folder / "k.mat#image"));
}

TEST(Mat73Test, WhatIsNoArrayOrLiesElsewhereIsRefusedByName) {
  const TemporaryFolder folder;
  { Mat73File(folder / "s.mat").add_group("header", "struct"); }
  const auto structure = read_image(folder / "s.mat");
  ASSERT_FALSE(structure);
  EXPECT_NE(structure.error().message.find("header: struct"), std::string::npos) << structure.error().message;
  {
    Mat73File other(folder / "other.mat");
    other.add_complex("kspace", {2, 2}, samples_of(4).data());
  }
  { Mat73File(folder / "link.mat").add_external_link("kspace"); }
  const auto elsewhere = read_kspace(folder / "link.mat");
  ASSERT_FALSE(elsewhere);
  EXPECT_NE(elsewhere.error().message.find("another file"), std::string::npos) << elsewhere.error().message;
  { Mat73File(folder / "claim.mat").add("kspace", "double", H5T_NATIVE_DOUBLE, {20000, 20000}, nullptr); }
  const auto claim = read_image(folder / "claim.mat");
  ASSERT_FALSE(claim);
  EXPECT_NE(claim.error().message.find("claims more"), std::string::npos) << claim.error().message;
}

} // namespace
} // namespace bloch::imaging
