#include "imaging/dicom/detail/jpeg.h"

#include <fmt/format.h>

namespace bloch::imaging {
namespace {

/// Whether three components are RGB or YCbCr; the stream's own marks go before the header (many files that say
/// RGB hold YCbCr). Empty: as the header says.
std::string colours_of(const JpegHeader& header) {
  if (header.components.size() != 3) return {};
  const auto& c = header.components;
  if (c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B') return "RGB";
  if (header.adobe_transform) return *header.adobe_transform == 0 ? "RGB" : "YBR_FULL";
  const bool halved = c[0].across != c[1].across || c[0].down != c[1].down;
  if (halved || (header.jfif && header.start_of_frame != 0xC3 && header.start_of_frame != 0xF7))
    return "YBR_FULL";
  return {};
}

Result<DecodedFrame> decode_by_process(std::span<const std::uint8_t> encoded, JpegReader& reader) {
  const JpegHeader& header = reader.header();
  switch (header.start_of_frame) {
  case 0xC0:
  case 0xC1:
  case 0xC2:
    if (header.precision == 12) return decode_jpeg_dct(reader);
    if (header.precision == 8) return decode_jpeg_8bit(encoded);
    break;
  case 0xC3:
    return decode_jpeg_lossless(reader);
  case 0xC9:
  case 0xCA:
    if (header.precision == 8) return decode_jpeg_8bit(encoded);
    break;
  case 0xF7:
    return decode_jpeg_ls(encoded);
  default:
    break;
  }
  return failure(ErrorKind::unsupported, fmt::format("JPEG of process {:X} with {} bits cannot be decoded here",
                                                     header.start_of_frame, header.precision));
}

} // namespace

Result<DecodedFrame> decode_jpeg(std::span<const std::uint8_t> encoded, const PixelFormat& format) {
  JpegReader reader(encoded);
  BLOCH_CHECK(reader.read_header());
  const JpegHeader& header = reader.header();
  if (header.rows != format.rows || header.columns != format.columns ||
      header.components.size() != static_cast<std::size_t>(format.samples))
    return failure(ErrorKind::malformed,
                   fmt::format("a JPEG frame of another size than the header says: {} x {} with {} components",
                               header.columns, header.rows, header.components.size()));
  if (header.precision > 16) return failure(ErrorKind::malformed, "a JPEG frame of more than 16 bits");
  BLOCH_TRY(frame, decode_by_process(encoded, reader));
  if (frame.bytes.size() != format.samples_per_frame() * static_cast<std::size_t>(frame.bits_allocated / 8))
    return failure(ErrorKind::malformed, "a JPEG frame of another size than the header says");
  frame.photometric = colours_of(header);
  return frame;
}

} // namespace bloch::imaging
