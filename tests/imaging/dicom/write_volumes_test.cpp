// Series of several volumes go out as one series whose images still say which volume they are of.
#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "imaging/open/open.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/imaging/dicom/volume_series.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file, const DcmTagKey& tag) {
  DcmFileFormat format;
  EXPECT_TRUE(format.loadFile(file.c_str()).good()) << file;
  OFString text;
  format.getDataset()->findAndGetOFStringArray(tag, text);
  return text.c_str();
}

/// Of every instance of a written series, in the order of their numbers.
std::vector<std::string> texts_of(const fs::path& folder, const DcmTagKey& tag) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const fs::path& file : files) texts.push_back(text_of(file, tag));
  return texts;
}

using Texts = std::vector<std::string>;

class WrittenVolumes : public SeriesOfVolumes {
 protected:
  /// Reads the series below a folder and writes all of its volumes, or one.
  void write(const fs::path& source, int only = -1) {
    ASSERT_NO_FATAL_FAILURE(read_source(source));
    DerivedSeries derived;
    derived.description = "copy";
    derived.volumes = every_volume(*place_.series);
    std::span<const Volume> chosen = volumes_;
    if (only >= 0) {
      derived.volumes = {only};
      chosen = chosen.subspan(static_cast<std::size_t>(only), 1);
    }
    const auto written = write_derived_series(folder_ / "out", chosen, place_, derived);
    ASSERT_TRUE(written) << written.error().message;
  }

  const SeriesInfo& source() const { return *place_.series; }

  /// The same volumes in the same order with the same values, told apart by the same.
  void expect_the_same_volumes(double tolerance = 0) const {
    const SeriesInfo back = only_series(folder_ / "out");
    ASSERT_EQ(back.volumes, source().volumes);
    EXPECT_EQ(back.volume_labels, source().volume_labels);
    EXPECT_EQ(back.split_by, source().split_by);
    EXPECT_EQ(back.frame_of_reference_uid.empty(), false);
    expect_the_values_of_the_source(back, tolerance);
  }

  /// Made by dcm2niix: one file of all volumes, or one for each echo.
  void expect_dcm2niix_reads(std::size_t files) const {
    if (!tests::has_program("dcm2niix")) return;
    const fs::path made = folder_ / "nifti";
    const std::string report = run_dcm2niix(made);
    std::vector<std::vector<float>> theirs;
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(made)) {
      if (entry.path().extension() != ".nii") continue;
      ++count;
      for (int v = 0; v < count_volumes(entry.path()).value_or(0); ++v)
        theirs.push_back(sorted_values(*read_image(entry.path(), v)));
    }
    EXPECT_EQ(count, files) << report;
    ASSERT_EQ(theirs.size(), volumes_.size()) << report;
    std::vector<std::vector<float>> ours;
    for (const Volume& volume : volumes_) ours.push_back(sorted_values(volume));
    if (files > 1) { // by the names of the files
      std::sort(theirs.begin(), theirs.end());
      std::sort(ours.begin(), ours.end());
    }
    for (std::size_t v = 0; v < ours.size(); ++v)
      for (std::size_t i = 0; i < ours[v].size(); ++i)
        ASSERT_NEAR(theirs[v][i], ours[v][i], 2e-5 * static_cast<double>(ours[v].back()))
            << "volume " << v << "\n"
            << report;
  }

  void expect_accepted_by_peers() const {
    const fs::path out = folder_ / "out";
    if (tests::has_program("dciodvfy")) {
      const auto last =
          fmt::format("IM{:05}.dcm", volumes_.size() * static_cast<std::size_t>(source().geometry->size[2]));
      for (const std::string& name : {std::string("IM00001.dcm"), last}) {
        const std::string report = output_of("dciodvfy '" + (out / name).string() + "'");
        EXPECT_EQ(report.find("Error"), std::string::npos) << name << "\n" << report;
      }
    }
    if (tests::has_program("gdcmconv")) {
      EXPECT_TRUE(tests::run_program("gdcmconv --raw '" + (out / "IM00001.dcm").string() + "' '" +
                                     (folder_ / "raw.dcm").string() + "'"));
    }
    if (has_pydicom()) {
      EXPECT_EQ(python_says("import sys, pydicom\nd = pydicom.dcmread(sys.argv[1])\n"
                            "print(d.InstanceNumber, d.pixel_array.shape == (d.Rows, d.Columns))\n",
                            out / "IM00001.dcm"),
                "1 True\n");
    }
  }
};

