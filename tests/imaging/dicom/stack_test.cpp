#include "imaging/dicom/scan.h"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

TEST(Stack, SortsSlicesByPositionAndGivesTheirGrid) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.x = -7;
  image.y = 3;
  write_stack(folder.path(), {4, -2, 0, 2}, image);
  const SeriesInfo series = only_series(folder.path());
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->size, (std::array<int, 3>{6, 4, 4}));
  EXPECT_EQ(series.geometry->spacing_mm, Eigen::Vector3d(0.25, 0.5, 2));
  EXPECT_EQ(series.geometry->origin.mm, Eigen::Vector3d(-7, 3, -2));
  EXPECT_EQ(series.geometry->direction, Eigen::Matrix3d(Eigen::Matrix3d::Identity()));
  EXPECT_TRUE(series.warnings.empty());
  EXPECT_EQ(series.files.front().filename(), "slice899.dcm");
  EXPECT_EQ(series.files.back().filename(), "slice900.dcm");
}

TEST(Stack, SortsAlongAnObliqueNormal) {
  const tests::TemporaryFolder folder;
  SyntheticImage image; // rows run to the back, columns to the feet: sagittal, normal to the right
  image.orientation = "0\\1\\0\\0\\0\\-1";
  for (int i = 0; i < 3; ++i) {
    image.number = i + 1;
    image.x = 3.0 * i;
    write_synthetic(folder.path() / (std::to_string(i) + ".dcm"), image);
  }
  const SeriesInfo series = only_series(folder.path());
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->direction.col(2), Eigen::Vector3d(-1, 0, 0));
  EXPECT_EQ(series.geometry->origin.mm, Eigen::Vector3d(6, 0, 0));
  EXPECT_EQ(series.geometry->spacing_mm[2], 3);
}

TEST(Stack, ReportsMissingSlices) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4, 8, 10});
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"missing-slices"});
  ASSERT_TRUE(series.geometry);
  EXPECT_DOUBLE_EQ(series.geometry->spacing_mm[2], 2.5);
  EXPECT_NE(series.warnings.front().message.find("approximate"), std::string::npos);
}

TEST(Stack, ReportsUnevenSpacing) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 5.3, 7.1});
  EXPECT_EQ(kinds(only_series(folder.path())), Kinds{"uneven-spacing"});
}

TEST(Stack, AcceptsRoundedPositions) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 1.111, 2.222, 3.334, 4.445});
  EXPECT_EQ(kinds(only_series(folder.path())), Kinds{});
}

TEST(Stack, ReportsGantryTilt) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.orientation = "1\\0\\0\\0\\0.9396926208\\-0.3420201433"; // 20 degrees
  write_stack(folder.path(), {0, 5, 10, 15}, image);
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"gantry-tilt"});
  EXPECT_NE(series.warnings.front().message.find("20.0 degrees"), std::string::npos)
      << series.warnings.front().message;
}

TEST(Stack, ReportsASlicePushedSideways) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4});
  SyntheticImage image;
  image.number = 4;
  image.z = 6;
  image.y = 5;
  write_synthetic(folder.path() / "pushed.dcm", image);
  EXPECT_EQ(kinds(only_series(folder.path())), Kinds{"shifted-slices"});
}

TEST(Stack, ReportsDuplicateSlicesAndUsesTheFirst) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 2, 4});
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"duplicate-slices"});
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->size[2], 3);
  EXPECT_EQ(series.instances, 4);
  EXPECT_EQ(series.files.size(), 4U);
}

