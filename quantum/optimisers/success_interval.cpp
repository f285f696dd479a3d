#include "quantum/optimisers/success_interval.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace bloch::quantum {

std::pair<double, double> success_interval(std::size_t successes, std::size_t trials) {
  if (trials == 0 || successes > trials)
    throw std::invalid_argument("an interval needs trials, and successes of them");
  constexpr double z = 1.959963984540054;
  const double n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {successes == 0 ? 0 : std::max(0.0, middle - half),
          successes == trials ? 1 : std::min(1.0, middle + half)};
}

} // namespace bloch::quantum
