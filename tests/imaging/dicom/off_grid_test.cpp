// Series whose slices lean, are missing or unevenly spaced, written as DICOM: each slice where it was taken.
#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "imaging/dicom/true_grid.h"
#include "imaging/dicom/write_objects.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

void add_frame_of_reference(DcmDataset& dataset) {
  dataset.putAndInsertString(DCM_FrameOfReferenceUID, "1.2.826.0.1.3680043.10.1.9");
  dataset.putAndInsertString(DCM_SliceThickness, "1.5");
}

/// Slices at z, each pushed to the back by its share of the height.
void write_leaning(const fs::path& folder, const std::vector<double>& heights, double slope) {
  fs::create_directories(folder);
  for (std::size_t i = 0; i < heights.size(); ++i) {
    SyntheticImage image;
    image.change = add_frame_of_reference;
    image.number = static_cast<int>(i) + 1;
    image.z = heights[i];
    image.y = slope * heights[i];
    write_synthetic(folder / (std::to_string(i) + ".dcm"), image);
  }
}

/// What is written, and how: a kind of write_objects.h, or a series.
class OffGrid : public testing::Test {
 protected:
  void make(const std::vector<double>& heights, double slope) {
    write_leaning(folder_ / "source", heights, slope);
    index_ = scanned(folder_ / "source");
    const auto volume = read_volume(series());
    ASSERT_TRUE(volume);
    volume_ = *volume;
    ASSERT_EQ(series().slice_origins.size(), heights.size());
  }

  const SeriesInfo& series() const { return *all_series(index_).front().series; }

  Result<void> write(const std::string& kind, const Volume& volume) const {
    const SeriesPlace place = all_series(index_).front();
    DerivedSeries derived;
    derived.made_from = &series();
    const fs::path file = folder_ / kind;
    if (kind == "mr") return write_derived_series(file, volume, place, derived);
    if (kind == "enhanced-mr") return write_enhanced_mr(file, volume, place, derived);
    if (kind == "enhanced-ct") return write_enhanced_ct(file, volume, place, derived);
    if (kind == "map") return write_parametric_map(file, volume, place, derived);
    if (kind == "fractions") {
      const Segment segment;
      const Volume ones(volume.geometry(), std::vector<float>(volume.voxel_count(), 1.0F));
      return write_fractional_segmentation(file, {&ones, 1}, {&segment, 1}, FractionKind::occupancy, place,
                                           derived);
    }
    if (kind == "seg") {
      const LabelMap ones(volume.geometry(), std::vector<std::uint8_t>(volume.voxel_count(), 1));
      return write_segmentation(file, ones, {}, place, derived);
    }
    derived.modality = "OT";
    if (kind == "capture") return write_derived_series(file, volume, place, derived);
    return write_multi_frame_capture(file, volume, place, derived);
  }

  void expect_every_slice_in_its_place(const std::string& kind) {
    SCOPED_TRACE(kind);
    const auto written = write(kind, volume_);
    ASSERT_TRUE(written) << written.error().message;
    const SeriesInfo back = only_series(folder_ / kind);
    EXPECT_EQ(back.frame_of_reference_uid, series().frame_of_reference_uid);
    EXPECT_EQ(kinds(back), kinds(series()));
    ASSERT_EQ(back.slice_origins.size(), series().slice_origins.size());
    for (std::size_t i = 0; i < back.slice_origins.size(); ++i)
      EXPECT_LT((back.slice_origins[i].mm - series().slice_origins[i].mm).norm(), 1e-6) << i;
    const auto again = read_volume(back);
    ASSERT_TRUE(again);
    const auto got = to_float(*again);
    const auto wanted = to_float(volume_);
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 0.02) << i;
    expect_valid(kind);
  }

  void expect_valid(const std::string& kind) const {
    if (!tests::has_program("dciodvfy")) return;
    const fs::path path = folder_ / kind;
    const fs::path file = fs::is_directory(path) ? path / "IM00001.dcm" : path;
    const std::string report = output_of("dciodvfy '" + file.string() + "'");
    EXPECT_EQ(report.find("Error"), std::string::npos) << report;
  }

  void expect_refused(const std::string& kind, const Volume& volume) const {
    const auto refused = write(kind, volume);
    ASSERT_FALSE(refused) << kind;
    EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
    EXPECT_NE(refused.error().message.find("--resample"), std::string::npos) << refused.error().message;
    EXPECT_FALSE(fs::exists(folder_ / kind));
  }

  tests::TemporaryFolder folder_;
  StudyIndex index_;
  Volume volume_{VolumeGeometry{}, std::vector<float>(1)};
};

