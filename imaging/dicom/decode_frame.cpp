#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <fmt/format.h>

#include "core/base/contract.h"
#include "imaging/dicom/detail/jpeg.h"
#include "imaging/dicom/detail/jpeg2000.h"
#include "imaging/dicom/detail/jpeg_xl.h"
#include "imaging/dicom/detail/pixel_source.h"
#include "imaging/dicom/detail/rle.h"
#include "imaging/dicom/scan.h"

namespace bloch::imaging {
namespace {

Error cut_off() { return {ErrorKind::malformed, "its pixel data could not be read to its end"}; }

void swap_bytes(std::vector<std::uint8_t>& bytes, std::size_t width) {
  for (std::size_t i = 0; i + width <= bytes.size(); i += width)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + width));
}

/// One bit a pixel; frames follow each other without padding (PS3.5 8.1.1).
Result<DecodedFrame> read_bits(const PixelSource& source, const FileBytes& bytes, int frame) {
  const std::uint64_t count = source.format.samples_per_frame();
  const std::uint64_t first = count * static_cast<std::uint64_t>(frame);
  std::vector<std::uint8_t> packed(static_cast<std::size_t>((first + count + 7) / 8 - first / 8));
  if (!bytes.read(source.layout.pixels.offset + first / 8, packed)) return failure(cut_off());
  DecodedFrame decoded{std::vector<std::uint8_t>(static_cast<std::size_t>(count)), 8};
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t bit = first % 8 + i;
    decoded.bytes[static_cast<std::size_t>(i)] = packed[static_cast<std::size_t>(bit / 8)] >> (bit % 8) & 1;
  }
  return decoded;
}

Result<DecodedFrame> read_native(const PixelSource& source, const FileBytes& bytes, int frame) {
  const PixelFormat& format = source.format;
  if (format.bits_allocated == 1) return read_bits(source, bytes, frame);
  DecodedFrame decoded;
  decoded.bits_allocated = format.bits_allocated;
  std::size_t size = format.frame_bytes();
  if (format.halves_chroma()) size = size / 3 * 2;
  std::uint64_t offset = source.layout.pixels.offset + static_cast<std::uint64_t>(frame) * size;
  const bool pairs = format.bits_allocated == 8 && source.layout.bytes_swapped_in_words;
  const bool odd = pairs && (static_cast<std::uint64_t>(frame) * size) % 2 != 0;
  if (odd) --offset;
  decoded.bytes.resize(size + (odd ? 1 : 0) + (pairs && (size + odd) % 2 != 0 ? 1 : 0));
  if (!bytes.read(offset, decoded.bytes)) return failure(cut_off());
  if (pairs) swap_bytes(decoded.bytes, 2);
  if (odd) decoded.bytes.erase(decoded.bytes.begin());
  decoded.bytes.resize(size);
  const bool big = source.layout.big_endian;
  if (format.bits_allocated > 8 && big != (std::endian::native == std::endian::big))
    swap_bytes(decoded.bytes, static_cast<std::size_t>(format.bits_allocated) / 8);
  return decoded;
}

/// Fragments at which frames begin by the offset table; fewer than frames when it does not fit.
std::vector<std::size_t> begins_by_offsets(const FileLayout& layout, std::size_t frames) {
  std::vector<std::size_t> begins;
  if (layout.frame_offsets.size() != frames) return begins;
  const std::uint64_t base = layout.fragments.front().offset;
  for (std::size_t i = 0; i < layout.fragments.size() && begins.size() < frames; ++i)
    if (layout.fragments[i].offset - base == layout.frame_offsets[begins.size()]) begins.push_back(i);
  return begins;
}

constexpr const char* recompressed_jpeg_syntax = "1.2.840.10008.1.2.4.111";

bool is_jpeg_xl(const std::string& uid) {
  return uid == "1.2.840.10008.1.2.4.110" || uid == recompressed_jpeg_syntax ||
         uid == "1.2.840.10008.1.2.4.112";
}

/// Whether an encoded image begins so: JPEG XL (bare, or in its container), or JPEG, JPEG-LS and JPEG 2000, in
/// whose midst the two bytes of a bare JPEG XL may stand.
bool begins_image(const std::array<std::uint8_t, 8>& start, bool jpeg_xl) {
  constexpr std::array<std::uint8_t, 8> jpeg_xl_box = {0, 0, 0, 12, 'J', 'X', 'L', ' '};
  if (jpeg_xl) return (start[0] == 0xFF && start[1] == 0x0A) || start == jpeg_xl_box;
  return start[0] == 0xFF && (start[1] == 0xD8 || start[1] == 0x4F) && start[2] == 0xFF;
}

/// Fragments that begin as encoded images do.
std::vector<std::size_t> begins_by_signature(const FileLayout& layout, const FileBytes& bytes) {
  std::vector<std::size_t> begins;
  const bool jpeg_xl = is_jpeg_xl(layout.transfer_syntax);
  for (std::size_t i = 0; i < layout.fragments.size(); ++i) {
    std::array<std::uint8_t, 8> start{};
    if (layout.fragments[i].length < start.size() || !bytes.read(layout.fragments[i].offset, start)) continue;
    if (begins_image(start, jpeg_xl)) begins.push_back(i);
  }
  return begins;
}

