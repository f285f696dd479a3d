#pragma once

#include <array>
#include <cstddef>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// A row of each dual component, and the rows before it along y and z; z is null for slices.
struct DivergenceRows {
  const Complex *x, *y, *y_before, *z, *z_before;
};
/// out = image - weight * D^H dual, one row, periodic along it.
void subtract_divergence(const Complex* image, const DivergenceRows& rows, float weight, Complex* out,
                         std::size_t count);

/// A row of the image, the rows after it along y and z (z null for slices), and the dual rows to change.
struct DualRows {
  const Complex *image, *after_y, *after_z;
  std::array<Complex*, 3> dual, ahead;
};
/// p' = projection of (ahead + size * D image) on the unit ball of each pixel; ahead = p' + beta * (p' - p); p
/// = p'.
void step_dual(const DualRows& rows, float size, float beta, std::size_t count);

/// Sum over the row of the lengths of the gradients.
double row_variation(const Complex* image, const Complex* after_y, const Complex* after_z, std::size_t count);

} // namespace bloch::imaging
