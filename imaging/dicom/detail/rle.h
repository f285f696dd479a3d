#pragma once

#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// One RLE frame as interleaved little-endian samples of the width that the format allocates.
///
/// errors: malformed (segments that do not fit the image or end too early)
/// cost:   one pass over the decoded bytes
/// source: PS3.5 annex G. DCMTK 3.6.7's own decoder reads past the end of a damaged segment.
Result<DecodedFrame> decode_rle(std::span<const std::uint8_t> encoded, const PixelFormat& format);

} // namespace bloch::imaging
