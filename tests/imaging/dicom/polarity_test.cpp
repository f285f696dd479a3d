// Images of which small values are bright (MONOCHROME1): their values and windows are those of the file, and
// what is written of them looks the same elsewhere.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "imaging/dicom/objects.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/write_objects.h"
#include "tests/imaging/dicom/only_object.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_presentation.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

using Change = std::function<void(DcmDataset&)>;

SyntheticImage inverse_image(const Change& change = {}) {
  SyntheticImage image;
  image.rows = image.columns = 2;
  image.pixels = {0, 1, 4000, 4095};
  image.change = [change](DcmDataset& dataset) {
    put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME1");
    if (change) change(dataset);
  };
  return image;
}

SeriesInfo series_of_image(const Change& change) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "a.dcm", inverse_image(change));
  return only_series(folder.path());
}

TEST(Polarity, ValuesAndWindowsAreThoseOfTheFile) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "a.dcm", inverse_image([](DcmDataset& dataset) {
                    put_text(dataset, DCM_WindowCenter, "1000");
                    put_text(dataset, DCM_WindowWidth, "300");
                    put_text(dataset, DCM_RescaleIntercept, "-10");
                    dataset.putAndInsertUint16(DCM_PixelPaddingValue, 0);
                  }));
  const SeriesInfo series = only_series(folder.path());
  EXPECT_TRUE(series.inverse);
  EXPECT_EQ(series.windows, (std::vector<WindowLevel>{{300, 1000, {}}}));
  EXPECT_EQ(series.padding, (ValueRange{-10, -10}));
  const auto volume = read_volume(series);
  ASSERT_TRUE(volume);
  ASSERT_TRUE(volume->holds<std::int16_t>());
  EXPECT_EQ(to_float(*volume), (std::vector<float>{-10, -9, 3990, 4085}));
}

TEST(Polarity, IsToldByThePhotometricInterpretationOrTheLutShapeAndTurnsOnce) {
  EXPECT_TRUE(series_of_image({}).inverse);
  EXPECT_TRUE(series_of_image([](DcmDataset& dataset) {
                put_text(dataset, DCM_PresentationLUTShape, "INVERSE");
              }).inverse);
  EXPECT_TRUE(series_of_image([](DcmDataset& dataset) {
                put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
                put_text(dataset, DCM_PresentationLUTShape, "INVERSE");
              }).inverse);
  EXPECT_FALSE(series_of_image([](DcmDataset& dataset) {
                 put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
                 put_text(dataset, DCM_PresentationLUTShape, "IDENTITY");
               }).inverse);
}

TEST(Polarity, IsPartOfWhatIsListed) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "a.dcm", inverse_image());
  const auto json = nlohmann::json::parse(to_json(scanned(folder.path())));
  EXPECT_EQ(json["patients"][0]["studies"][0]["series"][0]["presentation_lut_shape"], "INVERSE");
}

TEST(Polarity, OfTwoKindsMakesTwoParts) {
  const tests::TemporaryFolder folder;
  for (int i = 0; i < 4; ++i) {
    SyntheticImage image = inverse_image([i](DcmDataset& dataset) {
      if (i % 2 == 1) put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
    });
    image.number = i + 1;
    image.z = 2 * i;
    write_synthetic(folder / (std::to_string(i) + ".dcm"), image);
  }
  const auto parts = all_parts(folder.path());
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_TRUE(parts[0].inverse);
  EXPECT_FALSE(parts[1].inverse);
  EXPECT_EQ(parts[0].images.size(), 2U);
  EXPECT_EQ(kinds(parts[0]).back(), "mixed-polarity");
}

TEST(Polarity, OfTwoKindsInOneSequenceIsSaid) {
  const tests::TemporaryFolder folder;
  for (int i = 0; i < 14; ++i) { // turning projections: too many for parts
    SyntheticImage image = inverse_image([i](DcmDataset& dataset) {
      if (i == 2) put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
    });
    image.number = i + 1;
    const double angle = 0.2 * i;
    image.orientation =
        std::to_string(std::cos(angle)) + "\\" + std::to_string(std::sin(angle)) + "\\0\\0\\0\\-1";
    write_synthetic(folder / (std::to_string(i) + ".dcm"), image);
  }
  const SeriesInfo series = only_series(folder.path());
  EXPECT_TRUE(series.inverse);
  const auto said = kinds(series);
  EXPECT_NE(std::find(said.begin(), said.end(), "mixed-polarity"), said.end());
}