TEST(Stack, TakesMixedOrientationsApart) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  SyntheticImage image;
  image.number = 3;
  image.orientation = "0\\1\\0\\0\\0\\-1";
  write_synthetic(folder.path() / "sagittal.dcm", image);
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].part, "axial, 1 of 2");
  EXPECT_EQ(parts[1].part, "sagittal, 2 of 2");
  EXPECT_EQ(series_instance_uid(parts[0]), image.series_uid);
  EXPECT_NE(parts[0].uid, parts[1].uid);
  for (const SeriesInfo& part : parts) {
    EXPECT_EQ(kinds(part), Kinds{"mixed-orientation"});
    ASSERT_TRUE(part.geometry);
    const auto volume = read_volume(part);
    ASSERT_TRUE(volume) << volume.error().message;
    EXPECT_EQ(volume->geometry().size[2], part.frames);
  }
  EXPECT_EQ(parts[0].frames, 2);
  EXPECT_EQ(parts[0].left_out.size(), 1U) << "to put the parts together again";
  EXPECT_EQ(parts[1].files.front().filename(), "sagittal.dcm");
}

TEST(Stack, TakesMixedSizesApart) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  SyntheticImage image;
  image.number = 3;
  image.z = 4;
  image.rows = 5;
  write_synthetic(folder.path() / "larger.dcm", image);
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(kinds(parts[1]), Kinds{"mixed-size"});
  EXPECT_EQ(parts[1].geometry->size, (std::array{6, 5, 1}));
}

TEST(Stack, NamesEverythingInWhichAnyPartsDiffer) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  SyntheticImage image;
  image.number = 3;
  image.rows = 5;
  write_synthetic(folder.path() / "larger.dcm", image);
  image.number = 4;
  image.orientation = "0\\1\\0\\0\\0\\-1";
  write_synthetic(folder.path() / "sagittal.dcm", image);
  image.number = 5;
  image.spacing = "0.5\\0.3";
  write_synthetic(folder.path() / "coarser.dcm", image);
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 4U);
  for (const SeriesInfo& part : parts) {
    EXPECT_EQ(kinds(part), Kinds{"mixed-size"});
    EXPECT_TRUE(part.warnings.back().message.starts_with(
        "images that differ in size, orientation and pixel spacing do not form a volume"))
        << part.warnings.back().message;
  }
}

TEST(Stack, KeepsManyOrientationsTogetherAsASequence) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  for (int i = 0; i < 20; ++i) { // a projection that turns around the patient
    const double angle = i * 0.1;
    image.number = i + 1;
    image.orientation =
        std::to_string(std::cos(angle)) + "\\" + std::to_string(std::sin(angle)) + "\\0\\0\\0\\-1";
    write_synthetic(folder.path() / ("view" + std::to_string(i) + ".dcm"), image);
  }
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"mixed-orientation"});
  EXPECT_FALSE(series.geometry);
  const auto volume = read_volume(series);
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_EQ(volume->geometry().size, (std::array{6, 4, 20}));
}

TEST(Stack, DoesNotStackImagesOfOnePosition) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {7, 7, 7});
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"not-a-volume"});
  EXPECT_FALSE(series.geometry);
  const auto sequence = read_volume(series);
  ASSERT_TRUE(sequence) << "its images can be looked at all the same";
  EXPECT_EQ(sequence->geometry().size[2], 3);
}

TEST(Stack, SaysWhenAnImageHasNoPosition) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) { dataset.findAndDeleteElement(DCM_ImagePositionPatient); };
  write_synthetic(folder.path() / "a.dcm", image);
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"no-geometry"});
  EXPECT_FALSE(series.geometry);
  const auto volume = read_volume(series);
  ASSERT_TRUE(volume);
  EXPECT_EQ(volume->geometry().spacing_mm, Eigen::Vector3d(0.25, 0.5, 1));
}

TEST(Stack, RefusesNegativeSpacing) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.spacing = "-1\\1";
  write_stack(folder.path(), {0, 2}, image);
  EXPECT_EQ(kinds(only_series(folder.path())), Kinds{"bad-spacing"});
}

TEST(Stack, SaysWhereSlicesLieThatAreNotOnTheGrid) {
  const tests::TemporaryFolder folder;
  write_stack(folder / "gap", {0, 2, 4, 8});
  const SeriesInfo gap = only_series(folder / "gap");
  ASSERT_EQ(gap.slice_origins.size(), 4U);
  EXPECT_EQ(gap.slice_origins[3].mm, Eigen::Vector3d(0, 0, 8));
  write_stack(folder / "even", {0, 2, 4, 6});
  EXPECT_TRUE(only_series(folder / "even").slice_origins.empty());
}

