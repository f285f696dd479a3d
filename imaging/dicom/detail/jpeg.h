#pragma once

#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "imaging/dicom/detail/jpeg_reader.h"
#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// One JPEG or JPEG-LS image as interleaved samples of 8 or 16 bits, in the colours that it stores. What it is
/// by its own header counts, not what the transfer syntax promises.
///
/// errors: malformed (damaged, or of another size than the format says), unsupported (hierarchical, or
/// arithmetic with 12 bits)
Result<DecodedFrame> decode_jpeg(std::span<const std::uint8_t> encoded, const PixelFormat& format);

/// Lossless with any of the seven predictors, 2 to 16 bits (T.81 annex H). Contract: header.start_of_frame C3.
Result<DecodedFrame> decode_jpeg_lossless(JpegReader& reader);

/// Sequential and progressive DCT by Huffman codes, 8 or 12 bits (T.81 annexes F and G); chroma that was halved
/// is repeated. libjpeg-turbo of Debian 12 reads 8 bits alone, and does so faster. cost: two bytes a sample
/// more than the frame
Result<DecodedFrame> decode_jpeg_dct(JpegReader& reader);

/// Baseline, extended and progressive with 8 bits, Huffman or arithmetic, by libjpeg-turbo.
Result<DecodedFrame> decode_jpeg_8bit(std::span<const std::uint8_t> encoded);

/// JPEG-LS, lossless and near-lossless, by CharLS.
Result<DecodedFrame> decode_jpeg_ls(std::span<const std::uint8_t> encoded);

} // namespace bloch::imaging