TEST_F(WrittenVolumes, OfEchoesSayTheirEcho) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int z) {
    dataset.putAndInsertString(DCM_EchoTime, v == 0 ? "4.92" : "7.38");
    dataset.putAndInsertString(DCM_EchoNumbers, std::to_string(v + 1).c_str());
    dataset.putAndInsertString(DCM_AcquisitionTime, ("10110" + std::to_string(z) + ".25").c_str());
    dataset.putAndInsertString(DCM_AcquisitionNumber, "1");
  });
  write(folder_ / "in");
  EXPECT_EQ(source().volume_labels, (Texts{"echo time 4.92 ms", "echo time 7.38 ms"}));
  expect_the_same_volumes();
  expect_accepted_by_peers();
  expect_dcm2niix_reads(2);
  const fs::path out = folder_ / "out";
  EXPECT_EQ(texts_of(out, DCM_InstanceNumber), (Texts{"1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(texts_of(out, DCM_EchoNumbers), (Texts{"1", "1", "1", "2", "2", "2"}));
  EXPECT_EQ(texts_of(out, DCM_AcquisitionTime),
            (Texts{"101100.25", "101101.25", "101102.25", "101100.25", "101101.25", "101102.25"}));
  EXPECT_EQ(texts_of(out, DCM_ImageType)[4], "DERIVED\\SECONDARY\\OTHER");
}

TEST_F(WrittenVolumes, NameTheImageThatEachSliceIs) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_EchoTime, std::to_string(5 + v).c_str());
  });
  write(folder_ / "in");
  std::set<std::string> named;
  for (int i = 1; i <= 6; ++i) {
    DcmFileFormat format;
    ASSERT_TRUE(format.loadFile((folder_ / "out" / fmt::format("IM{:05}.dcm", i)).c_str()).good());
    DcmSequenceOfItems* sources = nullptr;
    ASSERT_TRUE(format.getDataset()->findAndGetSequence(DCM_SourceImageSequence, sources).good());
    ASSERT_EQ(sources->card(), 1U);
    OFString uid;
    sources->getItem(0)->findAndGetOFString(DCM_ReferencedSOPInstanceUID, uid);
    named.insert(uid.c_str());
  }
  EXPECT_EQ(named.size(), 6U);
}

TEST_F(WrittenVolumes, ChosenAloneSayTheirOwnEcho) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_EchoTime, v == 0 ? "4.92" : "7.38");
  });
  write(folder_ / "in", 1);
  EXPECT_EQ(only_series(folder_ / "out").volumes, 1);
  EXPECT_EQ(texts_of(folder_ / "out", DCM_EchoTime), (Texts{"7.38", "7.38", "7.38"}));
}

TEST_F(WrittenVolumes, OfDiffusionKeepDirectionsAndTheirOwnScales) {
  write_volume_series(folder_ / "in", 3, 3, diffusion_images(-0.02599947154521942));
  write(folder_ / "in");
  EXPECT_EQ(source().split_by, "b-value and gradient direction");
  // Volumes of 100 and of 2: the small one is as fine as its own range allows.
  expect_the_same_volumes(0.01);
  const auto back = read_volumes(only_series(folder_ / "out"));
  ASSERT_EQ(back.size(), 3U);
  EXPECT_NEAR(value_at(back[2], 3, 2, 1), value_at(volumes_[2], 3, 2, 1), 2.0 / 65535);
  EXPECT_NE(texts_of(folder_ / "out", DCM_RescaleSlope)[0], texts_of(folder_ / "out", DCM_RescaleSlope)[8]);
  expect_accepted_by_peers();
}

