// What a derived series says of what its pixels were read from, beside the patient and study of another series.
#include <gtest/gtest.h>

#include "imaging/dicom/detail/multi_frame_writer.h"
#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/write_objects.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

using TagValues = std::vector<std::pair<DcmTagKey, std::string>>;

/// Three slices of a study of its own, with the given elements.
void write_study(const fs::path& folder, const std::string& uid, const TagValues& values) {
  SyntheticImage image;
  image.study_uid = uid;
  image.series_uid = uid + ".1";
  image.change = [&](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_FrameOfReferenceUID, (uid + ".2").c_str());
    for (const auto& [tag, value] : values) dataset.putAndInsertString(tag, value.c_str());
  };
  write_stack(folder, {0, 2, 4}, image);
}

class OwnSource : public testing::Test {
 protected:
  void SetUp() override {
    write_study(folder_ / "like", "1.2.3",
                {{DCM_Manufacturer, "Like"},
                 {DCM_BodyPartExamined, "HEAD"},
                 {DCM_PatientPosition, "HFS"},
                 {DCM_PatientWeight, "70"},
                 {DCM_InstitutionName, "Like hospital"},
                 {DCM_PatientName, "Like^Patient"},
                 {DCM_BurnedInAnnotation, "NO"}});
    own_ = {{DCM_Manufacturer, "Own"},
            {DCM_BodyPartExamined, "KNEE"},
            {DCM_Laterality, "L"},
            {DCM_PatientPosition, "FFS"},
            {DCM_PatientWeight, "80"},
            {DCM_LossyImageCompression, "01"},
            {DCM_LossyImageCompressionRatio, "12"},
            {DCM_LossyImageCompressionMethod, "ISO_10918_1"},
            {DCM_EchoTime, "33"}};
  }

  /// What is written from "own" under the patient of "like".
  Result<void> write(const std::string& kind) {
    write_study(folder_ / "own", "1.2.4", own_);
    own_index_ = scanned(folder_ / "own");
    like_index_ = scanned(folder_ / "like");
    const SeriesInfo& own = *all_series(own_index_).front().series;
    const auto volume = read_volume(own);
    EXPECT_TRUE(volume);
    DerivedSeries derived;
    derived.made_from = &own;
    derived.frame_of_reference_uid = own.frame_of_reference_uid;
    const SeriesPlace like = all_series(like_index_).front();
    fs::create_directories(folder_ / "made");
    if (kind == "series") return write_derived_series(folder_ / "series", *volume, like, derived);
    if (kind == "map") return write_parametric_map(file(kind), *volume, like, derived);
    if (kind == "enhanced") return write_enhanced_mr(file(kind), *volume, like, derived);
    const std::vector<std::uint8_t> labels(volume->voxel_count(), 1);
    return write_segmentation(file(kind), LabelMap(volume->geometry(), labels), {}, like, derived);
  }
  fs::path file(const std::string& kind) const {
    return kind == "series" ? folder_ / "series" / "IM00002.dcm" : folder_ / "made" / (kind + ".dcm");
  }
  std::string value(const std::string& kind, const DcmTagKey& tag) const {
    DcmFileFormat written;
    EXPECT_TRUE(written.loadFile(file(kind).c_str()).good());
    OFString text;
    if (!written.getDataset()->tagExists(tag)) return "absent";
    written.getDataset()->findAndGetOFStringArray(tag, text);
    return text.c_str();
  }

  tests::TemporaryFolder folder_;
  TagValues own_;
  StudyIndex own_index_, like_index_;
};

TEST_F(OwnSource, SaysHowTheImagesWereMadeAndLikeWhoseTheyAre) {
  ASSERT_TRUE(write("series"));
  for (const auto& [tag, wanted] : TagValues{{DCM_Manufacturer, "Own"},
                                             {DCM_BodyPartExamined, "KNEE"},
                                             {DCM_Laterality, "L"},
                                             {DCM_PatientPosition, "FFS"},
                                             {DCM_EchoTime, "33"},
                                             {DCM_LossyImageCompression, "01"},
                                             {DCM_LossyImageCompressionRatio, "12"},
                                             {DCM_InstitutionName, "absent"},
                                             {DCM_PatientName, "Like^Patient"},
                                             {DCM_PatientWeight, "70"},
                                             {DCM_StudyInstanceUID, "1.2.3"},
                                             {DCM_FrameOfReferenceUID, "1.2.4.2"}})
    EXPECT_EQ(value("series", tag), wanted) << tag.toString();
}

