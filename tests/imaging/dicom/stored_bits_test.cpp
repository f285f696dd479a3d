#include <random>

#include <gtest/gtest.h>

#include "imaging/dicom/detail/modality_values.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

struct Bits {
  int stored, high;
  bool is_signed;
  int intercept;
};

std::vector<Uint16> random_words() {
  std::mt19937 random(7);
  std::vector<Uint16> words(31 * 33); // no multiple of any vector
  for (Uint16& word : words) word = static_cast<Uint16>(random());
  return words;
}

/// The stored value bit by bit (PS3.5 8.1.1): the reference.
int stored_value(Uint16 word, const Bits& bits) {
  int value = 0;
  for (int bit = 0; bit < bits.stored; ++bit) value |= (word >> (bits.high + 1 - bits.stored + bit) & 1) << bit;
  if (bits.is_signed && (value >> (bits.stored - 1) & 1) != 0) value -= 1 << bits.stored;
  return value;
}

void check(const Bits& bits) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.rows = 31;
  image.columns = 33;
  image.pixels = random_words();
  image.change = [&](DcmDataset& dataset) {
    dataset.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(bits.stored));
    dataset.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bits.high));
    dataset.putAndInsertUint16(DCM_PixelRepresentation, bits.is_signed ? 1 : 0);
    dataset.putAndInsertString(DCM_RescaleIntercept, std::to_string(bits.intercept).c_str());
  };
  write_synthetic(folder / "a.dcm", image);
  const auto source = open_pixels(folder / "a.dcm");
  ASSERT_TRUE(source) << source.error().message;
  std::vector<int> expected;
  bool fits = true;
  for (const Uint16 word : image.pixels) {
    expected.push_back(stored_value(word, bits) + bits.intercept);
    fits = fits && expected.back() >= -32768 && expected.back() <= 32767;
  }
  std::vector<std::int16_t> samples(expected.size());
  const auto good = read_image_values(*source, 0, std::span(samples));
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(*good, fits);
  if (fits) {
    EXPECT_EQ(std::vector<int>(samples.begin(), samples.end()), expected);
  }
}

TEST(StoredBits, BecomeInt16OrSayThatTheyDoNotFit) {
  for (const bool is_signed : {false, true})
    for (const int stored : {1, 2, 8, 11, 12, 15, 16})
      for (const int intercept : {0, -1024, 1, 20000, -32768, 40000, -60000})
        for (const int high : {stored - 1, 15}) {
          SCOPED_TRACE(std::to_string(stored) + " bits up to " + std::to_string(high) +
                       (is_signed ? ", signed, " : ", ") + std::to_string(intercept));
          check({stored, high, is_signed, intercept});
        }
}

} // namespace
} // namespace bloch::imaging
