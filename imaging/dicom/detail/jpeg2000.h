#pragma once

#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// One JPEG 2000 (or HTJ2K) codestream as interleaved samples of the width that the format allocates.
/// errors: malformed (damaged, or of another size than the format says)
Result<DecodedFrame> decode_jpeg2000(std::span<const std::uint8_t> codestream, const PixelFormat& format);

} // namespace bloch::imaging
