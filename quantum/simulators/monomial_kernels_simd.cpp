#include "quantum/simulators/monomial_kernels.h"

#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/monomial_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// The order matters: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/group_walk-inl.h"
#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Times the cosine and sine of a diagonal's row.
template <class D, class V = hn::Vec<D>>
HWY_ATTR HWY_INLINE void turn_phase(D d, hn::TFromD<D>* place, V c, V s) {
  const auto a = hn::Load(d, place), b = hn::Load(d, place + hn::Lanes(d));
  hn::Store(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, place);
  hn::Store(hn::MulAdd(b, c, hn::Mul(a, s)), d, place + hn::Lanes(d));
}

/// A diagonal on dashed runs: both values of a low target in turn, in the order of memory.
template <class Real, int Lowest>
HWY_ATTR void apply_dashed_diagonal(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                    std::size_t end) {
  constexpr std::size_t run = std::size_t{1} << Lowest;
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), step = 2 * lanes, other = run * step;
  const bool target = (gate.controls & run) == 0;
  each_dashed_run<Real, Lowest>(state, gate, begin, end, [&](Real* base, std::size_t groups) HWY_ATTR {
    for (int row = 0; row < 1 << gate.high; ++row) {
      const std::size_t offset = gate.offsets[row];
      if (target && (offset & other) != 0) continue; // came with its partner
      int partner = row;
      while (target && gate.offsets[partner] != offset + other) ++partner;
      const bool first = !gate.skip[row], second = target && !gate.skip[partner];
      if (!first && !second) continue;
      const Real* factor = gate.coefficients.data() + static_cast<std::size_t>(row) * step;
      const auto c = hn::Load(d, factor), s = hn::Load(d, factor + lanes);
      factor = gate.coefficients.data() + static_cast<std::size_t>(partner) * step;
      const auto c2 = hn::Load(d, factor), s2 = hn::Load(d, factor + lanes);
      Real* place = base + offset;
      for (std::size_t k = 0; k < groups; k += run, place += 2 * other) {
        if (first) {
          BLOCH_UNROLL
          for (std::size_t i = 0; i < run; ++i) turn_phase(d, place + i * step, c, s);
        }
        if (second) {
          BLOCH_UNROLL
          for (std::size_t i = 0; i < run; ++i) turn_phase(d, place + other + i * step, c2, s2);
        }
      }
    }
  });
}

template <class Real>
HWY_ATTR void apply_diagonal(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const int rows = 1 << gate.high;
  if (by_dashes(gate, begin, end,
                [&](auto lowest) { apply_dashed_diagonal<Real, lowest>(state, gate, begin, end); }))
    return;
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (int row = 0; row < rows; ++row) {
      if (gate.skip[row]) continue;
      Real* place = base + gate.offsets[row];
      const Real* factor = gate.coefficients.data() + static_cast<std::size_t>(row) * 2 * lanes;
      const auto c = hn::Load(d, factor), s = hn::Load(d, factor + lanes);
      for (std::size_t k = 0; k < count; ++k, place += 2 * lanes) turn_phase(d, place, c, s);
    }
  });
}

template <class Real, int Lowest>
HWY_ATTR void apply_dashed_flip(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                std::size_t end) {
  constexpr std::size_t run = std::size_t{1} << Lowest;
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), offset = gate.offsets[1];
  each_dashed_run<Real, Lowest>(state, gate, begin, end, [&](Real* place, std::size_t groups) HWY_ATTR {
    for (std::size_t k = 0; k < groups; k += run, place += 4 * lanes * run) {
      BLOCH_UNROLL
      for (std::size_t i = 0; i < 2 * run; ++i) {
        const auto a = hn::Load(d, place + i * lanes), b = hn::Load(d, place + offset + i * lanes);
        hn::Store(b, d, place + i * lanes);
        hn::Store(a, d, place + offset + i * lanes);
      }
    }
  });
}

/// X on a target among the lanes.
template <class Real>
HWY_ATTR void apply_lane_flip(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto index = lane_exchange<Real>(static_cast<std::size_t>(gate.patterns[1]));
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (Real* place = base; place < base + 2 * lanes * count; place += 2 * lanes) {
      const auto re = hn::Load(d, place), im = hn::Load(d, place + lanes);
      hn::Store(exchanged(d, re, index), d, place);
      hn::Store(exchanged(d, im, index), d, place + lanes);
    }
  });
}

/// X on a target above the lanes, with controls in them: some lanes change places.
template <class Real>
HWY_ATTR void apply_controlled_flip(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                    std::size_t end) {
  const Wide<Real> d;
  const hn::RebindToUnsigned<decltype(d)> bits;
  const std::size_t lanes = hn::Lanes(d), offset = gate.offsets[1];
  const auto wanted = hn::Set(bits, static_cast<hn::TFromD<decltype(bits)>>(gate.lane_controls));
  const auto mask = hn::RebindMask(d, hn::Eq(hn::And(hn::Iota(bits, 0), wanted), wanted));
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (Real* place = base; place < base + 2 * lanes * count; place += lanes) {
      const auto a = hn::Load(d, place), b = hn::Load(d, place + offset);
      hn::Store(hn::IfThenElse(mask, b, a), d, place);
      hn::Store(hn::IfThenElse(mask, a, b), d, place + offset);
    }
  });
}

/// X, with controls above the lanes; of a target above them halves change places.
template <class Real>
HWY_ATTR void apply_flip(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), offset = gate.offsets[1];
  if (gate.high == 0) return apply_lane_flip(state, gate, begin, end);
  if (gate.lane_controls != 0) return apply_controlled_flip(state, gate, begin, end);
  if (by_dashes(gate, begin, end,
                [&](auto lowest) { apply_dashed_flip<Real, lowest>(state, gate, begin, end); }))
    return;
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (Real* place = base; place < base + 2 * lanes * count; place += lanes) {
      const auto a = hn::Load(d, place), b = hn::Load(d, place + offset);
      hn::Store(b, d, place);
      hn::Store(a, d, place + offset);
    }
  });
}

void apply_monomial_float(float* state, const PreparedGate<float>& gate, std::size_t begin, std::size_t end) {
  gate.diagonal ? apply_diagonal(state, gate, begin, end) : apply_flip(state, gate, begin, end);
}
void apply_monomial_double(double* state, const PreparedGate<double>& gate, std::size_t begin,
                           std::size_t end) {
  gate.diagonal ? apply_diagonal(state, gate, begin, end) : apply_flip(state, gate, begin, end);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(apply_monomial_float);
HWY_EXPORT(apply_monomial_double);

template <>
void apply_monomial<float>(float* state, const PreparedGate<float>& gate, std::size_t begin, std::size_t end) {
  HWY_DYNAMIC_DISPATCH(apply_monomial_float)(state, gate, begin, end);
}
template <>
void apply_monomial<double>(double* state, const PreparedGate<double>& gate, std::size_t begin,
                            std::size_t end) {
  HWY_DYNAMIC_DISPATCH(apply_monomial_double)(state, gate, begin, end);
}
} // namespace bloch::quantum
#endif