TEST(Stack, ReportsAGapBetweenAnyTwoSlices) {
  for (std::size_t gap = 1; gap < 5; ++gap) {
    const tests::TemporaryFolder folder;
    std::vector<double> positions;
    for (std::size_t i = 0; i < 6; ++i) positions.push_back(2.0 * static_cast<double>(i < gap ? i : i + 1));
    write_stack(folder.path(), positions);
    EXPECT_EQ(kinds(only_series(folder.path())), Kinds{"missing-slices"}) << gap;
  }
}

TEST(Stack, ReportsASpacingThatContradictsThePositions) {
  const tests::TemporaryFolder folder;
  const auto with = [&](const char* name, const char* between, const char* thickness) {
    SyntheticImage image;
    image.change = [=](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_SpacingBetweenSlices, between);
      dataset.putAndInsertString(DCM_SliceThickness, thickness);
    };
    write_stack(folder / name, {0, 4, 8}, image);
    return only_series(folder / name);
  };
  EXPECT_EQ(kinds(with("every-second", "2", "2")), Kinds{"wrong-spacing"});
  EXPECT_EQ(kinds(with("right", "4", "2")), Kinds{});
  EXPECT_EQ(kinds(with("gap-instead", "1", "3")), Kinds{}); // the gap between slices, as some write it
  const SeriesInfo negative = with("negative", "-4", "4");
  EXPECT_EQ(kinds(negative), Kinds{"negative-spacing"});
  EXPECT_EQ(negative.geometry->spacing_mm[2], 4);
}

/// Frames of two stacks of three, `shift` apart, in one enhanced image.
void write_two_stacks(const std::filesystem::path& file, double shift) {
  SyntheticImage image;
  image.pixels.assign(6 * 4 * 6, 7);
  image.change = [&](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_SOPClassUID, UID_EnhancedMRImageStorage);
    dataset.putAndInsertString(DCM_NumberOfFrames, "6");
    dataset.findAndDeleteElement(DCM_ImagePositionPatient);
    for (int k = 0; k < 6; ++k) {
      DcmItem* frame = nullptr;
      DcmItem* item = nullptr;
      dataset.findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, -2);
      frame->findOrCreateSequenceItem(DCM_PlanePositionSequence, item, -2);
      const std::string place = "0\\0\\" + std::to_string(2 * (k % 3) + k / 3 * shift);
      item->putAndInsertString(DCM_ImagePositionPatient, place.c_str());
      frame->findOrCreateSequenceItem(DCM_FrameContentSequence, item, -2);
      item->putAndInsertString(DCM_StackID, k < 3 ? "1" : "2");
    }
  };
  write_synthetic(file, image);
}

TEST(Stack, KeepsStacksApartThatLieElsewhere) {
  const tests::TemporaryFolder folder;
  write_two_stacks(folder / "a.dcm", 100);
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].part, "axial, stack 1, 1 of 2");
  EXPECT_EQ(parts[1].part, "axial, stack 2, 2 of 2");
  for (int i = 0; i < 2; ++i) {
    const SeriesInfo& part = parts[static_cast<std::size_t>(i)];
    EXPECT_EQ(kinds(part), Kinds{"mixed-stack"});
    ASSERT_TRUE(part.geometry);
    EXPECT_EQ(part.geometry->size[2], 3);
    EXPECT_EQ(part.geometry->spacing_mm[2], 2);
    EXPECT_EQ(part.geometry->origin.mm, Eigen::Vector3d(0, 0, 100 * i));
  }
}

TEST(Stack, TakesStacksAtOnePlaceForVolumesOfOneGrid) {
  const tests::TemporaryFolder folder;
  write_two_stacks(folder / "a.dcm", 0);
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(series.volumes, 2);
  EXPECT_EQ(series.volume_labels, (std::vector<std::string>{"stack 1", "stack 2"}));
}

