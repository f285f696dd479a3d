#include "quantum/optimisers/weighted_sum.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <oneapi/tbb/parallel_for.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/optimisers/weighted_sum_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// The order matters: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Of `vectors` vectors of amplitudes as the kernels keep them.
double weighted_part(const float* amplitudes, const double* weights, std::size_t vectors) {
  const hn::ScalableTag<double> wide;
  const hn::Rebind<float, hn::ScalableTag<double>> narrow; // as many, which is half a vector of amplitudes
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<float>()), half = hn::Lanes(wide);
  auto low = hn::Zero(wide), high = hn::Zero(wide), next_low = hn::Zero(wide), next_high = hn::Zero(wide);
  const auto add_half = [&](const float* place, const double* weight, auto& sum) HWY_ATTR {
    const auto re = hn::Load(narrow, place), im = hn::Load(narrow, place + lanes);
    const auto chance = hn::MulAdd(re, re, hn::Mul(im, im));
    sum = hn::MulAdd(hn::PromoteTo(wide, chance), hn::LoadU(wide, weight), sum);
  };
  const auto add = [&](std::size_t vector, auto& lower, auto& upper) HWY_ATTR {
    const float* place = amplitudes + vector * 2 * lanes;
    const double* weight = weights + vector * lanes;
    add_half(place, weight, lower);
    if (half < lanes) add_half(place + half, weight + half, upper); // without vectors there is one half
  };
  std::size_t vector = 0;
  for (; vector + 1 < vectors; vector += 2) {
    add(vector, low, high);
    add(vector + 1, next_low, next_high);
  }
  if (vector < vectors) add(vector, low, high);
  return hn::GetLane(hn::SumOfLanes(wide, hn::Add(hn::Add(low, high), hn::Add(next_low, next_high))));
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(weighted_part);

double weighted_sum(const Statevector<float>& state, std::span<const double> weights) {
  const std::size_t lanes = std::size_t{1} << lane_bits<float>(), size = state.size();
  if (weights.size() != size)
    throw std::invalid_argument("a state of " + std::to_string(size) +
                                " amplitudes needs as many weights, not " + std::to_string(weights.size()));
  if (size < lanes) { // fewer amplitudes than a vector holds
    double sum = 0;
    for (std::size_t index = 0; index < size; ++index)
      sum += std::norm(state.amplitude(index)) * weights[index];
    return sum;
  }
  const std::size_t chunk = std::max<std::size_t>(lanes, std::size_t{1} << 14);
  std::vector<double> sums((size + chunk - 1) / chunk);
  oneapi::tbb::parallel_for(std::size_t{0}, sums.size(), [&](std::size_t part) {
    const std::size_t begin = part * chunk, count = std::min(size - begin, chunk);
    sums[part] =
        HWY_DYNAMIC_DISPATCH(weighted_part)(state.data() + 2 * begin, weights.data() + begin, count / lanes);
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

} // namespace bloch::quantum
#endif
