#include "quantum/simulators/one_target_kernels.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/one_target_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/group_walk-inl.h"
#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// An element of the matrix, by lane.
template <class Real> struct LaneFactor {
  WideVector<Real> re, im;

  HWY_ATTR LaneFactor(const PreparedGate<Real>& gate, std::size_t element) {
    const Wide<Real> d;
    const Real* from = gate.coefficients.data() + element * 2 * hn::Lanes(d);
    re = hn::Load(d, from);
    im = hn::Load(d, from + hn::Lanes(d));
  }
};

/// to = first * a + second * b
template <bool RealOnly, class Real, class V = WideVector<Real>>
HWY_ATTR HWY_INLINE void store_sum(Real* to, const LaneFactor<Real>& first, V a_re, V a_im,
                                   const LaneFactor<Real>& second, V b_re, V b_im) {
  const Wide<Real> d;
  V re = hn::MulAdd(second.re, b_re, hn::Mul(first.re, a_re));
  V im = hn::MulAdd(second.re, b_im, hn::Mul(first.re, a_im));
  if constexpr (!RealOnly) {
    re = hn::NegMulAdd(second.im, b_im, hn::NegMulAdd(first.im, a_im, re));
    im = hn::MulAdd(second.im, b_re, hn::MulAdd(first.im, a_re, im));
  }
  hn::Store(re, d, to);
  hn::Store(im, d, to + hn::Lanes(d));
}

template <class Real, bool RealOnly>
HWY_ATTR void apply_above_lanes(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), step = 2 * lanes, offset = gate.offsets[1];
  const LaneFactor<Real> m00(gate, 0), m01(gate, 1), m10(gate, 2), m11(gate, 3);
  const auto apply = [&](Real* place) HWY_ATTR {
    const auto a_re = hn::Load(d, place), a_im = hn::Load(d, place + lanes);
    const auto b_re = hn::Load(d, place + offset), b_im = hn::Load(d, place + offset + lanes);
    store_sum<RealOnly>(place, m00, a_re, a_im, m01, b_re, b_im);
    store_sum<RealOnly>(place + offset, m10, a_re, a_im, m11, b_re, b_im);
  };
  const auto dashed = [&](auto lowest) HWY_ATTR {
    constexpr std::size_t run = std::size_t{1} << decltype(lowest)::value;
    each_dashed_run<Real, lowest>(state, gate, begin, end, [&](Real* place, std::size_t groups) HWY_ATTR {
      for (std::size_t k = 0; k < groups; k += run, place += 2 * run * step) {
        BLOCH_UNROLL
        for (std::size_t i = 0; i < run; ++i) apply(place + i * step);
      }
    });
  };
  if (by_dashes(gate, begin, end, dashed)) return;
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (Real* place = base; place < base + step * count; place += step) apply(place);
  });
}

template <class Real, bool RealOnly>
HWY_ATTR void apply_in_lanes(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), step = 2 * lanes;
  const LaneFactor<Real> own(gate, 0), others(gate, 1);
  const auto index = lane_exchange<Real>(static_cast<std::size_t>(gate.patterns[1]));
  const auto apply = [&](Real* place) HWY_ATTR {
    const auto re = hn::Load(d, place), im = hn::Load(d, place + lanes);
    store_sum<RealOnly>(place, own, re, im, others, exchanged(d, re, index), exchanged(d, im, index));
  };
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (Real* place = base; place < base + step * count; place += step) apply(place);
  });
}

template <class Real>
void apply_one_target_here(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  if (gate.high == 1)
    gate.real ? apply_above_lanes<Real, true>(state, gate, begin, end)
              : apply_above_lanes<Real, false>(state, gate, begin, end);
  else
    gate.real ? apply_in_lanes<Real, true>(state, gate, begin, end)
              : apply_in_lanes<Real, false>(state, gate, begin, end);
}

void apply_one_target_float(float* state, const PreparedGate<float>& gate, std::size_t begin, std::size_t end) {
  apply_one_target_here(state, gate, begin, end);
}
void apply_one_target_double(double* state, const PreparedGate<double>& gate, std::size_t begin,
                             std::size_t end) {
  apply_one_target_here(state, gate, begin, end);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(apply_one_target_float);
HWY_EXPORT(apply_one_target_double);

template <>
void apply_one_target<float>(float* state, const PreparedGate<float>& gate, std::size_t begin,
                             std::size_t end) {
  HWY_DYNAMIC_DISPATCH(apply_one_target_float)(state, gate, begin, end);
}
template <>
void apply_one_target<double>(double* state, const PreparedGate<double>& gate, std::size_t begin,
                              std::size_t end) {
  HWY_DYNAMIC_DISPATCH(apply_one_target_double)(state, gate, begin, end);
}
} // namespace bloch::quantum
#endif
