#include "imaging/dicom/write_objects.h"

#include <cmath>

#include <gtest/gtest.h>

#include "imaging/dicom/objects.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/made_object.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

class MadeObject : public WriteObjects, public testing::WithParamInterface<const char*> {};

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
assert d.pixel_array.shape[:3] == (int(d.NumberOfFrames), 22, 21), d.pixel_array.shape
assert len(d.PerFrameFunctionalGroupsSequence) == int(d.NumberOfFrames)
print('ok')
)",
                                       file());
  EXPECT_EQ(said, "ok\n");
}

INSTANTIATE_TEST_SUITE_P(EveryKind, MadeObject,
                         testing::Values("seg", "fractional", "map", "enhanced", "enhanced_ct", "capture_word",
                                         "capture_byte", "capture_colour"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_F(WriteObjects, AreReadByDcm2niixWhereItReadsTheirKind) {
  BLOCH_NEEDS_PROGRAM("dcm2niix");
  for (const std::string kind : {"enhanced", "enhanced_ct", "capture_word", "capture_byte", "capture_colour"}) {
    ASSERT_TRUE(write(kind, source()));
    fs::create_directory(folder_ / kind);
    const std::string report = output_of("dcm2niix -z n -f out -o '" + (folder_ / kind).string() + "' '" +
                                         (folder_ / "made").string() + "'");
    EXPECT_TRUE(fs::exists(folder_ / kind / "out.nii")) << kind << report;
  }
}

} // namespace
} // namespace bloch::imaging
