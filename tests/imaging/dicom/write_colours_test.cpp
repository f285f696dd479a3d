#include <functional>
#include <memory>
#include <numeric>

#include <gtest/gtest.h>

#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/scan.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;
using Colour = std::array<std::uint8_t, 3>;

/// Three images of 3 x 3 colours, an odd number of bytes each, at uneven places.
void write_colour_stack(const fs::path& folder, bool placed,
                        const std::function<void(DcmDataset&)>& change = {}) {
  SyntheticImage image;
  image.rows = image.columns = 3;
  image.pixels = {0};
  image.orientation = "1\\0\\0\\0\\0\\-1";
  int first = 0;
  image.change = [&](DcmDataset& dataset) {
    std::vector<Uint8> bytes(27);
    std::iota(bytes.begin(), bytes.end(), static_cast<Uint8>(first += 30));
    dataset.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    dataset.putAndInsertString(DCM_FrameOfReferenceUID, "1.2.826.0.1.3680043.10.9");
    dataset.putAndInsertUint16(DCM_SamplesPerPixel, 3);
    dataset.putAndInsertUint16(DCM_PlanarConfiguration, 0);
    dataset.putAndInsertUint16(DCM_BitsAllocated, 8);
    dataset.putAndInsertUint16(DCM_BitsStored, 8);
    dataset.putAndInsertUint16(DCM_HighBit, 7);
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertUint8Array(DCM_PixelData, bytes.data(), 27);
    if (change) change(dataset);
    if (placed) return;
    dataset.findAndDeleteElement(DCM_ImagePositionPatient);
    dataset.findAndDeleteElement(DCM_ImageOrientationPatient);
  };
  write_stack(folder, {0, 2, 7}, image);
}

StudyIndex one_series_in(const fs::path& path) {
  StudyIndex index = scanned(path);
  EXPECT_EQ(all_series(index).size(), 1U) << path;
  return index;
}

RgbVolume colours_in(const SeriesInfo& series) {
  auto colours = read_colour_volume(series);
  EXPECT_TRUE(colours) << (colours ? "" : colours.error().message);
  return colours ? *colours : RgbVolume(VolumeGeometry{}, std::vector<Colour>(1));
}

/// Writes the colours of a series again, and expects them back as they are.
StudyIndex written_again(const fs::path& source, const fs::path& derived) {
  const StudyIndex index = one_series_in(source);
  const SeriesPlace place = all_series(index).front();
  const RgbVolume colours = colours_in(*place.series);
  DerivedSeries description;
  description.description = "Colours";
  const auto written = write_derived_colours(derived, colours, *place.series, place, description);
  EXPECT_TRUE(written) << (written ? "" : written.error().message);
  StudyIndex back = one_series_in(derived);
  EXPECT_EQ(back.patients.at(0).id, index.patients.at(0).id);
  EXPECT_EQ(back.patients.at(0).studies.at(0).uid, place.study->uid);
  const SeriesInfo& series = *all_series(back).front().series;
  EXPECT_NE(series.uid, place.series->uid);
  EXPECT_EQ(series.sop_class_uid, UID_SecondaryCaptureImageStorage);
  EXPECT_EQ(series.image_type.at(0), "DERIVED");
  const RgbVolume again = colours_in(series);
  EXPECT_EQ(again.geometry().size, colours.geometry().size);
  EXPECT_TRUE(std::ranges::equal(again.samples<Colour>(), colours.samples<Colour>()));
  return back;
}

std::string text_in(DcmDataset& dataset, const DcmTagKey& tag) {
  OFString text;
  dataset.findAndGetOFStringArray(tag, text);
  return text.c_str();
}

