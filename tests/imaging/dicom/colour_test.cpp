#include "imaging/dicom/read_colour.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"
#include "imaging/io/image_file.h"
#include "imaging/open/open.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using Colour = std::array<std::uint8_t, 3>;
using Colours = std::vector<Colour>;
using Bytes = std::vector<Uint8>;

/// An image of two rows and two columns with these bytes as its pixels.
SyntheticImage colour_image(const char* photometric, Bytes bytes, int planar = 0, int samples = 3) {
  SyntheticImage image;
  image.rows = image.columns = 2;
  image.pixels = {0};
  image.change = [=](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_PhotometricInterpretation, photometric);
    dataset.putAndInsertUint16(DCM_SamplesPerPixel, static_cast<Uint16>(samples));
    if (samples > 1) dataset.putAndInsertUint16(DCM_PlanarConfiguration, static_cast<Uint16>(planar));
    dataset.putAndInsertUint16(DCM_BitsAllocated, 8);
    dataset.putAndInsertUint16(DCM_BitsStored, 8);
    dataset.putAndInsertUint16(DCM_HighBit, 7);
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertUint8Array(DCM_PixelData, bytes.data(), static_cast<unsigned long>(bytes.size()));
  };
  return image;
}

Result<OpenedImage> open_written(const SyntheticImage& image,
                                 E_TransferSyntax syntax = EXS_LittleEndianExplicit) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder.path() / "a.dcm", image, syntax);
  return open_image(folder.path());
}

Colours colours_of(const SyntheticImage& image, E_TransferSyntax syntax = EXS_LittleEndianExplicit) {
  const auto opened = open_written(image, syntax);
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
  if (!opened || !opened->colour) return {};
  const auto samples = opened->colour->samples<Colour>();
  return {samples.begin(), samples.end()};
}

const Colours four = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {10, 20, 30}};

TEST(Colours, OfRgbComePixelByPixelOrPlaneByPlane) {
  EXPECT_EQ(colours_of(colour_image("RGB", {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30})), four);
  EXPECT_EQ(colours_of(colour_image("RGB", {255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30}, 1)), four);
}

TEST(Colours, AreTheSameInBigEndianFiles) {
  EXPECT_EQ(
      colours_of(colour_image("RGB", {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30}), EXS_BigEndianExplicit),
      four);
}

TEST(Colours, OfYbrFullFollowTheStandard) {
  // PS3.3 C.7.6.3.1.2: Y 76, CB 85, CR 255 is red; 150, 44, 21 is green; 29, 255, 107 is blue.
  const Colours colours =
      colours_of(colour_image("YBR_FULL", {76, 85, 255, 150, 44, 21, 29, 255, 107, 128, 128, 128}));
  ASSERT_EQ(colours.size(), 4U);
  const Colours expected = {{254, 0, 0}, {0, 255, 1}, {0, 0, 254}, {128, 128, 128}};
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(colours[i][c], expected[i][c], 1) << i << ' ' << c;
}

TEST(Colours, OfHalvedChromaArePutOnBothPixels) {
  // Y Y CB CR
  const Colours colours = colours_of(colour_image("YBR_FULL_422", {10, 20, 128, 128, 76, 76, 85, 255}));
  ASSERT_EQ(colours.size(), 4U);
  EXPECT_EQ(colours[0], (Colour{10, 10, 10}));
  EXPECT_EQ(colours[1], (Colour{20, 20, 20}));
  EXPECT_EQ(colours[2], colours[3]);
  EXPECT_NEAR(colours[2][0], 254, 1);
}

TEST(Colours, OfStudioRangeReachBlackAndWhite) {
  const Colours colours = colours_of(colour_image("YBR_PARTIAL_422", {16, 235, 128, 128, 16, 235, 128, 128}));
  EXPECT_EQ(colours, (Colours{{0, 0, 0}, {255, 255, 255}, {0, 0, 0}, {255, 255, 255}}));
}

TEST(Colours, OfSixteenBitsKeepTheirUpperEight) {
  SyntheticImage image = colour_image("RGB", Bytes(12));
  const auto before = image.change;
  image.change = [before](DcmDataset& dataset) {
    before(dataset);
    dataset.putAndInsertUint16(DCM_BitsAllocated, 16);
    dataset.putAndInsertUint16(DCM_BitsStored, 12);
    dataset.putAndInsertUint16(DCM_HighBit, 11);
    dataset.findAndDeleteElement(DCM_PixelData);
    const Uint16 values[] = {0xFFF, 0, 0, 0, 0xFFF, 0, 0, 0, 0xFFF, 0x0A5, 0x140, 0x1EF};
    dataset.putAndInsertUint16Array(DCM_PixelData, values, 12);
  };
  EXPECT_EQ(colours_of(image), four);
}

