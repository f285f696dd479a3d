#pragma once

#include <cstddef>
#include <cstdint>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

// A column of 16 x of an image: rows that lie apart in it. Blocks, at 64-byte borders, are such rows one after
// the other, [row][16]. Counts are of rows.

/// What a column is read from.
struct SourceRows {
  const Complex* first;
  std::size_t stride; ///< samples from one row to the next
  std::size_t width;  ///< samples of a row that belong to the image, 1 to 16; the others read as zero
};

/// What a column is written to.
struct TargetRows {
  Complex* first;
  std::size_t stride, width;
  bool add; ///< to what is there, instead of over it
};

/// block = factor * rows, one factor a row
void scale_rows(const SourceRows& rows, const Complex* factors, Complex* block, std::size_t count);
// Maps of volumes are kept as halves, IEEE binary16, real and imaginary parts side by side. Lengths in samples,
// multiples of 16.

using Half = std::uint16_t;

void to_halves(const Complex* samples, float factor, Half* halves, std::size_t count);
/// out = map * block, sample by sample; out may be the block.
void multiply(const Half* map, const Complex* block, Complex* out, std::size_t count);
/// sum += map * block
void add_product(const Half* map, const Complex* block, Complex* sum, std::size_t count);
/// sum += conj(map) * block
void add_conjugate_product(const Half* map, const Complex* block, Complex* sum, std::size_t count);

/// Rows of 16 samples at 64-byte borders, strides in samples.
void move_rows(const Complex* from, std::size_t from_stride, Complex* to, std::size_t to_stride,
               std::size_t count);

/// rows = conj(factor) * block, one factor a row
void store_scaled_rows(const Complex* block, const Complex* factors, const TargetRows& rows, std::size_t count);

} // namespace bloch::imaging
