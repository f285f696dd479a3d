#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// A factor exp(-i angle), laid out for vectors of (real, imaginary) pairs.
struct Twiddle {
  float cosine[2]; ///< cos, cos
  float sine[2];   ///< sin, -sin: times a sample with its parts exchanged
};

/// The largest prime factor that has butterflies.
constexpr int largest_radix = 127;

/// One pass of butterflies over blocks [length][16]: groups of `radix` rows that lie `stride` rows apart.
struct FftStage {
  int radix = 2;
  std::size_t stride = 1;
  const Twiddle* twiddles = nullptr; ///< [stride][radix - 1], for the outputs after the first
  const Twiddle* roots = nullptr;    ///< [radix], exp(-2 pi i j / radix)
};

/// Stage after stage, decimation in frequency.
void run_forward(std::span<const FftStage> stages, Complex* block, std::size_t length);
/// The stages backwards with conjugate factors: length times the inverse.
void run_inverse(std::span<const FftStage> stages, Complex* block, std::size_t length);
/// Both, with what is not flagged cleared in between, two bytes a sample. Contract: there is a stage.
void run_filter(std::span<const FftStage> stages, Complex* block, std::size_t length, const std::int8_t* flags);

/// to[i][j] = from[j][i], 16 x 16 samples each, both contiguous.
void transpose_tile(const Complex* from, Complex* to);

} // namespace bloch::imaging