Result<std::vector<std::uint8_t>> read_encoded(const PixelSource& source, const FileBytes& bytes, int frame) {
  if (source.frame_begins.empty())
    return failure(ErrorKind::malformed,
                   "its fragments cannot be assigned to frames: there is no usable offset table");
  const auto number = static_cast<std::size_t>(frame);
  const std::size_t first = source.frame_begins[number];
  const std::size_t last = number + 1 < source.frame_begins.size() ? source.frame_begins[number + 1]
                                                                   : source.layout.fragments.size();
  std::uint64_t size = 0;
  for (std::size_t i = first; i < last; ++i) size += source.layout.fragments[i].length;
  if (size >= std::numeric_limits<std::uint32_t>::max())
    return failure(ErrorKind::unsupported, "an encoded frame of more than 4 GB");
  std::vector<std::uint8_t> encoded(static_cast<std::size_t>(size));
  std::size_t done = 0;
  for (std::size_t i = first; i < last; ++i) {
    const ByteRange& fragment = source.layout.fragments[i];
    if (!bytes.read(fragment.offset,
                    std::span(encoded).subspan(done, static_cast<std::size_t>(fragment.length))))
      return failure(cut_off());
    done += static_cast<std::size_t>(fragment.length);
  }
  return encoded;
}

constexpr const char* rle_syntax = "1.2.840.10008.1.2.5";

bool is_jpeg2000(const std::string& uid) {
  return uid == "1.2.840.10008.1.2.4.90" || uid == "1.2.840.10008.1.2.4.91" ||
         uid == "1.2.840.10008.1.2.4.92" || uid == "1.2.840.10008.1.2.4.93" ||
         uid == "1.2.840.10008.1.2.4.201" || uid == "1.2.840.10008.1.2.4.202" ||
         uid == "1.2.840.10008.1.2.4.203";
}

bool is_jpeg(const std::string& uid) {
  constexpr std::string_view root = "1.2.840.10008.1.2.4.";
  int number = 0;
  if (!uid.starts_with(root)) return false;
  const char* end = uid.data() + uid.size();
  const auto parsed = std::from_chars(uid.data() + root.size(), end, number);
  return parsed.ptr == end && ((number >= 50 && number <= 66) || number == 70 || number == 80 || number == 81);
}

} // namespace

std::string transfer_syntax_name(const std::string& uid) {
  const DcmXfer known(uid.c_str());
  if (known.getXfer() != EXS_Unknown) return known.getXferName();
  if (uid == "1.2.840.10008.1.2.4.201" || uid == "1.2.840.10008.1.2.4.202" || uid == "1.2.840.10008.1.2.4.203")
    return "HTJ2K";
  if (uid == "1.2.840.10008.1.2.4.110") return "JPEG XL Lossless";
  if (uid == recompressed_jpeg_syntax) return "JPEG XL JPEG Recompression";
  if (is_jpeg_xl(uid)) return "JPEG XL";
  return uid;
}

std::vector<std::size_t> frame_begins(const FileLayout& layout, int frames, const FileBytes& bytes) {
  const auto count = static_cast<std::size_t>(frames);
  if (!layout.encapsulated) return {};
  if (count == 1) return {0};
  if (count == layout.fragments.size()) {
    std::vector<std::size_t> begins(count);
    std::iota(begins.begin(), begins.end(), std::size_t{0});
    return begins;
  }
  std::vector<std::size_t> begins = begins_by_offsets(layout, count);
  if (begins.size() != count) begins = begins_by_signature(layout, bytes);
  if (begins.size() != count) begins.clear();
  return begins;
}

Result<void> read_native_frame(const PixelSource& source, int frame, std::span<std::uint8_t> into) {
  BLOCH_EXPECTS(!source.layout.encapsulated && source.format.frame_bytes() == into.size());
  if (frame < 0 || frame >= source.format.frames)
    return failure(ErrorKind::malformed, fmt::format("there is no frame {} in it", frame + 1));
  std::optional<FileBytes> opened = source.inflated;
  if (!opened) {
    BLOCH_TRY(bytes, FileBytes::open(source.path));
    opened = bytes;
  }
  const std::uint64_t offset = source.layout.pixels.offset + static_cast<std::uint64_t>(frame) * into.size();
  if (!opened->read(offset, into)) return failure(cut_off());
  return {};
}

Result<DecodedFrame> decode_frame(const PixelSource& source, int frame) {
  if (frame < 0 || frame >= source.format.frames)
    return failure(ErrorKind::malformed, fmt::format("there is no frame {} in it", frame + 1));
  std::optional<FileBytes> opened = source.inflated;
  if (!opened) {
    BLOCH_TRY(bytes, FileBytes::open(source.path));
    opened = bytes;
  }
  if (!source.layout.encapsulated) return read_native(source, *opened, frame);
  const std::string& uid = source.layout.transfer_syntax;
  if (uid != rle_syntax && !is_jpeg2000(uid) && !is_jpeg_xl(uid) && !is_jpeg(uid))
    return failure(ErrorKind::unsupported, "its encoding cannot be decoded here: " + transfer_syntax_name(uid));
  BLOCH_TRY(encoded, read_encoded(source, *opened, frame));
  if (uid == rle_syntax) return decode_rle(encoded, source.format);
  if (is_jpeg_xl(uid)) return decode_jpeg_xl(encoded, source.format, uid == recompressed_jpeg_syntax);
  return is_jpeg2000(uid) ? decode_jpeg2000(encoded, source.format) : decode_jpeg(encoded, source.format);
}

} // namespace bloch::imaging
