#include "imaging/dicom/write_objects.h"

#include <cmath>

#include <gtest/gtest.h>

#include "imaging/dicom/objects.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// 21 x 22 = 462 bits a frame: frames begin inside bytes.
VolumeGeometry odd_grid() {
  VolumeGeometry geometry;
  geometry.size = {21, 22, 5};
  geometry.spacing_mm = {0.5, 0.75, 2};
  geometry.origin.mm = {-20.5, 30.25, 7};
  const double c = std::cos(0.3);
  const double s = std::sin(0.3);
  geometry.direction << 1, 0, 0, 0, c, -s, 0, s, c;
  return geometry;
}

/// Label 2 in slices 1 and 2, label 5 in slice 2 and 3.
LabelMap odd_labels() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<std::uint8_t> labels(geometry.voxel_count());
  const std::size_t slice = 21 * 22;
  for (std::size_t i = 0; i < slice; ++i) {
    if (i * i % 7 < 3) labels[slice + i] = 2;
    if (i % 5 == 0) labels[2 * slice + i] = 2;
    if (i % 5 == 1) labels[2 * slice + i] = 5;
    if (i % 11 < 4) labels[3 * slice + i] = 5;
  }
  return {geometry, std::move(labels)};
}

Volume odd_volume() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<float> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(std::sin(0.01 * static_cast<double>(i)) * 1e-3);
  return {geometry, std::move(samples)};
}

/// Probabilities above 0 in slices 1 and 2.
Volume odd_chances() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<float> samples(geometry.voxel_count());
  const std::size_t slice = 21 * 22;
  for (std::size_t i = 0; i < slice; ++i) {
    samples[slice + i] = static_cast<float>(i) / static_cast<float>(slice - 1);
    if (i % 5 == 0) samples[2 * slice + i] = 0.25F;
  }
  return {geometry, std::move(samples)};
}

/// An MR series that everything is made from.
class MadeObject : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    PatientInfo patient;
    patient.name = "Yamada^Tarou=山田^太郎";
    patient.id = "P1";
    patient.birth_date = "19700102";
    patient.sex = "M";
    StudyInfo study;
    study.uid = new_uid();
    study.date = "20260102";
    study.time = "101112";
    SeriesInfo series;
    series.modality = "MR";
    series.number = 2;
    series.description = "T1";
    series.field_strength_t = 3;
    ASSERT_TRUE(write_original_series(folder_ / "source", odd_volume(), patient, study, series));
    const fs::path paths[] = {folder_ / "source"};
    auto index = scan(paths);
    ASSERT_TRUE(index);
    index_ = *index;
  }

  SeriesPlace source() const { return all_series(index_).front(); }
  fs::path file() const { return folder_ / "made" / "made.dcm"; }

  Result<void> write(const std::string& kind, const SeriesPlace& place) const {
    fs::create_directories(folder_ / "made");
    DerivedSeries derived;
    derived.description = "T1 derived";
    derived.quantity = kind == "map" ? "mm2/s" : "";
    Segment lesion;
    lesion.number = 2;
    lesion.name = "Läsion";
    lesion.type = "Lesion";
    lesion.category = "Morphologically Abnormal Structure";
    lesion.algorithm = "SEMIAUTOMATIC brush";
    lesion.colour = {230, 159, 0};
    const Segment segments[] = {lesion};
    if (kind == "seg") return write_segmentation(file(), odd_labels(), segments, place, derived);
    if (kind == "fractional")
      return write_fractional_segmentation(file(), odd_chances(), lesion, place, derived);
    if (kind == "map") return write_parametric_map(file(), odd_volume(), place, derived);
    return write_enhanced_mr(file(), odd_volume(), place, derived);
  }

  StudyIndex made() const {
    const fs::path paths[] = {file()};
    auto index = scan(paths);
    EXPECT_TRUE(index && index->rejected.empty());
    return *index;
  }

  tests::TemporaryFolder folder_;
  StudyIndex index_;
};

using WriteObjects = MadeObject;

