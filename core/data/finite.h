#pragma once

#include <complex>
#include <cstdint>
#include <span>

namespace bloch {

/// The largest magnitude as the bits of a float, which are ordered as magnitudes are: infinity and then what is
/// no number come last. 0 for nothing. Integers are compared many at a time.
std::uint32_t largest_magnitude_bits(std::span<const float> values);

bool all_finite(std::span<const float> values);
/// Both parts of every sample.
bool all_finite(std::span<const std::complex<float>> samples);
bool all_zero(std::span<const std::complex<float>> samples);

/// Real and imaginary parts side by side, as the standard lays complex numbers out.
inline std::span<const float> parts_of(std::span<const std::complex<float>> samples) {
  return {reinterpret_cast<const float*>(samples.data()), 2 * samples.size()};
}

} // namespace bloch
