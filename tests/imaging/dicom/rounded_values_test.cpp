// Values with more digits than 32-bit floats hold: the reader says what it loses.
#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

/// What the pixels alone show of an image of 1 x 2 values.
std::vector<Warning> warnings_of(const std::function<void(DcmDataset&)>& change) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.rows = 1;
  image.columns = 2;
  image.change = change;
  write_synthetic(folder / "a.dcm", image);
  std::vector<Warning> warnings;
  const auto volume = read_volume(only_series(folder.path()), {}, 0, &warnings);
  EXPECT_TRUE(volume) << (volume ? "" : volume.error().message);
  return warnings;
}

std::vector<Warning> of_integers(Uint32 first, Uint32 second, bool is_signed = false, const char* slope = "1") {
  return warnings_of([=](DcmDataset& dataset) {
    dataset.putAndInsertUint16(DCM_BitsAllocated, 32);
    dataset.putAndInsertUint16(DCM_BitsStored, 32);
    dataset.putAndInsertUint16(DCM_HighBit, 31);
    dataset.putAndInsertUint16(DCM_PixelRepresentation, is_signed ? 1 : 0);
    dataset.putAndInsertString(DCM_RescaleSlope, slope);
    dataset.putAndInsertString(DCM_RescaleIntercept, "0");
    const Uint16 words[] = {static_cast<Uint16>(first), static_cast<Uint16>(first >> 16),
                            static_cast<Uint16>(second), static_cast<Uint16>(second >> 16)};
    dataset.putAndInsertUint16Array(DCM_PixelData, words, 4);
  });
}

std::vector<Warning> of_doubles(double first, double second) {
  return warnings_of([=](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertUint16(DCM_BitsAllocated, 64);
    const Float64 values[] = {first, second};
    dataset.putAndInsertFloat64Array(DCM_DoubleFloatPixelData, values, 2);
  });
}

TEST(RoundedValues, OfLargeIntegersAreNamedWithTheLargestError) {
  const auto large = of_integers(0xFFFFFFFF, 0x01000001);
  ASSERT_EQ(large.size(), 1U);
  EXPECT_EQ(large[0].kind, "rounded-values");
  EXPECT_NE(large[0].message.find("up to 1 off"), std::string::npos) << large[0].message;
  const auto largest = of_integers(0xFFFFFF7F, 0);
  ASSERT_EQ(largest.size(), 1U);
  EXPECT_NE(largest[0].message.find("up to 127 off"), std::string::npos) << largest[0].message;
  EXPECT_EQ(of_integers(0x81234567, 0, true).size(), 1U);
  EXPECT_EQ(of_integers(0x11234567, 0, false, "0.001").size(), 1U);
}

TEST(RoundedValues, AreNotSaidOfIntegersThatFloatsHold) {
  EXPECT_TRUE(of_integers(0x01000000, 0xFFFFFF00).empty());
  EXPECT_TRUE(of_integers(70000, 3).empty());
  EXPECT_TRUE(of_integers(70000, 3, false, "0.1").empty()); // no two stored values become one
  EXPECT_TRUE(of_integers(0xFFFFFFFF, 0x80000000, true).empty());
}

TEST(RoundedValues, OfDoublesAreNamedWhereTheyLeaveTheRange) {
  const auto large = of_doubles(-1e200, 1);
  ASSERT_EQ(large.size(), 1U);
  EXPECT_EQ(large[0].kind, "values-out-of-range");
  EXPECT_NE(large[0].message.find("1e+200"), std::string::npos) << large[0].message;
  const auto small = of_doubles(1e-200, 1);
  ASSERT_EQ(small.size(), 1U);
  EXPECT_EQ(small[0].kind, "values-out-of-range");
  EXPECT_TRUE(of_doubles(0.1, 1e30).empty());
}

} // namespace
} // namespace bloch::imaging