TEST_F(WrittenVolumes, OfABeatingHeartKeepTriggerTimesOneScaleAndOneWindow) {
  write_volume_series(folder_ / "in", 4, 1, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_TriggerTime, std::to_string(40 * v).c_str());
    dataset.putAndInsertString(DCM_ScanOptions, "CG");
    dataset.putAndInsertString(DCM_RescaleSlope, "0.5");
    dataset.putAndInsertString(DCM_RescaleIntercept, "0");
  });
  write(folder_ / "in");
  expect_the_same_volumes(0.05);
  expect_accepted_by_peers();
  for (const DcmTagKey& tag : {DCM_RescaleSlope, DCM_RescaleIntercept, DCM_WindowCenter, DCM_WindowWidth}) {
    const Texts texts = texts_of(folder_ / "out", tag);
    EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), 1U) << tag.toString();
  }
}

TEST_F(WrittenVolumes, OfPhaseAndMagnitudeKeepTheirImageType) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_ImageType, v == 0 ? "ORIGINAL\\PRIMARY\\M\\ND" : "ORIGINAL\\PRIMARY\\P\\ND");
  });
  write(folder_ / "in");
  EXPECT_EQ(texts_of(folder_ / "out", DCM_ImageType)[0], "DERIVED\\SECONDARY\\M\\ND");
  EXPECT_EQ(texts_of(folder_ / "out", DCM_ImageType)[3], "DERIVED\\SECONDARY\\P\\ND");
  const SeriesInfo back = only_series(folder_ / "out");
  EXPECT_EQ(back.split_by, "image type");
  EXPECT_EQ(back.volumes, 2);
  expect_accepted_by_peers();
}

TEST_F(WrittenVolumes, OfAnImageFileAreTimesWithTheStepBetween) {
  VolumeGeometry geometry;
  geometry.size = {5, 4, 3};
  geometry.spacing_mm = {1, 1, 2};
  std::vector<Volume> volumes;
  for (int v = 0; v < 3; ++v)
    volumes.emplace_back(geometry, std::vector<std::int16_t>(60, static_cast<std::int16_t>(10 * v - 5)));
  SeriesInfo file;
  file.volumes = 3;
  DerivedSeries derived;
  derived.modality = "MR";
  derived.made_from = &file;
  derived.volumes = {0, 1, 2};
  derived.time_step_ms = 2500;
  ASSERT_TRUE(write_derived_series(folder_ / "out", volumes, {}, derived));
  const SeriesInfo back = only_series(folder_ / "out");
  EXPECT_EQ(back.volume_labels, (Texts{"temporal position 1", "temporal position 2", "temporal position 3"}));
  for (int v = 0; v < 3; ++v) EXPECT_EQ(value_at(*read_volume(back, {}, v), 2, 2, 2), 10 * v - 5);
  EXPECT_EQ(texts_of(folder_ / "out", DCM_TemporalResolution)[0], "2500");
  EXPECT_EQ(texts_of(folder_ / "out", DCM_NumberOfTemporalPositions)[0], "3");
}

TEST_F(WrittenVolumes, OfAnImageFileAreThoseOfASeriesOfAsMany) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_EchoTime, v == 0 ? "4.92" : "7.38");
  });
  index_ = scanned(folder_ / "in");
  place_ = all_series(index_).front();
  volumes_ = read_volumes(source());
  SeriesInfo file;
  file.volumes = 2;
  DerivedSeries derived;
  derived.made_from = &file;
  derived.volumes = {0, 1};
  ASSERT_TRUE(write_derived_series(folder_ / "out", volumes_, place_, derived));
  expect_the_same_volumes();
}

TEST_F(WrittenVolumes, OnTwoGridsAreRefused) {
  VolumeGeometry geometry;
  geometry.size = {5, 4, 3};
  const Volume one(geometry, std::vector<float>(60));
  geometry.origin.mm[0] = 5;
  const Volume volumes[] = {one, one.with_geometry(geometry)};
  DerivedSeries derived;
  derived.volumes = {0, 1};
  const auto refused = write_derived_series(folder_ / "out", volumes, {}, derived);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_parameter);
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(WrittenVolumes, ThatLieBesideEachOtherStayThere) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int z) {
    dataset.putAndInsertString(DCM_EchoTime, v == 0 ? "4.92" : "7.38");
    dataset.putAndInsertString(DCM_ImagePositionPatient, fmt::format("{}\\0\\{}", 5 * v, 3 * z).c_str());
  });
  write(folder_ / "in");
  const Kinds found = kinds(source());
  EXPECT_NE(std::find(found.begin(), found.end(), "shifted-volumes"), found.end());
  expect_the_same_volumes();
  EXPECT_EQ(kinds(only_series(folder_ / "out")), found);
  EXPECT_EQ(texts_of(folder_ / "out", DCM_ImagePositionPatient)[4], "5\\0\\3");
}

