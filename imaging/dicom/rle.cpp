#include "imaging/dicom/detail/rle.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace bloch::imaging {
namespace {

constexpr std::size_t header_bytes = 64;

std::uint32_t header_number(std::span<const std::uint8_t> encoded, std::size_t i) {
  const std::uint8_t* bytes = encoded.data() + 4 * i;
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

/// Byte runs of one segment to every `stride`th byte of out; false when the segment ends before `count` of
/// them.
bool unpack(std::span<const std::uint8_t> segment, std::uint8_t* out, std::size_t count, std::size_t stride) {
  std::size_t done = 0;
  for (std::size_t i = 0; done < count && i < segment.size();) {
    const std::uint8_t code = segment[i++];
    if (code == 128) continue;
    const bool literal = code < 128;
    const std::size_t run = std::min(literal ? code + std::size_t{1} : std::size_t{257} - code, count - done);
    if (segment.size() - i < (literal ? run : 1)) return false;
    for (std::size_t k = 0; k < run; ++k) out[(done + k) * stride] = segment[literal ? i + k : i];
    i += literal ? run : 1;
    done += run;
  }
  return done == count;
}

} // namespace

Result<DecodedFrame> decode_rle(std::span<const std::uint8_t> encoded, const PixelFormat& format) {
  const auto sample_bytes = static_cast<std::size_t>(std::max(8, format.bits_allocated)) / 8;
  const auto segments = static_cast<std::size_t>(format.samples) * sample_bytes;
  if (encoded.size() < header_bytes || header_number(encoded, 0) != segments || segments > 15)
    return failure(ErrorKind::malformed,
                   fmt::format("a damaged frame (RLE): {} segments expected, {} there", segments,
                               encoded.size() < header_bytes ? 0 : header_number(encoded, 0)));
  DecodedFrame frame{std::vector<std::uint8_t>(format.frame_bytes()), static_cast<int>(8 * sample_bytes)};
  const std::size_t pixels = format.samples_per_frame() / static_cast<std::size_t>(format.samples);
  for (std::size_t s = 0; s < segments; ++s) {
    const std::size_t begin = header_number(encoded, s + 1);
    const std::size_t end = s + 1 < segments ? header_number(encoded, s + 2) : encoded.size();
    if (begin < header_bytes || begin > end || end > encoded.size())
      return failure(ErrorKind::malformed, "a damaged frame (RLE): a segment lies outside of it");
    // The most significant byte of a sample comes first.
    const std::size_t significance = sample_bytes - 1 - s % sample_bytes;
    const std::size_t byte = std::endian::native == std::endian::little ? significance : s % sample_bytes;
    std::uint8_t* out = frame.bytes.data() + s / sample_bytes * sample_bytes + byte;
    if (!unpack(encoded.subspan(begin, end - begin), out, pixels, segments))
      return failure(ErrorKind::malformed, "a damaged frame (RLE): a segment ends too early");
  }
  return frame;
}

} // namespace bloch::imaging