TEST(WriteColours, PutsEachImageWhereItsSourceLies) {
  const tests::TemporaryFolder folder;
  write_colour_stack(folder / "source", true);
  const StudyIndex back = written_again(folder / "source", folder / "derived");
  const SeriesInfo& series = *all_series(back).front().series;
  EXPECT_EQ(series.frame_of_reference_uid, "1.2.826.0.1.3680043.10.9");
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder / "derived" / "IM00003.dcm").c_str()).good());
  DcmDataset& dataset = *file.getDataset();
  EXPECT_EQ(text_in(dataset, DCM_ImagePositionPatient), "0\\0\\7");
  EXPECT_EQ(text_in(dataset, DCM_ImageOrientationPatient), "1\\0\\0\\0\\0\\-1");
  EXPECT_EQ(text_in(dataset, DCM_PixelSpacing), "0.5\\0.25");
  EXPECT_EQ(text_in(dataset, DCM_PhotometricInterpretation), "RGB");
  EXPECT_EQ(text_in(dataset, DCM_PlanarConfiguration), "0");
  DcmFileFormat source;
  ASSERT_TRUE(source.loadFile((folder / "source" / "slice898.dcm").c_str()).good());
  DcmItem* reference = nullptr;
  ASSERT_TRUE(dataset.findAndGetSequenceItem(DCM_SourceImageSequence, reference, 0).good());
  OFString uid;
  reference->findAndGetOFString(DCM_ReferencedSOPInstanceUID, uid);
  EXPECT_EQ(uid.c_str(), text_in(*source.getDataset(), DCM_SOPInstanceUID));
}

TEST(WriteColours, InventsNoPlaceForImagesThatHaveNone) {
  const tests::TemporaryFolder folder;
  write_colour_stack(folder / "source", false);
  written_again(folder / "source", folder / "derived");
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder / "derived" / "IM00002.dcm").c_str()).good());
  for (const DcmTagKey& tag : {DCM_ImagePositionPatient, DCM_ImageOrientationPatient, DCM_FrameOfReferenceUID,
                               DCM_BurnedInAnnotation, DCM_WindowCenter})
    EXPECT_FALSE(file.getDataset()->tagExists(tag)) << tag.toString();
  EXPECT_EQ(text_in(*file.getDataset(), DCM_PixelSpacing), "0.5\\0.25");
}

/// What the first image says that is written of the first colours for another patient, whose MR is not of it.
std::unique_ptr<DcmDataset> written_for_another(const fs::path& folder,
                                                const std::function<void(DcmDataset&)>& change,
                                                const DerivedSeries& derived = {}) {
  write_colour_stack(folder / "source", true, change);
  SyntheticImage image;
  image.study_uid = "1.2.826.0.1.3680043.10.2";
  image.series_uid = "1.2.826.0.1.3680043.10.2.1";
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_PatientID, "S2");
    dataset.putAndInsertString(DCM_FrameOfReferenceUID, "1.2.826.0.1.3680043.10.10");
    dataset.putAndInsertString(DCM_BurnedInAnnotation, "NO");
  };
  write_stack(folder / "like", {0, 2, 4}, image);
  const StudyIndex colours = one_series_in(folder / "source");
  const StudyIndex like = one_series_in(folder / "like");
  const SeriesInfo& series = *all_series(colours).front().series;
  const auto written =
      write_derived_colours(folder / "derived", colours_in(series), series, all_series(like).front(), derived);
  EXPECT_TRUE(written) << (written ? "" : written.error().message);
  DcmFileFormat file;
  EXPECT_TRUE(file.loadFile((folder / "derived" / "IM00001.dcm").c_str()).good());
  return std::unique_ptr<DcmDataset>(file.getAndRemoveDataset());
}

TEST(WriteColours, SayOfBurnedInTextWhatTheirOwnImageSays) {
  for (const char* says : {"YES", "NO", ""}) {
    const tests::TemporaryFolder folder;
    const auto image = written_for_another(folder.path(), [says](DcmDataset& dataset) {
      if (*says) dataset.putAndInsertString(DCM_BurnedInAnnotation, says);
    });
    EXPECT_EQ(image->tagExists(DCM_BurnedInAnnotation), *says != 0);
    EXPECT_EQ(text_in(*image, DCM_BurnedInAnnotation), says);
  }
}

TEST(WriteColours, SayOfEachImageAloneWhatIsBurnedIn) {
  const tests::TemporaryFolder folder;
  int images = 0;
  write_colour_stack(folder / "source", true, [&images](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_BurnedInAnnotation, ++images == 2 ? "YES" : "NO");
  });
  written_again(folder / "source", folder / "derived");
  std::string says;
  for (const char* name : {"IM00001.dcm", "IM00002.dcm", "IM00003.dcm"}) {
    DcmFileFormat file;
    ASSERT_TRUE(file.loadFile((folder / "derived" / name).c_str()).good());
    says += text_in(*file.getDataset(), DCM_BurnedInAnnotation) + " ";
  }
  EXPECT_EQ(says, "NO YES NO ");
}