TEST_F(OwnSource, IsNamedByTheImagesItWasReadFrom) {
  BLOCH_NEEDS_PYDICOM();
  for (const std::string kind : {"series", "map", "enhanced", "seg"}) {
    ASSERT_TRUE(write(kind)) << kind;
    const std::string said = python_says(R"(
import sys, pydicom
d = pydicom.dcmread(sys.argv[1])
if 'PerFrameFunctionalGroupsSequence' in d:
    source = d.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0].SourceImageSequence
    study = d.StudiesContainingOtherReferencedInstancesSequence[0]
    assert study.StudyInstanceUID == '1.2.4' and 'ReferencedSeriesSequence' not in d
    assert len(study.ReferencedSeriesSequence[0].ReferencedInstanceSequence) == 3
    if 'SourceImageEvidenceSequence' in d: assert d.SourceImageEvidenceSequence[0].StudyInstanceUID == '1.2.4'
else:
    source = d.SourceImageSequence
print(len(source), source[0].ReferencedSOPInstanceUID.startswith('1.2.4.1.'))
)",
                                         file(kind));
    EXPECT_EQ(said, "1 True\n") << kind;
  }
}

TEST_F(OwnSource, GivesAnEnhancedMrItsPositionAndSide) {
  ASSERT_TRUE(write("enhanced"));
  EXPECT_EQ(value("enhanced", DCM_PatientPosition), "FFS");
  EXPECT_EQ(value("enhanced", DCM_BodyPartExamined), "KNEE");
  DcmFileFormat written;
  ASSERT_TRUE(written.loadFile(file("enhanced").c_str()).good());
  OFString side;
  written.getDataset()->findAndGetOFString(DCM_FrameLaterality, side, 0, OFTrue /*searchIntoSub*/);
  EXPECT_EQ(side, "L");
}

TEST_F(OwnSource, LeavesTheSideOfAPairedPartOpenAlone) {
  for (const auto& [part, wanted] : {std::pair("BREAST", ""), {"KNEE", ""}, {"HEAD", "absent"}}) {
    fs::remove_all(folder_ / "series");
    own_ = {{DCM_BodyPartExamined, part}};
    for (const std::string kind : {"series", "map"}) {
      ASSERT_TRUE(write(kind)) << part;
      EXPECT_EQ(value(kind, DCM_Laterality), wanted) << part << kind;
      if (!tests::has_program("dciodvfy")) continue;
      const std::string report = output_of("dciodvfy '" + file(kind).string() + "'");
      EXPECT_EQ(report.find("Error"), std::string::npos) << part << kind << report;
    }
  }
}

TEST_F(OwnSource, SaysWhetherTextIsBurnedIntoAnObject) {
  // SEG may say either (PS3.3 C.7.6.1); enhanced MR NO or nothing (C.8.13.1); parametric maps NO alone
  // (C.8.32.2).
  struct Case {
    std::string own, seg, enhanced, map;
  };
  for (const auto& [own, seg, enhanced, map] : {Case{"", "absent", "NO", "NO"}, {"NO", "NO", "NO", "NO"}}) {
    if (!own.empty()) own_.emplace_back(DCM_BurnedInAnnotation, own);
    for (const auto& [kind, wanted] : {std::pair("seg", seg), {"enhanced", enhanced}, {"map", map}}) {
      ASSERT_TRUE(write(kind)) << kind;
      EXPECT_EQ(value(kind, DCM_BurnedInAnnotation), wanted) << kind;
      if (tests::has_program("dciodvfy")) {
        const std::string report = output_of("dciodvfy '" + file(kind).string() + "'");
        EXPECT_EQ(report.find("Error"), std::string::npos) << report;
      }
    }
  }
  fs::remove_all(folder_ / "made");
  own_.back().second = "YES";
  ASSERT_TRUE(write("seg"));
  EXPECT_EQ(value("seg", DCM_BurnedInAnnotation), "YES");
  for (const std::string kind : {"enhanced", "map"}) {
    const auto written = write(kind);
    ASSERT_FALSE(written) << kind;
    EXPECT_EQ(written.error().kind, ErrorKind::unsupported);
    EXPECT_NE(written.error().message.find("secondary capture"), std::string::npos);
    EXPECT_FALSE(fs::exists(file(kind)));
  }
}