/// Three slices of a series whose small values are bright, with padding.
class WrittenPolarity : public testing::Test {
 protected:
  void SetUp() override {
    SyntheticImage image;
    image.rows = 5;
    image.columns = 4;
    for (int i = 0; i < 20; ++i) image.pixels.push_back(static_cast<Uint16>(i < 4 ? 0 : 200 * i));
    image.change = [](DcmDataset& dataset) {
      put_text(dataset, DCM_PhotometricInterpretation, "MONOCHROME1");
      dataset.putAndInsertUint16(DCM_PixelPaddingValue, 0);
      put_text(dataset, DCM_FrameOfReferenceUID, "1.2.826.0.1.3680043.10.7");
    };
    write_stack(folder_ / "source", {0, 2, 4}, image);
    index_ = scanned(folder_ / "source");
    volume_ = *read_volume(*source().series);
    fs::create_directories(folder_ / "made");
  }

  SeriesPlace source() const { return all_series(index_).front(); }
  fs::path file() const { return folder_ / "made" / "made.dcm"; }

  /// Without what the synthetic source lacks and every derived file then lacks too.
  static void expect_no_errors(const fs::path& path) {
    if (!tests::has_program("dciodvfy")) return;
    const std::string report = output_of("dciodvfy '" + path.string() + "'");
    EXPECT_EQ(report.find("Error"), std::string::npos) << report;
  }
  void expect_same_values(const SeriesInfo& series) const {
    const auto volume = read_volume(series);
    ASSERT_TRUE(volume) << volume.error().message;
    EXPECT_EQ(to_float(*volume), to_float(volume_));
  }

  tests::TemporaryFolder folder_;
  StudyIndex index_;
  Volume volume_{VolumeGeometry{}, std::vector<std::int16_t>(1)};
};

TEST_F(WrittenPolarity, OfSingleImagesIsKeptWithValuesAndPadding) {
  for (const std::string modality : {"MR", "CT", "OT"}) {
    DerivedSeries derived;
    derived.modality = modality;
    const fs::path folder = folder_ / modality;
    ASSERT_TRUE(write_derived_series(folder, volume_, source(), derived));
    const SeriesInfo series = only_series(folder);
    EXPECT_TRUE(series.inverse) << modality;
    EXPECT_EQ(series.padding, (ValueRange{0, 0})) << modality;
    expect_same_values(series);
    expect_no_errors(folder / "IM00001.dcm");
    DcmFileFormat made;
    ASSERT_TRUE(made.loadFile((folder / "IM00001.dcm").c_str()).good());
    OFString text;
    made.getDataset()->findAndGetOFString(DCM_PhotometricInterpretation, text);
    EXPECT_EQ(text, "MONOCHROME1");
    made.getDataset()->findAndGetOFString(DCM_PresentationLUTShape, text);
    EXPECT_EQ(text, "INVERSE");
  }
}

TEST_F(WrittenPolarity, OfMapsIsTheUsual) {
  DerivedSeries derived;
  derived.inverse = false;
  ASSERT_TRUE(write_derived_series(folder_ / "map", volume_, source(), derived));
  EXPECT_FALSE(only_series(folder_ / "map").inverse);
}

TEST_F(WrittenPolarity, OfWhatIsNoNumberIsTheDarkest) {
  VolumeGeometry geometry = volume_.geometry();
  std::vector<float> samples = to_float(volume_);
  samples[7] = std::nanf("");
  ASSERT_TRUE(write_derived_series(folder_ / "hole", Volume(geometry, samples), source(), {}));
  const auto volume = read_volume(only_series(folder_ / "hole"));
  ASSERT_TRUE(volume);
  EXPECT_NEAR(to_float(*volume)[7], 3800, 0.1);
}

