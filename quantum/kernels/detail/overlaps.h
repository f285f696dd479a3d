#pragma once

#include <complex>
#include <cstddef>

namespace bloch::quantum {

/// Number k of row b goes from real[b * count + k], imaginary[b * count + k] to out[b * stride + k].
void interleave_rows(const float* real, const float* imaginary, std::size_t rows, std::size_t count,
                     std::complex<float>* out, std::size_t stride);

/// In place: `lanes` real parts before as many imaginary parts, `vectors` times over, become complex numbers.
void interleave_lanes(float* data, std::size_t lanes, std::size_t vectors);

/// out[k] = |overlaps[k]|^2, at most 1.
void squared_moduli(const std::complex<float>* overlaps, double* out, std::size_t count);

} // namespace bloch::quantum