TEST_F(OwnSource, IsNoMoreThanWhatOneElementHolds) {
  VolumeGeometry geometry;
  geometry.size = {1024, 1024, 2048};
  EXPECT_FALSE(check_object({}, {}, geometry, 2048, 16)); // 2^32 bytes
  EXPECT_TRUE(check_object({}, {}, geometry, 2047, 16));
  geometry.size = {46341, 46341, 1};
  EXPECT_TRUE(check_object({}, {}, geometry, 15, 1));
  // One slice of so many labels that their frames have 2^32 bytes: refused before they are made.
  VolumeGeometry slice;
  slice.size = {1024, 1024, 1};
  std::vector<std::uint16_t> labels(slice.voxel_count());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint16_t>(i % 32768 + 1);
  const auto written = write_segmentation(folder_ / "large.dcm", LabelMap(slice, labels), {}, {}, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::invalid_parameter);
  EXPECT_NE(written.error().message.find(".nii.gz"), std::string::npos) << written.error().message;
  EXPECT_FALSE(fs::exists(folder_ / "large.dcm"));
}

/// An ultrasound image of 40 x 20 with one region in cm, x from 4.
void write_ultrasound(const fs::path& folder, bool colour) {
  fs::create_directories(folder);
  for (int number = 1; number <= 2; ++number) {
    SyntheticImage image;
    image.rows = 20;
    image.columns = 40;
    image.number = number;
    image.pixels.assign(colour ? 1200 : 800, 0x1234);
    image.change = [&](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_Modality, "US");
      for (const DcmTagKey& tag : {DCM_ImagePositionPatient, DCM_ImageOrientationPatient, DCM_PixelSpacing})
        dataset.findAndDeleteElement(tag);
      if (colour) {
        dataset.putAndInsertUint16(DCM_SamplesPerPixel, 3);
        dataset.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
        dataset.putAndInsertUint16(DCM_PlanarConfiguration, 0);
        for (const DcmTagKey& tag : {DCM_BitsAllocated, DCM_BitsStored}) dataset.putAndInsertUint16(tag, 8);
        dataset.putAndInsertUint16(DCM_HighBit, 7);
      }
      DcmItem* region = nullptr;
      dataset.findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, region, -2);
      region->putAndInsertUint16(DCM_RegionSpatialFormat, 1);
      region->putAndInsertUint16(DCM_RegionDataType, 1);
      region->putAndInsertUint32(DCM_RegionLocationMinX0, static_cast<Uint32>(3 + number));
      region->putAndInsertUint32(DCM_RegionLocationMinY0, 1);
      region->putAndInsertUint32(DCM_RegionLocationMaxX1, 30);
      region->putAndInsertUint32(DCM_RegionLocationMaxY1, 18);
      for (const DcmTagKey& tag : {DCM_PhysicalUnitsXDirection, DCM_PhysicalUnitsYDirection})
        region->putAndInsertUint16(tag, 3);
      for (const DcmTagKey& tag : {DCM_PhysicalDeltaX, DCM_PhysicalDeltaY})
        region->putAndInsertFloat64(tag, 0.02);
    };
    write_synthetic(folder / (std::to_string(number) + ".dcm"), image);
  }
}

TEST_F(OwnSource, KeepsTheScaleOfUltrasoundRegions) {
  for (const bool colour : {false, true}) {
    SCOPED_TRACE(colour);
    const fs::path from = folder_ / (colour ? "rgb" : "grey"),
                   to = folder_ / (colour ? "rgb-made" : "grey-made");
    write_ultrasound(from, colour);
    const StudyIndex index = scanned(from);
    const SeriesPlace place = all_series(index).front();
    const SeriesInfo& source = *place.series;
    ASSERT_EQ(source.regions.size(), 2U);
    DerivedSeries derived;
    derived.made_from = &source;
    if (colour) {
      const auto colours = read_colour_volume(source);
      ASSERT_TRUE(colours) << colours.error().message;
      ASSERT_TRUE(write_derived_colours(to, *colours, source, place, derived));
    } else {
      const auto volume = read_volume(source);
      ASSERT_TRUE(volume) << volume.error().message;
      ASSERT_TRUE(write_derived_series(to, *volume, place, derived));
    }
    const SeriesInfo made = only_series(to);
    EXPECT_EQ(made.regions, source.regions);
  }
}

TEST_F(OwnSource, LeavesRegionsOutWhereThePixelsAreOthers) {
  write_ultrasound(folder_ / "us", false);
  const StudyIndex index = scanned(folder_ / "us");
  const SeriesPlace place = all_series(index).front();
  VolumeGeometry half;
  half.size = {20, 10, 2};
  const Volume volume(half, std::vector<std::int16_t>(half.voxel_count(), 7));
  ASSERT_TRUE(write_derived_series(folder_ / "half", volume, place, {}));
  EXPECT_TRUE(only_series(folder_ / "half").regions.empty());
}

} // namespace
} // namespace bloch::imaging