TEST_F(WrittenPolarity, OfACaptureIsAFallingTable) {
  ASSERT_TRUE(capture_keeps_polarity(volume_));
  DerivedSeries derived;
  derived.modality = "OT";
  ASSERT_TRUE(write_multi_frame_capture(file(), volume_, source(), derived));
  expect_no_errors(file());
  const SeriesInfo series = only_series(file());
  expect_same_values(series);
  EXPECT_FALSE(series.inverse);
  ASSERT_EQ(series.windows.size(), 1U);
  EXPECT_EQ(apply_window(0, series.windows[0]), 0) << "padding";
  EXPECT_GT(apply_window(800, series.windows[0]), 0.9);
  EXPECT_LT(apply_window(3800, series.windows[0]), 0.1);
}

TEST_F(WrittenPolarity, OfACaptureOfBytesIsAFallingTableToo) {
  std::vector<std::int16_t> samples;
  for (const float value : to_float(volume_)) samples.push_back(static_cast<std::int16_t>(value / 20));
  const Volume bytes(volume_.geometry(), samples);
  ASSERT_TRUE(write_multi_frame_capture(file(), bytes, source(), {}));
  expect_no_errors(file());
  const SeriesInfo series = only_series(file());
  ASSERT_EQ(series.windows.size(), 1U);
  ASSERT_TRUE(series.windows[0].table);
  EXPECT_EQ(series.windows[0].table->entries.size(), 191U);
  EXPECT_EQ(to_float(*read_volume(series)), to_float(bytes));
}

TEST_F(WrittenPolarity, IsLostInACaptureThatNoTableTurns) {
  std::vector<float> samples = to_float(volume_);
  EXPECT_FALSE(capture_keeps_polarity(Volume(volume_.geometry(), samples)));
  const std::vector<std::int16_t> negative(samples.size(), -1);
  EXPECT_FALSE(capture_keeps_polarity(Volume(volume_.geometry(), negative)));
}

TEST_F(WrittenPolarity, IsLostInAnEnhancedImageWhoseValuesAreKept) {
  ASSERT_TRUE(write_enhanced_mr(file(), volume_, source(), {}));
  expect_no_errors(file());
  const SeriesInfo series = only_series(file());
  EXPECT_FALSE(series.inverse);
  expect_same_values(series);
}

TEST_F(WrittenPolarity, OfAPresentationStateIsToldAndNotAmongWhatIsNotApplied) {
  for (const std::string shape : {"INVERSE", "IDENTITY", ""}) {
    const fs::path state = folder_ / ("state" + shape);
    fs::create_directories(state);
    write_presentation(state / "a.dcm", SyntheticImage{}.series_uid, {folder_ / "source" / "slice900.dcm"},
                       [&](DcmDataset& dataset) {
                         if (!shape.empty()) put_text(dataset, DCM_PresentationLUTShape, shape);
                       });
    const ObjectInfo object = only_object(state);
    EXPECT_EQ(object.inverse, shape.empty() ? std::nullopt : std::optional(shape == "INVERSE"));
    const auto read = read_presentation_state(object, {source().series, 1});
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->not_applied.empty());
  }
}

/// The CR images that pydicom ships are MONOCHROME1.
TEST(Polarity, OfRealRadiographsLeavesThemAsPydicomReadsThem) {
  BLOCH_NEEDS_PYDICOM();
  const std::string path =
      output_of("/usr/bin/python3 -c \"import os, pydicom; print(os.path.join(os.path.dirname("
                "pydicom.__file__), 'data/test_files/dicomdirtests/77654033/CR1/6154'), end='')\"");
  if (!fs::exists(path)) GTEST_SKIP() << "pydicom came without its files";
  const SeriesInfo series = only_series(path);
  EXPECT_TRUE(series.inverse);
  const auto volume = read_volume(series);
  ASSERT_TRUE(volume);
  const auto values = to_float(*volume);
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += static_cast<double>(values[i]) * static_cast<double>(i + 1);
  const double theirs = std::stod(python_says(
      "import sys, numpy, pydicom\nfrom pydicom.pixel_data_handlers.util import apply_modality_lut\n"
      "d = pydicom.dcmread(sys.argv[1])\nv = apply_modality_lut(d.pixel_array, d).ravel()\n"
      "print(float((v * numpy.arange(1, v.size + 1)).sum()))",
      path));
  EXPECT_NEAR(sum, theirs, 1e-6 * theirs);
}

} // namespace
} // namespace bloch::imaging
