#pragma once

#include <span>
#include <vector>

namespace bloch::imaging {

/// Inverse of the standard normal distribution; relative error below 1e-15. Contract: 0 < probability < 1.
///
/// source: Wichura 1988, AS 241, doi:10.2307/2347330
double normal_quantile(double probability);

/// Each value's place among all of them as a normal deviate: rank (ties share their middle) less a half, over
/// the count.
std::vector<float> normal_scores(std::span<const float> values);

} // namespace bloch::imaging