TEST_F(WrittenVolumes, ImagesAtOnePlaceStayThere) {
  fs::create_directories(folder_ / "in");
  for (int i = 0; i < 4; ++i) {
    SyntheticImage image;
    image.number = i + 1;
    image.z = 12;
    image.change = [i](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_SliceThickness, "3");
      dataset.putAndInsertString(DCM_AcquisitionTime, fmt::format("10110{}", i).c_str());
    };
    write_synthetic(folder_ / "in" / ("image" + std::to_string(i) + ".dcm"), image);
  }
  write(folder_ / "in");
  EXPECT_EQ(kinds(source()), Kinds{"not-a-volume"});
  const SeriesInfo back = only_series(folder_ / "out");
  EXPECT_EQ(kinds(back), Kinds{"not-a-volume"});
  EXPECT_EQ(texts_of(folder_ / "out", DCM_ImagePositionPatient), Texts(4, "0\\0\\12"));
  EXPECT_EQ(texts_of(folder_ / "out", DCM_AcquisitionTime), (Texts{"101100", "101101", "101102", "101103"}));
}

TEST_F(WrittenVolumes, InOneStackStayInTheirPlaces) {
  write_volume_series(folder_ / "in", 2, 3, [](DcmDataset& dataset, int v, int) {
    dataset.putAndInsertString(DCM_EchoTime, v == 0 ? "4.92" : "7.38");
  });
  index_ = scanned(folder_ / "in");
  const SeriesInfo whole = unsplit(*all_series(index_).front().series);
  const SeriesPlace place{all_series(index_).front().patient, all_series(index_).front().study, &whole};
  const auto stack = read_volume(whole);
  ASSERT_TRUE(stack);
  DerivedSeries derived;
  derived.volumes = {0};
  ASSERT_TRUE(write_derived_series(folder_ / "out", *stack, place, derived));
  const SeriesInfo back = only_series(folder_ / "out");
  EXPECT_EQ(back.volume_labels, (Texts{"echo time 4.92 ms", "echo time 7.38 ms"}));
}

/// Series of several volumes among the real data: where, and whether their values are whole numbers.
struct RealVolumes {
  const char* folder;
  double tolerance;  ///< of the values that come back, in parts of the largest
  std::size_t files; ///< that dcm2niix makes: one, or one for each echo
};

class WrittenRealVolumes : public WrittenVolumes, public testing::WithParamInterface<RealVolumes> {};

TEST_P(WrittenRealVolumes, ComeBackAsTheyWere) {
  BLOCH_NEEDS_TEST_DATA();
  write(tests::test_data() / "dicom" / GetParam().folder);
  ASSERT_GT(source().volumes, 1);
  double largest = 0;
  for (const Volume& volume : volumes_) largest = std::max(largest, value_range(volume).maximum);
  expect_the_same_volumes(GetParam().tolerance * largest);
  expect_accepted_by_peers();
  expect_dcm2niix_reads(GetParam().files);
}

INSTANTIATE_TEST_SUITE_P(OfScanners, WrittenRealVolumes,
                         testing::Values(RealVolumes{"dicom2nifti/siemens/fmri/001", 0, 1},
                                         RealVolumes{"dcm_qa_enh/Siemens", 0, 1},
                                         RealVolumes{"dcm_qa_enh/Philips", 1e-5, 2},
                                         RealVolumes{"dicom2nifti/philips_enhanced/fmri/001", 1e-5, 1},
                                         RealVolumes{"dicom2nifti/philips_enhanced/dti/001", 1e-5, 1}));

} // namespace
} // namespace bloch::imaging
