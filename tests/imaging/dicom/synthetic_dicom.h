#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace bloch::imaging {

/// What one synthetic MR image is made of; tests change what they are about.
struct SyntheticImage {
  std::string study_uid = "1.2.826.0.1.3680043.10.1";
  std::string series_uid = "1.2.826.0.1.3680043.10.1.1";
  int number = 1;
  int rows = 4, columns = 6;
  double x = 0, y = 0, z = 0; ///< ImagePositionPatient, mm
  std::string orientation = "1\\0\\0\\0\\1\\0";
  std::string spacing = "0.5\\0.25"; ///< rows, columns
  std::vector<Uint16> pixels;        ///< empty: row * 100 + column
  /// Anything else, after the rest has been set.
  std::function<void(DcmDataset&)> change;
};

inline void write_synthetic(const std::filesystem::path& path, const SyntheticImage& image,
                            E_TransferSyntax syntax = EXS_LittleEndianExplicit) {
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  const auto put = [&](const DcmTagKey& tag, const std::string& value) {
    dataset.putAndInsertString(tag, value.c_str());
  };
  put(DCM_SOPClassUID, UID_MRImageStorage);
  put(DCM_SOPInstanceUID,
      image.series_uid + "." + std::to_string(std::hash<std::string>{}(path.string()) % 1000000000));
  put(DCM_Modality, "MR");
  put(DCM_PatientName, "SYNTHETIC^ONE");
  put(DCM_PatientID, "S1");
  put(DCM_StudyInstanceUID, image.study_uid);
  put(DCM_SeriesInstanceUID, image.series_uid);
  put(DCM_SeriesNumber, "3");
  put(DCM_InstanceNumber, std::to_string(image.number));
  put(DCM_ImagePositionPatient,
      std::to_string(image.x) + "\\" + std::to_string(image.y) + "\\" + std::to_string(image.z));
  put(DCM_ImageOrientationPatient, image.orientation);
  put(DCM_PixelSpacing, image.spacing);
  put(DCM_PhotometricInterpretation, "MONOCHROME2");
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  dataset.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(image.rows));
  dataset.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(image.columns));
  dataset.putAndInsertUint16(DCM_BitsAllocated, 16);
  dataset.putAndInsertUint16(DCM_BitsStored, 12);
  dataset.putAndInsertUint16(DCM_HighBit, 11);
  dataset.putAndInsertUint16(DCM_PixelRepresentation, 0);
  std::vector<Uint16> pixels = image.pixels;
  if (pixels.empty())
    for (int y = 0; y < image.rows; ++y)
      for (int x = 0; x < image.columns; ++x) pixels.push_back(static_cast<Uint16>(y * 100 + x));
  dataset.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
  if (image.change) image.change(dataset);
  ASSERT_TRUE(file.saveFile(path.c_str(), syntax).good());
}

/// Slices at the given positions along z, in files whose names are in the opposite order.
inline void write_stack(const std::filesystem::path& folder, const std::vector<double>& positions,
                        SyntheticImage image = {}) {
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    image.number = static_cast<int>(i) + 1;
    image.z = positions[i];
    write_synthetic(folder / ("slice" + std::to_string(900 - static_cast<int>(i)) + ".dcm"), image);
  }
}

} // namespace bloch::imaging

#define BLOCH_NEEDS_TEST_DATA()                                                                                \
  do {                                                                                                         \
    if (::bloch::tests::test_data().empty()) GTEST_SKIP() << "BLOCH_TEST_DATA is not set";                     \
  } while (false)
#define BLOCH_NEEDS_PROGRAM(name)                                                                              \
  do {                                                                                                         \
    if (!::bloch::tests::has_program(name)) GTEST_SKIP() << name << " is not installed";                       \
  } while (false)
