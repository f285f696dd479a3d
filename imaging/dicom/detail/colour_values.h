#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// Red, green and blue of one frame, x fastest, 8 bits each whatever the file keeps. Contract: out.size() is
/// that of the frame.
///
/// errors: those of decode_frame, unsupported (a colour model, by name)
/// source: PS3.3 C.7.6.3.1.2; YBR by ITU-R BT.601 in full or studio range
Result<void> read_image_colours(const PixelSource& source, int frame,
                                std::span<std::array<std::uint8_t, 3>> out);

} // namespace bloch::imaging
