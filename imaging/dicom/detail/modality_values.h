#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "core/base/result.h"
#include "core/data/value_range.h"
#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// Whether the frames of these files can be kept as int16: slope 1, one whole intercept for all, no table, no
/// floats. Whether the values fit shows only when they are read.
bool may_be_int16(std::span<const PixelSource> sources);

/// The modality values that PixelPaddingValue and its range become; nothing when the file names none or they
/// differ from frame to frame.
std::optional<ValueRange> padding_values(const PixelSource& source);

/// Size of one image of the source: a frame, or a tile of its mosaic.
int image_rows(const PixelSource& source);
int image_columns(const PixelSource& source);

/// What 32-bit floats do not hold of values of 32-bit integers and 64-bit floats.
struct Rounding {
  double largest_error = 0; ///< of integers whose own steps are lost
  double out_of_range = 0;  ///< largest magnitude that became infinite
  bool vanished = false;    ///< values other than 0 became 0

  void add(const Rounding& other);
};

/// Modality values of one image, x fastest; image: frame, or tile of a mosaic. Contract: out.size() is that of
/// the image.
///
/// returns: false when a value does not fit int16 (out is then of no use)
/// errors:  those of decode_frame, unsupported (colour)
Result<bool> read_image_values(const PixelSource& source, int image, std::span<std::int16_t> out);
/// lost: what is added to it; may be nullptr
Result<bool> read_image_values(const PixelSource& source, int image, std::span<float> out,
                               Rounding* lost = nullptr);

} // namespace bloch::imaging
