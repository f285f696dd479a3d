#pragma once

#include <cstddef>
#include <utility>

namespace bloch::quantum {

/// 95 % interval of a probability of which `successes` of `trials` were seen, by Wilson's score.
/// throws: std::invalid_argument (no trials, more successes than trials)
/// source: Wilson 1927, doi:10.1080/01621459.1927.10502953
std::pair<double, double> success_interval(std::size_t successes, std::size_t trials);

} // namespace bloch::quantum
