#include <charls/charls.h>
#include <fmt/format.h>

#include "imaging/dicom/detail/jpeg.h"

namespace bloch::imaging {
namespace {

/// Planes one after the other to samples side by side.
std::vector<std::uint8_t> interleave(const std::vector<std::uint8_t>& planes, std::size_t count,
                                     std::size_t sample_bytes) {
  std::vector<std::uint8_t> bytes(planes.size());
  const std::size_t pixels = planes.size() / count / sample_bytes;
  for (std::size_t c = 0; c < count; ++c)
    for (std::size_t i = 0; i < pixels; ++i)
      for (std::size_t k = 0; k < sample_bytes; ++k)
        bytes[(i * count + c) * sample_bytes + k] = planes[(c * pixels + i) * sample_bytes + k];
  return bytes;
}

} // namespace

Result<DecodedFrame> decode_jpeg_ls(std::span<const std::uint8_t> encoded) {
  try {
    const charls::jpegls_decoder decoder(encoded.data(), encoded.size());
    const auto& info = decoder.frame_info();
    DecodedFrame frame;
    frame.bits_allocated = info.bits_per_sample <= 8 ? 8 : 16;
    frame.bytes.resize(decoder.destination_size());
    decoder.decode(frame.bytes);
    if (info.component_count > 1 && decoder.interleave_mode() == charls::interleave_mode::none)
      frame.bytes = interleave(frame.bytes, static_cast<std::size_t>(info.component_count),
                               static_cast<std::size_t>(frame.bits_allocated) / 8);
    return frame;
  } catch (const charls::jpegls_error& error) {
    return failure(ErrorKind::malformed, fmt::format("a damaged frame (JPEG-LS): {}", error.what()));
  }
}

} // namespace bloch::imaging