void put_palette(DcmDataset& dataset, Uint16 first) {
  const Uint16 descriptor[] = {3, first, 16};
  const Uint16 entries[3][3] = {{0xFF00, 0, 0x0A00}, {0, 0xFF00, 0x1400}, {0, 0, 0x1E00}};
  const DcmTagKey descriptors[] = {DCM_RedPaletteColorLookupTableDescriptor,
                                   DCM_GreenPaletteColorLookupTableDescriptor,
                                   DCM_BluePaletteColorLookupTableDescriptor};
  const DcmTagKey tables[] = {DCM_RedPaletteColorLookupTableData, DCM_GreenPaletteColorLookupTableData,
                              DCM_BluePaletteColorLookupTableData};
  for (std::size_t c = 0; c < 3; ++c) {
    dataset.putAndInsertUint16Array(descriptors[c], descriptor, 3);
    dataset.putAndInsertUint16Array(tables[c], entries[c], 3);
  }
}

TEST(Colours, OfAPaletteAreLookedUp) {
  SyntheticImage image = colour_image("PALETTE COLOR", {4, 5, 6, 9}, 0, 1);
  const auto before = image.change;
  image.change = [before](DcmDataset& dataset) {
    before(dataset);
    put_palette(dataset, 4);
  };
  EXPECT_EQ(colours_of(image), (Colours{{255, 0, 0}, {0, 255, 0}, {10, 20, 30}, {10, 20, 30}}));
}

TEST(Colours, OfASegmentedPaletteAreExpanded) {
  SyntheticImage image = colour_image("PALETTE COLOR", {0, 1, 2, 5}, 0, 1);
  const auto before = image.change;
  image.change = [before](DcmDataset& dataset) {
    before(dataset);
    put_palette(dataset, 0);
    const Uint16 descriptor[] = {6, 0, 16};
    // one discrete entry of 0, then four on a line to 0x8000, then an indirect segment: the first one again
    const Uint16 segments[] = {0, 1, 0, 1, 4, 0x8000, 2, 1, 0, 0};
    const DcmTagKey tags[][3] = {
        {DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
         DCM_SegmentedRedPaletteColorLookupTableData},
        {DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
         DCM_SegmentedGreenPaletteColorLookupTableData},
        {DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
         DCM_SegmentedBluePaletteColorLookupTableData}};
    for (const auto& channel : tags) {
      dataset.putAndInsertUint16Array(channel[0], descriptor, 3);
      dataset.findAndDeleteElement(channel[1]);
      dataset.putAndInsertUint16Array(channel[2], segments, 10);
    }
  };
  EXPECT_EQ(colours_of(image), (Colours{{0, 0, 0}, {0x20, 0x20, 0x20}, {0x40, 0x40, 0x40}, {0, 0, 0}}));
}

TEST(Colours, OfAPaletteWithoutItsTablesAreRefused) {
  const auto opened = open_written(colour_image("PALETTE COLOR", {4, 5, 6, 9}, 0, 1));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("palette"), std::string::npos) << opened.error().message;
}

TEST(Colours, OfAnUnknownModelAreRefusedByName) {
  const auto opened = open_written(colour_image("HSV", Bytes(12)));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("HSV"), std::string::npos) << opened.error().message;
}

TEST(Colours, AreWrittenWithTheirThreeSamples) {
  const tests::TemporaryFolder folder;
  const auto opened = open_written(colour_image("RGB", {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30}));
  ASSERT_TRUE(opened);
  ASSERT_TRUE(write_colour_image(folder.path() / "a.npy", *opened->colour));
  std::ifstream file(folder.path() / "a.npy", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_NE(bytes.find("(2, 2, 3)"), std::string::npos);
  ASSERT_GE(bytes.size(), 12U);
  EXPECT_EQ(bytes.substr(bytes.size() - 3), std::string("\x0A\x14\x1E"));
  for (const char* name : {"a.nrrd", "a.mha", "a.png"})
    EXPECT_TRUE(write_colour_image(folder.path() / name, *opened->colour));
  const auto refused = write_colour_image(folder.path() / "a.nii", *opened->colour);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(".png"), std::string::npos);
}

TEST(Colours, HaveABrightnessAsTheirVolume) {
  const auto opened = open_written(colour_image("RGB", {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30}));
  ASSERT_TRUE(opened);
  const auto values = opened->volume.samples<std::int16_t>();
  EXPECT_EQ(std::vector<std::int16_t>(values.begin(), values.end()),
            (std::vector<std::int16_t>{76, 150, 29, 18}));
}

TEST(Colours, OfSeveralFramesLieOneBehindTheOther) {
  SyntheticImage image = colour_image("RGB", {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, //
                                              1,   2, 3, 4, 5,   6, 7, 8, 9,   10, 11, 12});
  const auto before = image.change;
  image.change = [before](DcmDataset& dataset) {
    before(dataset);
    dataset.putAndInsertString(DCM_NumberOfFrames, "2");
  };
  const auto opened = open_written(image);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->volume.geometry().size, (std::array<int, 3>{2, 2, 2}));
  EXPECT_EQ(opened->colour->samples<Colour>()[4], (Colour{1, 2, 3}));
  ASSERT_FALSE(opened->series.warnings.empty());
  EXPECT_EQ(opened->series.warnings.front().kind, "colour");
}

} // namespace
} // namespace bloch::imaging
