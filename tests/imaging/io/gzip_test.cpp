#include "imaging/io/detail/gzip.h"

#include <random>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/parallel/parallel_for.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Noise with runs in it, so that blocks differ in size and refer back over their beginnings.
Bytes bytes_of(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i)
    bytes[i] = i % 5000 < 3000 && i >= 20000 ? bytes[i - 20000] : static_cast<std::uint8_t>(random() % 50);
  return bytes;
}

Bytes unpacked(const Bytes& packed, std::size_t size) {
  const tests::TemporaryFolder folder;
  EXPECT_TRUE(write_file(folder / "a.gz", packed));
  detail::ByteSource source(folder / "a.gz"); // zlib's own reader
  Bytes bytes(size);
  EXPECT_TRUE(source.read(bytes));
  EXPECT_TRUE(source.check_end());
  std::uint8_t more = 0;
  EXPECT_FALSE(source.read(std::span(&more, 1)));
  return bytes;
}

TEST(Gzip, OfSeveralPiecesUnpacksToAllOfThem) {
  const Bytes first = bytes_of(3'500'001, 1), second, third = bytes_of(7, 2), fourth = bytes_of(1 << 20, 3);
  const std::span<const std::uint8_t> pieces[] = {first, second, third, fourth};
  Bytes whole;
  for (const auto& piece : pieces) whole.insert(whole.end(), piece.begin(), piece.end());
  const Bytes packed = detail::gzip(pieces);
  EXPECT_LT(packed.size(), whole.size());
  EXPECT_EQ(unpacked(packed, whole.size()), whole);
}

TEST(Gzip, OfNothingIsAFileOfNothing) { EXPECT_EQ(unpacked(detail::gzip({}), 0), Bytes()); }

TEST(Gzip, IsTheSameOnAnyNumberOfThreads) {
  const Bytes bytes = bytes_of(2'500'000, 4);
  const std::span<const std::uint8_t> pieces[] = {bytes};
  set_thread_count(1);
  const Bytes one = detail::gzip(pieces);
  set_thread_count(3);
  EXPECT_EQ(detail::gzip(pieces), one);
  set_thread_count(0);
}

} // namespace
} // namespace bloch::imaging
