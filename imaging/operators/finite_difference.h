#pragma once

#include <array>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// Periodic forward differences along x, y and (for volumes) z of an image [z][y][x].
///
/// differences: one image an axis, x first; (D u)[i] = u[i + 1] - u[i]
void finite_difference(const Complex* image, std::array<int, 3> size, Complex* differences);
/// image = D^H differences.
void finite_difference_adjoint(const Complex* differences, std::array<int, 3> size, Complex* image);

/// Axes that are differentiated: those longer than 1.
int difference_axes(std::array<int, 3> size);

/// The proximal operator of weight * isotropic total variation, by projected gradients with momentum on the
/// dual; the dual is kept from call to call, so that a few steps a call suffice inside an outer iteration.
/// source: Beck 2009, doi:10.1109/TIP.2009.2028250
class TotalVariation {
 public:
  explicit TotalVariation(std::array<int, 3> size, int workers = 1);

  /// In place; returns the total variation of the outcome.
  double proximal(Complex* image, float weight, int steps);

 private:
  void primal_from_dual(const Complex* image, float weight);
  void dual_step(float size, float beta);
  double variation() const;
  template <class Body> void in_pieces(Body&& body) const;

  std::array<int, 3> size_;
  int workers_;
  std::size_t pixels_;
  int axes_;
  std::vector<ComplexBuffer> dual_, ahead_; ///< p, and p with momentum
  ComplexBuffer primal_;
};

} // namespace bloch::imaging
