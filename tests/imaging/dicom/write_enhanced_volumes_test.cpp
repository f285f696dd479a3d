// Series of several volumes go out as one enhanced object, whose dimension tells them apart.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "imaging/dicom/write_objects.h"
#include "imaging/io/image_file.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/imaging/dicom/volume_series.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;
using Labels = std::vector<std::string>;

class EnhancedVolumes : public SeriesOfVolumes {
 protected:
  void write(const fs::path& source) {
    ASSERT_NO_FATAL_FAILURE(read_source(source));
    DerivedSeries derived;
    derived.volumes = every_volume(*place_.series);
    fs::create_directories(folder_ / "out");
    const auto written = write_enhanced_mr(file(), volumes_, place_, derived);
    ASSERT_TRUE(written) << written.error().message;
  }

  fs::path file() const { return folder_ / "out" / "out.dcm"; }

  /// Which come back the same, told apart by these labels.
  void expect_volumes(const Labels& labels, double tolerance = 0) const {
    const SeriesInfo back = only_series(file());
    EXPECT_EQ(back.volume_labels, labels);
    expect_the_values_of_the_source(back, tolerance);
  }

  void expect_accepted() const {
    if (tests::has_program("dciodvfy")) {
      const std::string report = output_of("dciodvfy '" + file().string() + "'");
      EXPECT_EQ(report.find("Error"), std::string::npos) << report;
    }
    if (tests::has_program("gdcmconv")) {
      EXPECT_TRUE(tests::run_program("gdcmconv --raw '" + file().string() + "' '" +
                                     (folder_ / "raw.dcm").string() + "'"));
    }
    if (has_pydicom()) {
      EXPECT_EQ(python_says("import sys, pydicom\nd = pydicom.dcmread(sys.argv[1])\n"
                            "print(len(d.PerFrameFunctionalGroupsSequence) == len(d.pixel_array))\n",
                            file()),
                "True\n");
    }
  }

  /// dcm2niix writes one file of all volumes, or one of each echo.
  void expect_dcm2niix_reads_all() const {
    if (!tests::has_program("dcm2niix")) return;
    const fs::path made = folder_ / "nifti";
    const std::string report = run_dcm2niix(made);
    std::vector<std::vector<float>> theirs;
    for (const auto& entry : fs::directory_iterator(made))
      for (int v = 0; v < count_volumes(entry.path()).value_or(0); ++v)
        theirs.push_back(sorted_values(*read_image(entry.path(), v)));
    std::vector<std::vector<float>> ours;
    for (const Volume& volume : volumes_) ours.push_back(sorted_values(volume));
    std::sort(theirs.begin(), theirs.end());
    std::sort(ours.begin(), ours.end());
    ASSERT_EQ(theirs.size(), ours.size()) << report;
    for (std::size_t v = 0; v < ours.size(); ++v)
      for (std::size_t i = 0; i < ours[v].size(); ++i)
        ASSERT_NEAR(theirs[v][i], ours[v][i], 1e-4 * static_cast<double>(ours[v].back())) << report;
  }
};

TEST_F(EnhancedVolumes, OfEchoesAreToldApartByThem) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_EchoTime, v == 0 ? "4.92" : "7.38");
    dataset.putAndInsertString(DCM_AcquisitionDate, "20260102");
    dataset.putAndInsertString(DCM_AcquisitionTime, "101112.5");
    dataset.putAndInsertString(DCM_AcquisitionNumber, "7");
  });
  write(folder_ / "in");
  expect_volumes({"echo time 4.92 ms", "echo time 7.38 ms"});
  expect_accepted();
}

TEST_F(EnhancedVolumes, OfDiffusionKeepTheirDirectionsAndScales) {
  write_volume_series(folder_ / "in", 3, 3, diffusion_images(-0.6));
  write(folder_ / "in");
  expect_volumes({"b-value 0 s/mm2, gradient direction none",
                  "b-value 1000 s/mm2, gradient direction 0.6 0.8 0",
                  "b-value 1000 s/mm2, gradient direction -0.6 0.8 0"},
                 0.001);
  expect_accepted();
}

TEST_F(EnhancedVolumes, OfABeatingHeartHaveTheirDelay) {
  write_volume_series(folder_ / "in", 3, 2, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_TriggerTime, std::to_string(40 * v).c_str());
    dataset.putAndInsertString(DCM_ScanOptions, "CG");
  });
  write(folder_ / "in");
  expect_volumes({"trigger time 0 ms", "trigger time 40 ms", "trigger time 80 ms"});
  expect_accepted();
}

TEST_F(EnhancedVolumes, OfPhaseAndMagnitudeHaveTheirComponent) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_ImageType, v == 0 ? "ORIGINAL\\PRIMARY\\M\\ND" : "ORIGINAL\\PRIMARY\\P\\ND");
  });
  write(folder_ / "in");
  const SeriesInfo back = only_series(file());
  EXPECT_EQ(back.volumes, 2);
  EXPECT_EQ(back.split_by, "image type");
  expect_accepted();
}

TEST_F(EnhancedVolumes, ToldApartByWhatNoFrameSaysAreTemporalPositions) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_FlipAngle, v == 0 ? "5" : "20");
    dataset.putAndInsertString(DCM_AcquisitionNumber, std::to_string(v + 1).c_str());
  });
  write(folder_ / "in");
  expect_volumes({"temporal position 1", "temporal position 2"});
  expect_accepted();
}

TEST_F(EnhancedVolumes, OfAnEnhancedScanComeBack) {
  BLOCH_NEEDS_TEST_DATA();
  for (const char* part : {"dicom2nifti/philips_enhanced/fmri/001", "dicom2nifti/philips_enhanced/dti/001",
                           "dcm_qa_enh/Philips"}) {
    SCOPED_TRACE(part);
    write(tests::test_data() / "dicom" / part);
    expect_volumes(place_.series->volume_labels, 0.05);
    expect_accepted();
    // It mixes slices and volumes of temporal positions and echoes (1.0.20220720), whichever way they are
    // given.
    if (std::string(part).find("dti") != std::string::npos) expect_dcm2niix_reads_all();
    fs::remove(file());
    fs::remove_all(folder_ / "nifti");
  }
}

TEST_F(EnhancedVolumes, OfCtAreTemporalPositions) {
  VolumeGeometry geometry;
  geometry.size = {6, 5, 3};
  std::vector<Volume> volumes;
  for (int v = 0; v < 2; ++v)
    volumes.emplace_back(geometry, std::vector<std::int16_t>(90, static_cast<std::int16_t>(100 * v - 50)));
  DerivedSeries derived;
  derived.volumes = {0, 1};
  fs::create_directories(folder_ / "out");
  ASSERT_TRUE(write_enhanced_ct(file(), volumes, {}, derived));
  const SeriesInfo back = only_series(file());
  EXPECT_EQ(back.volume_labels, (Labels{"temporal position 1", "temporal position 2"}));
  EXPECT_EQ(value_at(*read_volume(back, {}, 1), 3, 3, 2), 50);
  expect_accepted();
}

} // namespace
} // namespace bloch::imaging