constexpr const char* image_kinds[] = {"mr", "capture", "enhanced-mr", "enhanced-ct", "map", "captures"};

TEST_F(OffGrid, SlicesThatLeanAreWrittenWhereTheyWereTaken) {
  make({0, 2, 4, 6, 8}, 0.3);
  EXPECT_EQ(kinds(series()), Kinds{"gantry-tilt"});
  for (const char* kind : image_kinds) expect_every_slice_in_its_place(kind);
}

TEST_F(OffGrid, UnevenSlicesAreWrittenWhereTheyWereTaken) {
  make({0, 2, 3.3, 6, 9.1}, 0);
  EXPECT_EQ(kinds(series()), Kinds{"uneven-spacing"});
  for (const char* kind : image_kinds) expect_every_slice_in_its_place(kind);
}

TEST_F(OffGrid, AGapIsStillAGap) {
  make({0, 2, 4, 8, 10}, 0);
  EXPECT_EQ(kinds(series()), Kinds{"missing-slices"});
  for (const char* kind : image_kinds) expect_every_slice_in_its_place(kind);
}

TEST_F(OffGrid, EachSliceNamesItsOwnSourceImage) {
  make({0, 1, 9, 10, 11}, 0);
  ASSERT_TRUE(write("mr", volume_));
  for (int z = 1; z <= 5; ++z) {
    DcmFileFormat file;
    ASSERT_TRUE(file.loadFile((folder_ / "mr" / ("IM0000" + std::to_string(z) + ".dcm")).c_str()).good());
    DcmSequenceOfItems* images = nullptr;
    ASSERT_TRUE(file.getDataset()->findAndGetSequence(DCM_SourceImageSequence, images).good()) << z;
    EXPECT_EQ(images->card(), 1U) << z;
    OFString thickness;
    file.getDataset()->findAndGetOFString(DCM_SliceThickness, thickness);
    EXPECT_EQ(thickness, "1.5");
    EXPECT_FALSE(file.getDataset()->tagExists(DCM_SpacingBetweenSlices));
  }
}

TEST_F(OffGrid, APartOfTheGridKeepsItsPlaces) {
  make({0, 2, 3.3, 6, 9.1}, 0.3);
  VolumeGeometry part = volume_.geometry();
  part.origin = part.to_world({Eigen::Vector3d(1, 2, 1)});
  part.size = {3, 2, 3};
  ASSERT_TRUE(write("mr", Volume(part, std::vector<float>(part.voxel_count(), 1.0F))));
  const SeriesInfo back = only_series(folder_ / "mr");
  ASSERT_EQ(back.slice_origins.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const Eigen::Vector3d wanted = series().slice_origins[i + 1].mm + Eigen::Vector3d(0.25, 1, 0);
    EXPECT_LT((back.slice_origins[i].mm - wanted).norm(), 1e-6) << i;
  }
}

TEST_F(OffGrid, AGridBetweenTheSlicesIsRefused) {
  make({0, 2, 3.3, 6, 9.1}, 0);
  VolumeGeometry between = volume_.geometry();
  between.spacing_mm[2] = 0.7;
  expect_refused("mr", Volume(between, std::vector<float>(between.voxel_count(), 1.0F)));
}

TEST_F(OffGrid, ASegmentationIsRefusedAndSaysWhatToDo) {
  make({0, 2, 4, 6, 8}, 0.3);
  expect_refused("seg", volume_);
  expect_refused("fractions", volume_);
}

TEST_F(OffGrid, WhatWasResampledLiesOnItsGrid) {
  make({0, 2, 3.3, 6, 9.1}, 0.3);
  const auto straight = resample_to_true_grid(volume_, series().slice_origins);
  ASSERT_TRUE(straight);
  SeriesInfo resampled = series();
  resampled.geometry = straight->geometry();
  resampled.slice_origins.clear();
  DerivedSeries derived;
  derived.made_from = &resampled;
  const SeriesPlace place{nullptr, nullptr, &resampled};
  ASSERT_TRUE(write_derived_series(folder_ / "straight", *straight, place, derived));
  const SeriesInfo back = only_series(folder_ / "straight");
  EXPECT_TRUE(back.slice_origins.empty());
  ASSERT_TRUE(back.geometry);
  EXPECT_TRUE(back.geometry->matches(straight->geometry()));
}

} // namespace
} // namespace bloch::imaging
