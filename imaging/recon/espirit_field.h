#pragma once

#include <array>
#include <vector>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

struct PatchSpace {
  std::array<int, 3> patch{};
  int coils = 0;
  int length = 0; ///< coils * patch samples; index ((c * pz + z) * py + y) * px + x

  PatchSpace(std::array<int, 3> shape, int coil_count)
      : patch(shape)
      , coils(coil_count)
      , length(coil_count * shape[0] * shape[1] * shape[2]) {}
  int samples() const { return patch[0] * patch[1] * patch[2]; }
};

/// The band-limited matrix function G(x) of ESPIRiT, Hermitian and one matrix a pixel, from the projector on
/// the signal patches of k-space.
///
/// For each entry (c, d <= c) it keeps the Fourier coefficients, already summed along kx.
class MatrixField {
 public:
  /// projector: [length][length], column by column
  MatrixField(const std::vector<Complex>& projector, const PatchSpace& space, const KSpaceSize& size);

  std::size_t entries() const { return entries_; }

  /// The coefficients of one plane of the image, summed along kz too: [entry][delta y][x].
  void plane(int z, ComplexBuffer& coefficients) const;
  /// The matrices of one row of that plane, real and imaginary parts apart: [entry][stride].
  void row(const ComplexBuffer& coefficients, int y, float* real, float* imaginary, std::size_t stride) const;

 private:
  std::vector<Complex> correlation(const std::vector<Complex>& projector, const PatchSpace& space,
                                   std::size_t entry) const;

  KSpaceSize size_;
  std::array<int, 3> spread_;
  std::size_t entries_;
  std::vector<ComplexBuffer> wave_y_, wave_z_;
  ComplexBuffer rows_; ///< [entry][delta z][delta y][x]
};

} // namespace bloch::imaging
