#pragma once

#include <cstddef>

namespace bloch::imaging {

/// A row of Hermitian matrices, one a pixel: lower triangles, entry (c, d) at c (c + 1) / 2 + d, each
/// [entry][pixel].
struct HermitianRow {
  const float *real, *imaginary;
  std::size_t stride; ///< pixels from one entry to the next
  int order;
};

/// Dominant eigenvector of each pixel by power iteration, pixels side by side in vector lanes.
///
/// real, imaginary: [order][stride], the start (not zero) and then the unit eigenvector; value: the eigenvalue
/// by its norm count is rounded up to whole vectors: rows need 16 pixels of room behind them (stride >= count +
/// 16) stops when no lane moves by more than `tolerance`, at the latest after `steps`
void dominant_eigenvectors(const HermitianRow& matrices, float* real, float* imaginary, float* value,
                           std::size_t count, int steps, float tolerance);

} // namespace bloch::imaging
