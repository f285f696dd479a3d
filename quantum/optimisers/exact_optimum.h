#pragma once

#include <cstdint>

#include "quantum/optimisers/binary_polynomial.h"

namespace bloch::quantum {

/// Variables that an exact optimum is found for.
inline constexpr int most_exact_variables = 26;

struct ExactOptimum {
  double minimum = 0, maximum = 0;
  std::uint64_t minimiser = 0;  ///< the smallest of them, as a number
  std::uint64_t minimisers = 0; ///< how many bit strings reach the minimum, to `tolerance`
  double tolerance = 0;         ///< 1e-9 times the sum of all coefficients' sizes
};

/// Every bit string in the order of a Gray code: one flip a step.
///
/// ones:    only strings with so many ones count; -1: all
/// throws:  std::invalid_argument (too many variables, more ones than variables)
/// cost:    2^variables times the terms of a variable, over the threads of the caller's arena
ExactOptimum exact_optimum(const BinaryPolynomial& polynomial, int ones = -1);

/// The minimum is what a string is compared with; the same tolerance everywhere.
double value_tolerance(const BinaryPolynomial& polynomial);

} // namespace bloch::quantum
