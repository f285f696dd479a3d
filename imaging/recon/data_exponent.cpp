#include "imaging/recon/data_exponent.h"

#include <bit>
#include <cmath>

#include "core/data/finite.h"

namespace bloch::imaging {

int extreme_exponent(std::span<const Complex> samples) {
  return extreme_exponent(std::bit_cast<float>(largest_magnitude_bits(parts_of(samples))));
}

int extreme_exponent(float magnitude) {
  constexpr int ordinary = 32;
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
