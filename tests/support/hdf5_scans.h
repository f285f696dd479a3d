#pragma once

#include <complex>
#include <filesystem>
#include <string>
#include <vector>

#include <hdf5.h>

namespace bloch::tests {

/// `latest`: with the newest structures that HDF5 has (checksums, fractal heaps, extensible arrays).
inline hid_t make_hdf5(const std::filesystem::path& path, hsize_t user_block, bool latest) {
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
  if (user_block > 0) H5Pset_userblock(creation, user_block);
  if (latest) H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access);
  H5Pclose(creation);
  H5Pclose(access);
  return file;
}

inline void add_hdf5_text(hid_t object, const char* name, const std::string& text) {
  const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
  H5Tset_size(type, text.size());
  const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, text.c_str());
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

/// chunk: empty for samples in one piece. matlab_class: empty for none.
inline void add_hdf5_set(hid_t file, const char* name, hid_t type, const std::vector<hsize_t>& extents,
                         const void* data, const std::vector<hsize_t>& chunk = {},
                         const std::string& matlab_class = {}) {
  const hid_t space = H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  if (!chunk.empty()) {
    H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
    H5Pset_deflate(creation, 3);
  }
  const hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  if (!matlab_class.empty()) add_hdf5_text(set, "MATLAB_class", matlab_class);
  H5Dclose(set);
  H5Pclose(creation);
  H5Sclose(space);
}

/// MATLAB's -v7.3: a packed complex kspace (8, 6, 4), an image, a struct, a dozen small variables.
inline void write_mat73_scan(const std::filesystem::path& path, bool latest) {
  const hid_t file = make_hdf5(path, 512, latest);
  std::vector<std::complex<double>> samples(8 * 6 * 4);
  for (std::size_t k = 0; k < samples.size(); ++k) samples[k] = {static_cast<double>(k) + 1, -0.1};
  const std::vector<double> numbers(48, 2.5);
  const hid_t complex = H5Tcreate(H5T_COMPOUND, 16);
  H5Tinsert(complex, "real", 0, H5T_NATIVE_DOUBLE);
  H5Tinsert(complex, "imag", 8, H5T_NATIVE_DOUBLE);
  add_hdf5_set(file, "kspace", complex, {4, 6, 8}, samples.data(), {1, 3, 8}, "double");
  add_hdf5_set(file, "image", H5T_NATIVE_DOUBLE, {6, 8}, numbers.data(), {}, "double");
  const hid_t group = H5Gcreate2(file, "header", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  add_hdf5_text(group, "MATLAB_class", "struct");
  H5Gclose(group);
  for (int k = 0; k < 12; ++k)
    add_hdf5_set(file, ("v" + std::to_string(k)).c_str(), H5T_NATIVE_DOUBLE, {2, 1}, numbers.data(), {},
                 "double");
  H5Tclose(complex);
  H5Fclose(file);
}

/// fastMRI's: kspace [2][2][16][8], its header and the reconstruction.
inline void write_fastmri_scan(const std::filesystem::path& path, bool latest) {
  const hid_t file = make_hdf5(path, 0, latest);
  const std::vector<std::complex<float>> samples(2 * 2 * 16 * 8, {1, 2});
  const std::vector<float> image(2 * 8 * 8, 0.5F);
  const hid_t complex = H5Tcreate(H5T_COMPOUND, 8);
  H5Tinsert(complex, "r", 0, H5T_NATIVE_FLOAT);
  H5Tinsert(complex, "i", 4, H5T_NATIVE_FLOAT);
  add_hdf5_set(file, "kspace", complex, {2, 2, 16, 8}, samples.data(),
               latest ? std::vector<hsize_t>{1, 1, 16, 4} : std::vector<hsize_t>{});
  add_hdf5_set(file, "reconstruction_rss", H5T_NATIVE_FLOAT, {2, 8, 8}, image.data());
  add_hdf5_text(file, "acquisition", "AXT2");
  const std::string space = "<matrixSize><x>16</x><y>8</y><z>1</z></matrixSize>"
                            "<fieldOfView_mm><x>32</x><y>16</y><z>4</z></fieldOfView_mm>";
  const std::string header =
      "<ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\"><experimentalConditions><H1resonanceFrequency_Hz>1"
      "</H1resonanceFrequency_Hz></experimentalConditions><encoding><trajectory>cartesian</"
      "trajectory><encodedSpace>" +
      space + "</encodedSpace><reconSpace>" + space +
      "</reconSpace><encodingLimits></encodingLimits></encoding></ismrmrdHeader>";
  const char* text = header.c_str();
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  const hid_t one = H5Screate(H5S_SCALAR);
  const hid_t set = H5Dcreate2(file, "ismrmrd_header", type, one, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text);
  H5Dclose(set);
  H5Sclose(one);
  H5Tclose(type);
  H5Tclose(complex);
  H5Fclose(file);
}

} // namespace bloch::tests
