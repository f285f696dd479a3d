#include <fmt/format.h>

#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/made_object.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"

namespace bloch::imaging {
namespace {

class WriteCaptures : public WriteObjects {
 protected:
  Result<Volume> written(const std::string& kind) {
    EXPECT_TRUE(write(kind, source()));
    made_ = made();
    EXPECT_EQ(all_series(made_).size(), 1U) << kind;
    return read_volume(*all_series(made_).front().series);
  }
  std::string pydicom_says(const std::string& expression) const {
    return python_says("import sys, pydicom\nd = pydicom.dcmread(sys.argv[1])\nprint(" + expression + ")",
                       file());
  }

  StudyIndex made_;
};

TEST_F(WriteCaptures, KeepAnEnhancedCtInHounsfieldUnits) {
  const auto volume = written("enhanced_ct");
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_TRUE(volume->geometry().matches(odd_grid(), 1e-6));
  const auto got = to_float(*volume);
  const auto wanted = to_float(odd_volume());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 2e-3 / 65535) << i;
  EXPECT_EQ(all_series(made_).front().series->modality, "CT");
  BLOCH_NEEDS_PYDICOM();
  EXPECT_EQ(pydicom_says("d.SOPClassUID.name, d.SharedFunctionalGroupsSequence[0]"
                         ".PixelValueTransformationSequence[0].RescaleType"),
            "Enhanced CT Image Storage HU\n");
}

TEST_F(WriteCaptures, KeepValuesAndPlacesOfGreyFrames) {
  for (const auto& [kind, wanted, step] :
       {std::tuple("capture_word", odd_volume(), 2e-3 / 65535), {"capture_byte", odd_bytes(), 0.0}}) {
    const auto volume = written(kind);
    ASSERT_TRUE(volume) << volume.error().message;
    EXPECT_TRUE(volume->geometry().matches(odd_grid(), 1e-6)) << kind;
    const auto got = to_float(*volume);
    const auto values = to_float(wanted);
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], values[i], step) << kind << i;
    if (has_pydicom()) {
      EXPECT_EQ(pydicom_says("d.SOPClassUID[-1], d.BitsAllocated, d.BurnedInAnnotation, d.NumberOfFrames, "
                             "d[d.FrameIncrementPointer].value"),
                std::string(kind) == "capture_word" ? "3 16 NO 5 [0, 2, 4, 6, 8]\n"
                                                    : "2 8 NO 5 [0, 2, 4, 6, 8]\n");
    }
  }
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

TEST_F(WriteCaptures, KeepColoursAndWhereTheyLie) {
  ASSERT_TRUE(write("capture_colour", source()));
  made_ = made();
  const auto colours = read_colour_volume(*all_series(made_).front().series);
  ASSERT_TRUE(colours) << colours.error().message;
  using Triple = std::array<std::uint8_t, 3>;
  EXPECT_TRUE(std::ranges::equal(colours->samples<Triple>(), odd_colours().samples<Triple>()));
  // A colour series opens as its images one behind the other: that they have places is seen by pydicom.
  BLOCH_NEEDS_PYDICOM();
  const Eigen::Vector3d place = odd_grid().to_world({Eigen::Vector3d(0, 0, 3)}).mm;
  EXPECT_EQ(pydicom_says("[round(float(v), 3) for v in d.PerFrameFunctionalGroupsSequence[3]"
                         ".PlanePositionSequence[0].ImagePositionPatient], d.pixel_array[2, 4, 5].tolist()"),
            fmt::format("[{}, {}, {}] {}\n", rounded(place.x()), rounded(place.y()), rounded(place.z()),
                        fmt::format("[{}, {}, {}]", (2 * 462 + 4 * 21 + 5) % 256,
                                    (2 * 462 + 4 * 21 + 5) / 5 % 256, (2 * 462 + 4 * 21 + 5) * 3 % 256)));
}

TEST_F(WriteCaptures, OfScreensWithoutAPlaceHavePagesAndMayHoldText) {
  SeriesInfo screens;
  DerivedSeries derived;
  derived.made_from = &screens;
  std::filesystem::create_directories(folder_ / "made");
  ASSERT_TRUE(write_multi_frame_capture(file(), odd_colours(), screens, source(), derived));
  if (tests::has_program("dciodvfy")) {
    const std::string report = output_of("dciodvfy '" + file().string() + "'");
    EXPECT_EQ(report.find("Error"), std::string::npos) << report;
  }
  BLOCH_NEEDS_PYDICOM();
  EXPECT_EQ(pydicom_says("d.SOPClassUID[-1], d.BurnedInAnnotation, d[d.FrameIncrementPointer].value, "
                         "'PerFrameFunctionalGroupsSequence' in d, 'FrameOfReferenceUID' in d"),
            "4 YES [1, 2, 3, 4, 5] False False\n");
}

} // namespace
} // namespace bloch::imaging
