// Any bytes as one encoded frame, to each decoder: the first bytes choose the decoder and the image that it is
// to be.
#include <cstddef>
#include <cstdint>

#include "imaging/dicom/detail/jpeg.h"
#include "imaging/dicom/detail/jpeg2000.h"
#include "imaging/dicom/detail/jpeg_xl.h"
#include "imaging/dicom/detail/rle.h"

namespace {

using bloch::imaging::JpegHeader;
using bloch::imaging::JpegReader;
using bloch::imaging::PixelFormat;

PixelFormat make_format(const std::uint8_t* choice) {
  PixelFormat format;
  format.columns = 1 + choice[1] % 64;
  format.rows = 1 + choice[2] % 64;
  format.samples = choice[3] % 4 == 0 ? 3 : choice[3] % 4 == 1 ? 4 : 1;
  format.bits_allocated = format.bits_stored = choice[3] / 4 % 3 == 0 ? 8 : choice[3] / 4 % 3 == 1 ? 16 : 32;
  format.high_bit = format.bits_stored - 1;
  format.is_signed = choice[3] >= 128;
  return format;
}

/// The decoder of every JPEG process that takes what libjpeg-turbo usually reads.
void decode_slowly(std::span<const std::uint8_t> encoded) {
  JpegReader reader(encoded);
  if (!reader.read_header()) return;
  const JpegHeader& header = reader.header();
  if (header.rows > 512 || header.columns > 512) return;
  if (header.start_of_frame == 0xC3) (void)decode_jpeg_lossless(reader);
  if (header.start_of_frame >= 0xC0 && header.start_of_frame <= 0xC2) (void)decode_jpeg_dct(reader);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t choices = 4;
  if (size < choices || size > (1U << 18)) return 0;
  PixelFormat format = make_format(data);
  const std::span<const std::uint8_t> encoded(data + choices, size - choices);
  switch (data[0] % 5) {
  case 0:
    (void)decode_rle(encoded, format);
    break;
  case 1:
    (void)decode_jpeg2000(encoded, format);
    break;
  case 2:
    decode_slowly(encoded);
    break;
  case 4:
    (void)decode_jpeg_xl(encoded, format, format.is_signed);
    break;
  default: { // the size that the stream itself claims, so that the decoder is reached
    const JpegHeader header = bloch::imaging::read_jpeg_header(encoded);
    if (header.rows > 512 || header.columns > 512) return 0;
    format.rows = header.rows;
    format.columns = header.columns;
    format.samples = static_cast<int>(header.components.size());
    (void)decode_jpeg(encoded, format);
  }
  }
  return 0;
}
