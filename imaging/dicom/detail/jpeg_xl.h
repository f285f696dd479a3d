#pragma once

#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// One JPEG XL image, a bare codestream or in its container, as interleaved samples of 8 or 16 bits (PS3.5
/// 8.2.15), by libjxl. A JPEG that was recompressed is put together again and decoded as that JPEG. Its
/// orientation is left alone: DICOM's header says how an image lies.
///
/// from_jpeg: its YCbCr, which libjxl returns as RGB, are those of a JPEG (transfer syntax .111)
/// errors: malformed (damaged, of another size than the format says, far more work than its pixels need),
/// unsupported (floating point, more than 16 bits)
/// cost: 12 bytes a sample more than the frame, inside libjxl
Result<DecodedFrame> decode_jpeg_xl(std::span<const std::uint8_t> encoded, const PixelFormat& format,
                                    bool from_jpeg);

} // namespace bloch::imaging
