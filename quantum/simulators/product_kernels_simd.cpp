#include "quantum/simulators/product_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/product_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Real, bool OfLanes>
HWY_ATTR void spread(Real* block, std::size_t done, std::span<const std::size_t> places, const Real* values) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t index = 0;
  do {
    const Real* from = block + index * 2 * lanes;
    const auto re = hn::Load(d, from), im = hn::Load(d, from + lanes);
    for (std::size_t v = 0; v < places.size(); ++v) {
      const Real* value = values + v * 2 * (OfLanes ? lanes : 1);
      const auto c = OfLanes ? hn::Load(d, value) : hn::Set(d, value[0]);
      const auto s = OfLanes ? hn::Load(d, value + lanes) : hn::Set(d, value[1]);
      Real* to = block + (index | places[v]) * 2 * lanes;
      hn::Store(hn::NegMulAdd(s, im, hn::Mul(c, re)), d, to);
      hn::Store(hn::MulAdd(s, re, hn::Mul(c, im)), d, to + lanes);
    }
    index = (index - done) & done; // the next value of these bits
  } while (index != 0);
}

template <class Real>
HWY_ATTR void spread_here(Real* block, std::size_t done, std::span<const std::size_t> places,
                          const Real* values, bool of_lanes) {
  of_lanes ? spread<Real, true>(block, done, places, values) : spread<Real, false>(block, done, places, values);
}

void spread_float(float* block, std::size_t done, std::span<const std::size_t> places, const float* values,
                  bool of_lanes) {
  spread_here(block, done, places, values, of_lanes);
}
void spread_double(double* block, std::size_t done, std::span<const std::size_t> places, const double* values,
                   bool of_lanes) {
  spread_here(block, done, places, values, of_lanes);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(spread_float);
HWY_EXPORT(spread_double);

template <>
void spread_factor<float>(float* block, std::size_t done, std::span<const std::size_t> places,
                          const float* values, bool of_lanes) {
  HWY_DYNAMIC_DISPATCH(spread_float)(block, done, places, values, of_lanes);
}
template <>
void spread_factor<double>(double* block, std::size_t done, std::span<const std::size_t> places,
                           const double* values, bool of_lanes) {
  HWY_DYNAMIC_DISPATCH(spread_double)(block, done, places, values, of_lanes);
}
} // namespace bloch::quantum
#endif
