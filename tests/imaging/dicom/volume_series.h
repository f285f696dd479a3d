#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {

/// What one image of a volume has beside its place.
using ImageChange = std::function<void(DcmDataset&, int volume, int slice)>;

/// Volumes of `slices` slices 3 mm apart, images in the order of acquisition: all volumes of a slice first.
inline void write_volume_series(const std::filesystem::path& folder, int volumes, int slices,
                                const ImageChange& change) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (int z = 0; z < slices; ++z)
    for (int v = 0; v < volumes; ++v) {
      SyntheticImage image;
      image.number = ++number;
      image.z = 3.0 * z;
      for (int i = 0; i < image.rows * image.columns; ++i)
        image.pixels.push_back(static_cast<Uint16>(1000 * v + 100 * z + i));
      image.change = [&, v, z](DcmDataset& dataset) {
        dataset.putAndInsertString(DCM_SliceThickness, "3");
        dataset.putAndInsertString(DCM_FrameOfReferenceUID, "1.2.826.0.1.3680043.10.1.9");
        dataset.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\M");
        change(dataset, v, z);
      };
      write_synthetic(folder / ("image" + std::to_string(number) + ".dcm"), image);
    }
}

/// b = 0, then b = 1000 along (x, 0.8, 0), of which the x of the first is 0.6, stored in finer steps.
inline ImageChange diffusion_images(double last_x) {
  return [last_x](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertFloat64(DCM_DiffusionBValue, v == 0 ? 0 : 1000);
    const Float64 direction[] = {v == 1 ? 0.6 : last_x, 0.8, 0};
    if (v > 0) dataset.putAndInsertFloat64Array(DCM_DiffusionGradientOrientation, direction, 3);
    dataset.putAndInsertString(DCM_RescaleSlope, v == 0 ? "0.25" : "0.001");
    dataset.putAndInsertString(DCM_RescaleIntercept, "0");
  };
}

inline std::vector<int> every_volume(const SeriesInfo& series) {
  std::vector<int> numbers;
  for (int i = 0; i < series.volumes; ++i) numbers.push_back(i);
  return numbers;
}

inline std::vector<Volume> read_volumes(const SeriesInfo& series) {
  std::vector<Volume> volumes;
  for (int i = 0; i < series.volumes; ++i) {
    auto volume = read_volume(series, {}, i);
    EXPECT_TRUE(volume) << (volume ? "" : volume.error().message);
    if (volume) volumes.push_back(std::move(*volume));
  }
  return volumes;
}

/// A series that is read, written and read back.
class SeriesOfVolumes : public testing::Test {
 protected:
  /// Of the series below a folder the one with the most volumes.
  void read_source(const std::filesystem::path& source) {
    index_ = scanned(source);
    const auto all = all_series(index_);
    ASSERT_FALSE(all.empty());
    place_ = *std::max_element(all.begin(), all.end(), [](const SeriesPlace& a, const SeriesPlace& b) {
      return a.series->volumes < b.series->volumes;
    });
    volumes_ = read_volumes(*place_.series);
  }

  /// The same volumes on the same grid in the same order.
  void expect_the_values_of_the_source(const SeriesInfo& back, double tolerance) const {
    ASSERT_TRUE(back.geometry);
    EXPECT_TRUE(back.geometry->matches(*place_.series->geometry));
    const auto read = read_volumes(back);
    ASSERT_EQ(read.size(), volumes_.size());
    for (std::size_t v = 0; v < read.size(); ++v) {
      const auto got = to_float(read[v]);
      const auto wanted = to_float(volumes_[v]);
      for (std::size_t i = 0; i < got.size(); ++i)
        ASSERT_NEAR(got[i], wanted[i], tolerance) << "volume " << v << ", voxel " << i;
    }
  }

  /// dcm2niix reads what lies in "out" and writes it below `made`; what it says.
  std::string run_dcm2niix(const std::filesystem::path& made) const {
    std::filesystem::create_directory(made);
    return output_of("dcm2niix -z n -b n -f out -o '" + made.string() + "' '" + (folder_ / "out").string() +
                     "'");
  }

  tests::TemporaryFolder folder_;
  StudyIndex index_;
  SeriesPlace place_;
  std::vector<Volume> volumes_;
};

inline std::vector<float> sorted_values(const Volume& volume) {
  std::vector<float> values = to_float(volume);
  std::sort(values.begin(), values.end());
  return values;
}

} // namespace bloch::imaging
