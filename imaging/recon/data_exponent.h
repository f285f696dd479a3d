#pragma once

#include <complex>
#include <span>
#include <vector>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

// Sums of squares in single precision leave its range for samples beyond 1e18 or below 1e-20: such data are
// divided by a power of two before they are solved, and the image is multiplied by it.

/// The exponent of two that brings the largest sample to between 1 and 2; 0 where that is between 2^-32 and
/// 2^32 already, so that ordinary data are neither copied nor changed, and for zeros.
int extreme_exponent(std::span<const Complex> samples);
/// The same of their largest part.
int extreme_exponent(float magnitude);

/// Samples times 2^exponent: the same digits.
std::vector<Complex> times_power_of_two(std::span<const Complex> samples, int exponent);
std::vector<float> times_power_of_two(std::span<const float> values, int exponent);

} // namespace bloch::imaging
