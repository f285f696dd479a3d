#include "imaging/io/detail/gzip.h"

#include <algorithm>

#include <zlib.h>

#include "core/base/contract.h"
#include "imaging/parallel/parallel_for.h"

// One gzip member whose deflate blocks are made side by side, as pigz does: a block begins with the last 32 kB
// of the one before as its dictionary and ends at a byte, so that the blocks only need to be put in a row.

namespace bloch::imaging::detail {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t block_bytes = std::size_t{1} << 20;
constexpr std::size_t dictionary_bytes = std::size_t{1} << 15;

struct Block {
  Bytes input, dictionary;
  std::vector<std::uint8_t> packed;
  uLong checksum = 0;
};

std::vector<Block> cut(std::span<const Bytes> pieces) {
  std::vector<Block> blocks;
  for (const Bytes piece : pieces)
    for (std::size_t begin = 0; begin < piece.size(); begin += block_bytes) {
      const std::size_t known = std::min(begin, dictionary_bytes);
      blocks.push_back({piece.subspan(begin, std::min(block_bytes, piece.size() - begin)),
                        piece.subspan(begin - known, known),
                        {}});
    }
  if (blocks.empty()) blocks.emplace_back();
  return blocks;
}

void pack(Block& block, bool last) {
  z_stream stream{};
  // Level 3: within 5 % of level 6 on head MR, at half the time.
  BLOCH_EXPECTS(deflateInit2(&stream, 3, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  if (!block.dictionary.empty())
    BLOCH_EXPECTS(deflateSetDictionary(&stream, block.dictionary.data(),
                                       static_cast<uInt>(block.dictionary.size())) == Z_OK);
  block.packed.resize(deflateBound(&stream, static_cast<uLong>(block.input.size())) + 64);
  stream.next_in = const_cast<Bytef*>(block.input.data()); // zlib does not write to it
  stream.avail_in = static_cast<uInt>(block.input.size());
  stream.next_out = block.packed.data();
  stream.avail_out = static_cast<uInt>(block.packed.size());
  const int state = deflate(&stream, last ? Z_FINISH : Z_SYNC_FLUSH);
  block.packed.resize(block.packed.size() - stream.avail_out);
  block.packed.shrink_to_fit();
  deflateEnd(&stream);
  BLOCH_EXPECTS(state == (last ? Z_STREAM_END : Z_OK) && stream.avail_in == 0);
  block.checksum = crc32(0, block.input.data(), static_cast<uInt>(block.input.size()));
}

void put_32(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

} // namespace

std::vector<std::uint8_t> gzip(std::span<const Bytes> pieces) {
  std::vector<Block> blocks = cut(pieces);
  parallel_for(0, blocks.size(), [&](std::size_t i) { pack(blocks[i], i + 1 == blocks.size()); });
  std::vector<std::uint8_t> out{0x1F, 0x8B, Z_DEFLATED, 0, 0, 0, 0, 0, 0, 3}; // no name, no time, Unix
  std::size_t packed = out.size() + 8;
  for (const Block& block : blocks) packed += block.packed.size();
  out.reserve(packed);
  uLong checksum = crc32(0, nullptr, 0);
  std::uint64_t size = 0;
  for (Block& block : blocks) {
    out.insert(out.end(), block.packed.begin(), block.packed.end());
    block.packed = {};
    checksum = crc32_combine(checksum, block.checksum, static_cast<z_off_t>(block.input.size()));
    size += block.input.size();
  }
  put_32(out, checksum);
  put_32(out, size); // modulo 2^32 (RFC 1952)
  return out;
}

} // namespace bloch::imaging::detail
