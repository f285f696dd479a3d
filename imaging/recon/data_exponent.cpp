#include "imaging/recon/data_exponent.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace bloch::imaging {

int extreme_exponent(std::span<const Complex> samples) {
  constexpr int ordinary = 32;
  const float* values = reinterpret_cast<const float*>(samples.data()); // as the standard lays complex out
  // Magnitudes of floats are ordered as their bits are, and integers are compared many at a time.
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < 2 * samples.size(); ++i)
    largest = std::max(largest, std::bit_cast<std::uint32_t>(values[i]) & 0x7fffffffU);
  const auto magnitude = std::bit_cast<float>(largest);
  if (!(magnitude > 0) || !std::isfinite(magnitude)) return 0;
  const int exponent = std::ilogb(magnitude);
  return std::abs(exponent) > ordinary ? exponent : 0;
}

std::vector<Complex> times_power_of_two(std::span<const Complex> samples, int exponent) {
  std::vector<Complex> scaled;
  scaled.reserve(samples.size());
  for (const Complex& sample : samples)
    scaled.emplace_back(std::ldexp(sample.real(), exponent), std::ldexp(sample.imag(), exponent));
  return scaled;
}

std::vector<float> times_power_of_two(std::span<const float> values, int exponent) {
  std::vector<float> scaled;
  scaled.reserve(values.size());
  for (const float value : values) scaled.push_back(std::ldexp(value, exponent));
  return scaled;
}

} // namespace bloch::imaging
