#include "quantum/optimisers/exact_optimum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <oneapi/tbb/parallel_for.h>

namespace bloch::quantum {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Of the strings whose high variables have the values of `prefix`.
ExactOptimum optimum_below(const BinaryPolynomial& polynomial, const FlipTable& flips, int low,
                           std::uint64_t prefix, int ones, double tolerance) {
  constexpr std::uint64_t renewed = std::uint64_t{1} << 14; // steps after which rounding is wiped out
  ExactOptimum found{infinite, -infinite, 0, 0, tolerance};
  std::uint64_t bits = prefix << low;
  double value = polynomial.value(bits);
  for (std::uint64_t step = 0;;) {
    if (ones < 0 || std::popcount(bits) == ones) {
      if (value < found.minimum - tolerance) {
        found.minimisers = 1;
        found.minimiser = bits;
      } else if (value <= found.minimum + tolerance) {
        ++found.minimisers;
        found.minimiser = std::min(found.minimiser, bits);
      }
      found.minimum = std::min(found.minimum, value);
      found.maximum = std::max(found.maximum, value);
    }
    if (++step >> low != 0) return found;
    const int variable = std::countr_zero(step);
    value += flips.change(bits, variable);
    bits ^= std::uint64_t{1} << variable;
    if (step % renewed == 0) value = polynomial.value(bits);
  }
}

} // namespace

double value_tolerance(const BinaryPolynomial& polynomial) {
  double sum = std::abs(polynomial.constant());
  for (const BinaryPolynomial::Term& term : polynomial.terms()) sum += std::abs(term.coefficient);
  return 1e-9 * sum;
}

ExactOptimum exact_optimum(const BinaryPolynomial& polynomial, int ones) {
  const int variables = polynomial.variables();
  if (variables > most_exact_variables)
    throw std::invalid_argument("the exact optimum is found for at most " +
                                std::to_string(most_exact_variables) + " variables, not " +
                                std::to_string(variables));
  if (ones > variables)
    throw std::invalid_argument("no string of " + std::to_string(variables) + " bits has " +
                                std::to_string(ones) + " ones");
  const int high = std::min(6, variables - 1), low = variables - high;
  const FlipTable flips(polynomial);
  const double tolerance = value_tolerance(polynomial);
  std::vector<ExactOptimum> parts(std::size_t{1} << high);
  oneapi::tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t prefix) {
    parts[prefix] = optimum_below(polynomial, flips, low, prefix, ones, tolerance);
  });
  ExactOptimum whole{infinite, -infinite, 0, 0, tolerance};
  for (const ExactOptimum& part : parts) {
    whole.minimum = std::min(whole.minimum, part.minimum);
    whole.maximum = std::max(whole.maximum, part.maximum);
  }
  whole.minimiser = ~std::uint64_t{0};
  for (const ExactOptimum& part : parts)
    if (part.minimum <= whole.minimum + tolerance && part.minimisers > 0) {
      whole.minimisers += part.minimisers;
      whole.minimiser = std::min(whole.minimiser, part.minimiser);
    }
  whole.minimum = polynomial.value(whole.minimiser); // without what the steps rounded
  return whole;
}

} // namespace bloch::quantum