void write_referenced(const std::filesystem::path& folder, const std::vector<double>& positions,
                      const char* uid) {
  SyntheticImage image;
  image.change = [uid](DcmDataset& dataset) { dataset.putAndInsertString(DCM_FrameOfReferenceUID, uid); };
  write_stack(folder, positions, image);
}

TEST(Stack, KeepsFramesOfReferenceApart) {
  const tests::TemporaryFolder folder;
  write_referenced(folder / "one", {0, 2}, "1.2.3.1");
  write_referenced(folder / "two", {4, 6}, "1.2.3.2");
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  for (const SeriesInfo& part : parts) {
    EXPECT_EQ(kinds(part), Kinds{"mixed-frame-of-reference"});
    ASSERT_TRUE(part.geometry);
    EXPECT_EQ(part.geometry->size[2], 2);
  }
  EXPECT_NE(parts[0].frame_of_reference_uid, parts[1].frame_of_reference_uid);
}

TEST(Stack, SaysWhenSingleImagesNameFramesOfReferenceOfTheirOwn) {
  const tests::TemporaryFolder folder;
  write_referenced(folder / "one", {0, 2}, "1.2.3.1");
  write_referenced(folder / "two", {4}, "1.2.3.2");
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(kinds(series), Kinds{"mixed-frame-of-reference"});
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->size[2], 3);
}

TEST(Stack, RefusesSpacingOfZero) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.spacing = "0\\1";
  write_stack(folder.path(), {0, 2}, image);
  EXPECT_EQ(kinds(only_series(folder.path())), Kinds{"bad-spacing"});
}

TEST(Stack, DoesNotStackMixedSpacing) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  SyntheticImage image;
  image.number = 3;
  image.z = 4;
  image.spacing = "0.5\\0.26";
  write_synthetic(folder / "other.dcm", image);
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(kinds(parts[0]), Kinds{"mixed-spacing"});
}

TEST(Stack, RefusesAnOrientationThatIsNone) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.orientation = "1\\0\\0\\0.7\\0.7\\0";
  write_stack(folder.path(), {0, 2}, image);
  EXPECT_EQ(kinds(only_series(folder.path())), Kinds{"bad-orientation"});
}

TEST(Stack, ReportsVolumesThatLieBesideEachOther) {
  const tests::TemporaryFolder folder;
  for (int echo = 1; echo <= 2; ++echo) {
    SyntheticImage image;
    image.x = echo == 2 ? 5 : 0;
    image.change = [echo](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_EchoTime, std::to_string(echo).c_str());
    };
    write_stack(folder.path() / std::to_string(echo), {0, 2, 4}, image);
  }
  EXPECT_EQ(kinds(only_series(folder.path())), (Kinds{"several-volumes", "shifted-volumes"}));
}

TEST(Stack, TakesPhasesOfOneSliceAsVolumes) {
  const tests::TemporaryFolder folder;
  for (int phase = 0; phase < 5; ++phase) {
    SyntheticImage image;
    image.number = phase + 1;
    image.change = [phase](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_TriggerTime, std::to_string(40 * phase).c_str());
      dataset.putAndInsertString(DCM_SliceThickness, "8");
    };
    image.pixels.assign(24, static_cast<Uint16>(phase));
    write_synthetic(folder / std::to_string(phase), image);
  }
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(series.volumes, 5);
  EXPECT_EQ(series.split_by, "trigger time");
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->size[2], 1);
  EXPECT_EQ(series.geometry->spacing_mm[2], 8);
  const auto fourth = read_volume(series, {}, 3);
  ASSERT_TRUE(fourth) << fourth.error().message;
  EXPECT_EQ(value_at(*fourth, 0, 0, 0), 3);
}