TEST(WriteColours, KeepTheFrameOfReferenceOfTheirPlanes) {
  const tests::TemporaryFolder folder;
  const auto image = written_for_another(folder.path(), {});
  EXPECT_EQ(text_in(*image, DCM_PatientID), "S2");
  EXPECT_EQ(text_in(*image, DCM_ImagePositionPatient), "0\\0\\0");
  EXPECT_EQ(text_in(*image, DCM_FrameOfReferenceUID), "1.2.826.0.1.3680043.10.9");
}

TEST(WriteColours, MakeAFrameOfReferenceForPlanesThatNameNone) {
  const tests::TemporaryFolder folder;
  const auto image = written_for_another(
      folder.path(), [](DcmDataset& dataset) { dataset.findAndDeleteElement(DCM_FrameOfReferenceUID); });
  EXPECT_EQ(text_in(*image, DCM_ImagePositionPatient), "0\\0\\0");
  EXPECT_TRUE(text_in(*image, DCM_FrameOfReferenceUID).starts_with("2.25."));
}

TEST(WriteColours, WriteNoPlaneThatIsNone) {
  const std::pair<DcmTagKey, const char*> faults[] = {
      {DCM_ImageOrientationPatient, "1\\0\\0\\1\\0\\0"},       // parallel
      {DCM_ImageOrientationPatient, "2\\0\\0\\0\\1\\0"},       // too long
      {DCM_ImageOrientationPatient, "1\\0\\0\\0.1\\0.995\\0"}, // leaning
      {DCM_PixelSpacing, "0\\1"},
      {DCM_PixelSpacing, "1\\-1"}};
  for (const auto& [tag, value] : faults) {
    const tests::TemporaryFolder folder;
    const auto image = written_for_another(folder.path(), [&](DcmDataset& dataset) {
      dataset.putAndInsertString(tag, value);
      dataset.putAndInsertString(DCM_SpacingBetweenSlices, "-2");
    });
    for (const DcmTagKey& gone : {DCM_ImagePositionPatient, DCM_ImageOrientationPatient,
                                  DCM_FrameOfReferenceUID, DCM_SpacingBetweenSlices})
      EXPECT_FALSE(image->tagExists(gone)) << value << " " << gone.toString();
    EXPECT_EQ(image->tagExists(DCM_PixelSpacing), tag != DCM_PixelSpacing) << value;
  }
}

class WrittenColours : public testing::TestWithParam<const char*> {};

TEST_P(WrittenColours, AreTheSameInPydicomAndPassDciodvfy) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PROGRAM("dciodvfy");
  BLOCH_NEEDS_PYDICOM();
  const tests::TemporaryFolder folder;
  const fs::path source = tests::test_data() / "dicom" / GetParam();
  written_again(source, folder / "derived");
  const StudyIndex index = one_series_in(source);
  ASSERT_TRUE(write_colour_image(folder / "colours.npy", colours_in(*all_series(index).front().series)));
  EXPECT_EQ(python_says(R"(
import glob, sys, numpy, pydicom
images = [pydicom.dcmread(f) for f in sorted(glob.glob(sys.argv[1] + '/derived/*.dcm'))]
colours = numpy.load(sys.argv[1] + '/colours.npy')
colours = colours.reshape((-1,) + colours.shape[-3:])
assert all(d.PhotometricInterpretation == 'RGB' and d.PlanarConfiguration == 0 for d in images)
print(numpy.array_equal(numpy.stack([d.pixel_array for d in images]), colours))
)",
                        folder.path()),
            "True\n");
  const std::string report = output_of("dciodvfy '" + (folder / "derived" / "IM00001.dcm").string() + "'");
  EXPECT_EQ(report.find("Error"), std::string::npos) << report;
}

INSTANTIATE_TEST_SUITE_P(EveryModel, WrittenColours,
                         testing::Values("cornerstone/US-YBR_FULL_422-EVRLE.dcm",
                                         "cornerstone/no-pixel-spacing.dcm", "dcm4che/YBR_FULL-RLE.dcm",
                                         "highdicom/sm_image.dcm", "dcm4che/US-RGB-8-epicard"));

} // namespace
} // namespace bloch::imaging
