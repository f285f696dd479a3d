#include "imaging/dicom/detail/rle.h"

#include <gtest/gtest.h>

namespace bloch::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Header and segments of one frame.
Bytes rle_frame(const std::vector<Bytes>& segments) {
  Bytes frame(64);
  const auto put = [&](std::size_t i, std::size_t number) {
    for (std::size_t k = 0; k < 4; ++k) frame[4 * i + k] = static_cast<std::uint8_t>(number >> (8 * k));
  };
  put(0, segments.size());
  for (std::size_t s = 0; s < segments.size(); ++s) {
    put(s + 1, frame.size());
    frame.insert(frame.end(), segments[s].begin(), segments[s].end());
  }
  return frame;
}

PixelFormat format_of(int rows, int columns, int samples, int bits) {
  PixelFormat format;
  format.rows = rows;
  format.columns = columns;
  format.samples = samples;
  format.bits_allocated = format.bits_stored = bits;
  format.high_bit = bits - 1;
  return format;
}

TEST(Rle, UnpacksLiteralAndReplicateRuns) {
  // 3 literal bytes, a code that means nothing, 5 times the same byte
  const auto frame = decode_rle(rle_frame({{2, 7, 8, 9, 128, 252, 4}}), format_of(2, 4, 1, 8));
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(frame->bytes, (Bytes{7, 8, 9, 4, 4, 4, 4, 4}));
  EXPECT_EQ(frame->bits_allocated, 8);
}

TEST(Rle, TakesTheMostSignificantByteFirst) {
  const auto frame = decode_rle(rle_frame({{1, 0x12, 0x34}, {1, 0x56, 0x78}}), format_of(1, 2, 1, 16));
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes, (Bytes{0x56, 0x12, 0x78, 0x34}));
}

TEST(Rle, InterleavesTheColours) {
  const auto frame = decode_rle(rle_frame({{1, 1, 2}, {1, 3, 4}, {1, 5, 6}}), format_of(1, 2, 3, 8));
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes, (Bytes{1, 3, 5, 2, 4, 6}));
}

TEST(Rle, RefusesWhatDoesNotFitTheImage) {
  const PixelFormat format = format_of(2, 4, 1, 8);
  Bytes outside = rle_frame({{2, 7, 8, 9, 252, 4}});
  outside[7] = 120; // the segment begins at 120 << 24
  const Bytes cases[] = {
      {},
      Bytes(40),
      rle_frame({}),
      rle_frame({{7, 1, 2, 3, 4, 5, 6, 7, 8}, {7, 1, 2, 3, 4, 5, 6, 7, 8}}), // a segment too many
      rle_frame({{7, 1, 2}}),                                                // a literal run that ends early
      rle_frame({{252}}),                                                    // a run without its byte
      rle_frame({{2, 7, 8, 9}}),                                             // fewer bytes than pixels
      outside,
  };
  for (const Bytes& bytes : cases) {
    const auto frame = decode_rle(bytes, format);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().kind, ErrorKind::malformed);
  }
}

TEST(Rle, IgnoresBytesBehindTheLastPixel) {
  const auto frame = decode_rle(rle_frame({{129, 3, 0, 0}}), format_of(10, 10, 1, 8));
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes, Bytes(100, 3));
}

} // namespace
} // namespace bloch::imaging