TEST_F(WriteObjects, GiveEveryLabelBackInItsPlace) {
  ASSERT_TRUE(write("seg", source()));
  const auto read = read_segmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->layers.size(), 1U);
  EXPECT_TRUE(read->layers[0].geometry().matches(odd_grid(), 1e-6));
  const LabelMap wanted = odd_labels();
  const auto got = read->layers[0].samples<std::uint8_t>();
  const auto labels = wanted.samples<std::uint8_t>();
  for (std::size_t i = 0; i < got.size(); ++i) {
    const int segment = labels[i] == 2 ? 1 : labels[i] == 5 ? 2 : 0;
    ASSERT_EQ(got[i], segment) << i;
  }
  ASSERT_EQ(read->segments.size(), 2U);
  EXPECT_EQ(read->segments[0].name, "Läsion");
  EXPECT_EQ(read->segments[0].type, "Lesion");
  EXPECT_EQ(read->segments[0].algorithm, "SEMIAUTOMATIC brush");
  EXPECT_EQ(read->segments[0].colour, (std::array<std::uint8_t, 3>{230, 159, 0}));
  EXPECT_EQ(read->segments[1].name, "Label 5");
  EXPECT_EQ(read->frame_of_reference_uid, source().series->frame_of_reference_uid);
}

TEST_F(WriteObjects, PackBitsAsPydicomUnpacksThem) {
  BLOCH_NEEDS_PYDICOM();
  ASSERT_TRUE(write("seg", source()));
  std::string wanted; // frames: label 2 in slices 0, 1, 2, 4; label 5 in slices 2, 3
  const LabelMap labels = odd_labels();
  const std::size_t slice = 21 * 22;
  for (const auto& [label, z] : {std::pair(2, 0), {2, 1}, {2, 2}, {2, 4}, {5, 2}, {5, 3}}) {
    const auto samples = labels.samples<std::uint8_t>().subspan(static_cast<std::size_t>(z) * slice, slice);
    for (const std::uint8_t sample : samples) wanted += sample == label ? '1' : '0';
    wanted += '\n';
  }
  EXPECT_EQ(python_says(R"(
import sys, pydicom
for frame in pydicom.dcmread(sys.argv[1]).pixel_array: print(''.join('01'[int(v)] for v in frame.flatten()))
)",
                        file()),
            wanted);
}

TEST_F(WriteObjects, KeepProbabilitiesToOneStepIn255) {
  ASSERT_TRUE(write("fractional", source()));
  const auto read = read_segmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->fractions.size(), 1U);
  ASSERT_EQ(read->segments.size(), 1U);
  EXPECT_EQ(read->segments[0].name, "Läsion");
  EXPECT_TRUE(read->fractions[0].geometry().matches(odd_grid(), 1e-6));
  const auto got = to_float(read->fractions[0]);
  const auto wanted = to_float(odd_chances());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 0.5 / 255 + 1e-6) << i;
}

TEST_F(WriteObjects, StoreProbabilitiesAsPydicomReadsThem) {
  BLOCH_NEEDS_PYDICOM();
  ASSERT_TRUE(write("fractional", source()));
  // Slices 0, 1, 2 and 4 (the last); slice 1 is a ramp of 462 voxels, slice 2 has 93 of round(0.25 x 255).
  EXPECT_EQ(python_says(R"(
import sys, numpy, pydicom
d = pydicom.dcmread(sys.argv[1])
a = d.pixel_array
assert (d.SegmentationType, d.SegmentationFractionalType, d.MaximumFractionalValue) == ('FRACTIONAL', 'PROBABILITY', 255)
assert (d.BitsAllocated, d.BitsStored, d.HighBit) == (8, 8, 7)
ramp = numpy.arange(462) / 461 * 255
print(a.shape[0], a[0].sum(), abs(a[1].flatten() - ramp).max() <= 0.5 + 1e-4, a[2].sum(), a[3].sum())
)",
                        file()),
            "4 0 True " + std::to_string(93 * 64) + " 0\n");
}

TEST_F(WriteObjects, RefuseWhatIsNoProbability) {
  const auto refused = [&](float value) {
    const VolumeGeometry geometry = odd_grid();
    std::vector<float> samples(geometry.voxel_count(), 0.5F);
    samples[7] = value;
    const auto written =
        write_fractional_segmentation(folder_ / "none.dcm", Volume(geometry, samples), {}, source(), {});
    EXPECT_FALSE(fs::exists(folder_ / "none.dcm"));
    return written ? std::string() : written.error().message;
  };
  EXPECT_NE(refused(3.25F).find("0.5 to 3.25"), std::string::npos) << refused(3.25F);
  EXPECT_NE(refused(-0.1F).find("-0.1 to 0.5"), std::string::npos) << refused(-0.1F);
  EXPECT_NE(refused(NAN).find("no numbers"), std::string::npos);
  const Volume nothing(odd_grid(), std::vector<float>(odd_grid().voxel_count()));
  EXPECT_FALSE(write_fractional_segmentation(folder_ / "none.dcm", nothing, {}, source(), {}));
}