TEST(Stack, TellsDiffusionVolumesApartByValueAndDirection) {
  const tests::TemporaryFolder folder;
  const std::pair<const char*, std::array<double, 3>> volumes[] = {
      {"0", {0, 0, 0}}, {"1000", {1, 0, 0}}, {"1000", {0, 1, 0}}};
  int number = 0;
  for (const auto& [b_value, direction] : volumes) {
    SyntheticImage image;
    image.change = [&](DcmDataset& dataset) {
      dataset.putAndInsertFloat64(DCM_DiffusionBValue, std::stod(b_value));
      dataset.putAndInsertFloat64Array(DCM_DiffusionGradientOrientation, direction.data(), 3);
    };
    write_stack(folder.path() / std::to_string(number++), {0, 2, 4}, image);
  }
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(series.volumes, 3);
  EXPECT_EQ(series.split_by, "b-value and gradient direction");
  EXPECT_EQ(series.volume_labels[1], "b-value 1000 s/mm2, gradient direction 1 0 0");
}

TEST(Stack, OpensAUnitedImagingGrid) {
  const tests::TemporaryFolder folder;
  SyntheticImage image; // three tiles of 3 x 2 in a grid of 2 x 2
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DcmTag(0x0065, 0x0010, EVR_LO), "Image Private Header");
    dataset.putAndInsertString(DcmTag(0x0065, 0x1050, EVR_DS), "3");
    auto* tiles = new DcmSequenceOfItems(DcmTag(0x0065, 0x1051, EVR_SQ));
    for (int tile = 0; tile < 3; ++tile) {
      auto* item = new DcmItem;
      item->putAndInsertString(DCM_ImagePositionPatient, ("-5\\7\\" + std::to_string(10 - 3 * tile)).c_str());
      tiles->append(item);
    }
    dataset.insert(tiles);
  };
  write_synthetic(folder / "grid.dcm", image);
  const SeriesInfo series = only_series(folder.path());
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->size, (std::array<int, 3>{3, 2, 3}));
  EXPECT_EQ(series.geometry->origin.mm, Eigen::Vector3d(-5, 7, 4));
  EXPECT_EQ(series.geometry->spacing_mm[2], 3);
  const auto volume = read_volume(series);
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_EQ(value_at(*volume, 0, 0, 2), 0);   // the first tile lies highest
  EXPECT_EQ(value_at(*volume, 2, 1, 1), 105); // row 1, column 3 + 2
  EXPECT_EQ(value_at(*volume, 0, 0, 0), 200);
}

TEST(Stack, TellsEchoesApart) {
  const tests::TemporaryFolder folder;
  for (const char* echo : {"4.92", "2.46"}) {
    SyntheticImage image;
    image.change = [&](DcmDataset& dataset) { dataset.putAndInsertString(DCM_EchoTime, echo); };
    write_stack(folder.path() / echo, {0, 2, 4}, image);
  }
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(series.volumes, 2);
  ASSERT_TRUE(series.geometry);
  EXPECT_EQ(series.geometry->size[2], 3);
  EXPECT_EQ(series.volume_labels, (std::vector<std::string>{"echo time 2.46 ms", "echo time 4.92 ms"}));
  EXPECT_EQ(kinds(series), Kinds{"several-volumes"});
  EXPECT_TRUE(read_volume(series, {}, 1));
  EXPECT_FALSE(read_volume(series, {}, 2));
}

TEST(Stack, LeavesOutAVolumeThatIsNotComplete) {
  const tests::TemporaryFolder folder;
  for (int time = 1; time <= 3; ++time) {
    SyntheticImage image;
    image.change = [time](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_TemporalPositionIdentifier, std::to_string(time).c_str());
    };
    write_stack(folder.path() / std::to_string(time),
                time < 3 ? std::vector<double>{0, 2, 4} : std::vector<double>{0, 2}, image);
  }
  const SeriesInfo series = only_series(folder.path());
  EXPECT_EQ(series.volumes, 2);
  EXPECT_EQ(series.left_out.size(), 2U);
  EXPECT_EQ(kinds(series), (Kinds{"incomplete-volume", "several-volumes"}));
}

} // namespace
} // namespace bloch::imaging