TEST_F(WriteObjects, KeepEveryBitOfAMapAndItsUnit) {
  ASSERT_TRUE(write("map", source()));
  const StudyIndex index = made();
  const auto places = all_series(index);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].series->value_unit, "mm2/s");
  const auto volume = read_volume(*places[0].series);
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_TRUE(volume->geometry().matches(odd_grid(), 1e-6));
  EXPECT_EQ(to_float(*volume), to_float(odd_volume()));
}

TEST_F(WriteObjects, KeepAnEnhancedSeriesToOneStepIn65535) {
  ASSERT_TRUE(write("enhanced", source()));
  const StudyIndex index = made();
  const auto places = all_series(index);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].patient->name, "Yamada^Tarou=山田^太郎");
  EXPECT_EQ(places[0].study->uid, source().study->uid);
  EXPECT_EQ(places[0].series->frame_of_reference_uid, source().series->frame_of_reference_uid);
  const auto volume = read_volume(*places[0].series);
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_TRUE(volume->geometry().matches(odd_grid(), 1e-6));
  const auto got = to_float(*volume);
  const auto wanted = to_float(odd_volume());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 2e-3 / 65535) << i;
}

TEST_F(WriteObjects, RefuseLabelsOfNothing) {
  const VolumeGeometry geometry = odd_grid();
  const LabelMap nothing(geometry, std::vector<std::uint8_t>(geometry.voxel_count()));
  const auto written = write_segmentation(folder_ / "none.dcm", nothing, {}, source(), {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::invalid_parameter);
  EXPECT_FALSE(fs::exists(folder_ / "none.dcm"));
}

TEST_P(MadeObject, PassesDciodvfy) {
  BLOCH_NEEDS_PROGRAM("dciodvfy");
  for (const bool with_source : {true, false}) {
    SCOPED_TRACE(with_source);
    ASSERT_TRUE(write(GetParam(), with_source ? source() : SeriesPlace{}));
    const std::string report = output_of("dciodvfy '" + file().string() + "'");
    EXPECT_EQ(report.find("Error"), std::string::npos) << report;
  }
}

TEST_P(MadeObject, OpensInGdcm) {
  BLOCH_NEEDS_PROGRAM("gdcmconv");
  if (std::string(GetParam()) == "map") GTEST_SKIP() << "GDCM 3.0 does not read float pixel data";
  ASSERT_TRUE(write(GetParam(), source()));
  const std::string report =
      output_of("gdcmconv --raw '" + file().string() + "' '" + (folder_ / "raw.dcm").string() + "'");
  EXPECT_TRUE(fs::exists(folder_ / "raw.dcm")) << report;
}

TEST_P(MadeObject, OpensInPydicom) {
  BLOCH_NEEDS_PYDICOM();
  ASSERT_TRUE(write(GetParam(), source()));
  const std::string said = python_says(R"(
import sys, pydicom
d = pydicom.dcmread(sys.argv[1])
assert d.PatientID == 'P1' and d.ImageType[0] == 'DERIVED'
assert d.pixel_array.shape == (int(d.NumberOfFrames), 22, 21), d.pixel_array.shape
assert len(d.PerFrameFunctionalGroupsSequence) == int(d.NumberOfFrames)
print('ok')
)",
                                       file());
  EXPECT_EQ(said, "ok\n");
}

INSTANTIATE_TEST_SUITE_P(EveryKind, MadeObject, testing::Values("seg", "fractional", "map", "enhanced"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_F(WriteObjects, AreReadByDcm2niixWhereItReadsTheirKind) {
  BLOCH_NEEDS_PROGRAM("dcm2niix");
  ASSERT_TRUE(write("enhanced", source()));
  fs::create_directory(folder_ / "nifti");
  const std::string report = output_of("dcm2niix -z n -f out -o '" + (folder_ / "nifti").string() + "' '" +
                                       (folder_ / "made").string() + "'");
  EXPECT_TRUE(fs::exists(folder_ / "nifti" / "out.nii")) << report;
}

} // namespace
} // namespace bloch::imaging
