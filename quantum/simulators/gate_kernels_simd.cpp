#include "quantum/simulators/gate_kernels.h"
#include "quantum/simulators/monomial_kernels.h"
#include "quantum/simulators/one_target_kernels.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/gate_kernels_simd.cpp"
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

/// The matrix on the vectors of `Groups` groups side by side: each coefficient is loaded once for all of them,
/// and their sums do not wait for each other.
template <class Real, int High, int Low, bool RealOnly, int Groups, class Index>
HWY_ATTR HWY_INLINE void multiply_groups(Real* const* bases, const std::size_t* offsets, const Index* index,
                                         const Real* coefficients) {
  constexpr int rows = 1 << High, patterns = 1 << Low, terms = rows * patterns;
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  using V = hn::Vec<Wide<Real>>;
  V re[terms * Groups], im[terms * Groups];
  BLOCH_UNROLL
  for (int k = 0; k < rows * Groups; ++k) {
    const int column = k / Groups, group = k % Groups;
    const Real* source = bases[group] + offsets[column];
    const V here_re = hn::Load(d, source), here_im = hn::Load(d, source + lanes);
    re[column * patterns * Groups + group] = here_re;
    im[column * patterns * Groups + group] = here_im;
    BLOCH_UNROLL
    for (int pattern = 1; pattern < patterns; ++pattern) {
      re[(column * patterns + pattern) * Groups + group] = exchanged(d, here_re, index[pattern]);
      im[(column * patterns + pattern) * Groups + group] = exchanged(d, here_im, index[pattern]);
    }
  }
  for (int row = 0; row < rows; ++row) {
    const Real* factor = coefficients + static_cast<std::size_t>(row) * terms * 2 * lanes;
    V sum_re[Groups], sum_im[Groups];
    const V first = hn::Load(d, factor);
    BLOCH_UNROLL
    for (int group = 0; group < Groups; ++group) {
      sum_re[group] = hn::Mul(first, re[group]);
      sum_im[group] = hn::Mul(first, im[group]);
    }
    BLOCH_UNROLL
    for (int term = 1; term < terms; ++term) {
      const V a = hn::Load(d, factor + static_cast<std::size_t>(term) * 2 * lanes);
      BLOCH_UNROLL
      for (int group = 0; group < Groups; ++group) {
        sum_re[group] = hn::MulAdd(a, re[term * Groups + group], sum_re[group]);
        sum_im[group] = hn::MulAdd(a, im[term * Groups + group], sum_im[group]);
      }
    }
    if constexpr (!RealOnly) {
      BLOCH_UNROLL
      for (int term = 0; term < terms; ++term) {
        const V c = hn::Load(d, factor + static_cast<std::size_t>(term) * 2 * lanes + lanes);
        BLOCH_UNROLL
        for (int group = 0; group < Groups; ++group) {
          sum_re[group] = hn::NegMulAdd(c, im[term * Groups + group], sum_re[group]);
          sum_im[group] = hn::MulAdd(c, re[term * Groups + group], sum_im[group]);
        }
      }
    }
    BLOCH_UNROLL
    for (int group = 0; group < Groups; ++group) {
      hn::Store(sum_re[group], d, bases[group] + offsets[row]);
      hn::Store(sum_im[group], d, bases[group] + offsets[row] + lanes);
    }
  }
}

template <class Real, int High, int Low, bool RealOnly>
HWY_ATTR void apply_dense(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  constexpr int rows = 1 << High, patterns = 1 << Low;
  constexpr int together = rows * patterns <= 4 ? 2 : 1; // groups that fit the registers
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  LaneIndex<Real> index[patterns];
  for (int pattern = 0; pattern < patterns; ++pattern)
    index[pattern] = lane_exchange<Real>(static_cast<std::size_t>(gate.patterns[pattern]));
  const Real* coefficients = gate.coefficients.data();
  std::size_t offsets[rows]; // local: what is stored through pointers cannot change them
  for (int row = 0; row < rows; ++row) offsets[row] = gate.offsets[row];
  GroupWalk<Real> walk(gate, begin);
  Real* bases[together];
  std::size_t group = begin;
  for (; group + together <= end; group += together) {
    for (Real*& base : bases) {
      base = state + walk.base() * 2 * lanes;
      walk.step();
    }
    multiply_groups<Real, High, Low, RealOnly, together>(bases, offsets, index, coefficients);
  }
  for (; group < end; ++group, walk.step()) {
    bases[0] = state + walk.base() * 2 * lanes;
    multiply_groups<Real, High, Low, RealOnly, 1>(bases, offsets, index, coefficients);
  }
}

template <class Real, int High, int Low>
void apply_dense_either(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  if (gate.real)
    apply_dense<Real, High, Low, true>(state, gate, begin, end);
  else
    apply_dense<Real, High, Low, false>(state, gate, begin, end);
}

template <class Real>
void apply_groups_here(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  switch (gate.high * 8 + gate.low) {
#define BLOCH_SHAPE(high, low)                                                                                 \
  case high * 8 + low:                                                                                         \
    return apply_dense_either<Real, high, low>(state, gate, begin, end);
    BLOCH_SHAPE(0, 2)
    BLOCH_SHAPE(0, 3)
    BLOCH_SHAPE(0, 4)
    BLOCH_SHAPE(1, 1)
    BLOCH_SHAPE(1, 2)
    BLOCH_SHAPE(1, 3)
    BLOCH_SHAPE(2, 0)
    BLOCH_SHAPE(2, 1)
    BLOCH_SHAPE(2, 2)
    BLOCH_SHAPE(3, 0)
    BLOCH_SHAPE(3, 1)
    BLOCH_SHAPE(4, 0)
#undef BLOCH_SHAPE
  default:
    break;
  }
}

template <class Real>
HWY_ATTR void add_lane_norms_here(const Real* state, std::size_t begin, std::size_t end, double* sums) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN Real partial[hn::MaxLanes(d)];
  // Short sums in Real, long ones in double.
  for (std::size_t first = begin; first < end; first += 64) {
    auto sum = hn::Zero(d);
    const std::size_t last = first + 64 < end ? first + 64 : end;
    for (std::size_t k = first; k < last; ++k) {
      const auto re = hn::Load(d, state + 2 * lanes * k), im = hn::Load(d, state + 2 * lanes * k + lanes);
      sum = hn::MulAdd(re, re, hn::MulAdd(im, im, sum));
    }
    hn::Store(sum, d, partial);
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += static_cast<double>(partial[lane]);
  }
}

int lane_bits_float() { return lane_bits_here<float>(); }
int lane_bits_double() { return lane_bits_here<double>(); }
void apply_groups_float(float* state, const PreparedGate<float>& gate, std::size_t begin, std::size_t end) {
  apply_groups_here(state, gate, begin, end);
}
void apply_groups_double(double* state, const PreparedGate<double>& gate, std::size_t begin, std::size_t end) {
  apply_groups_here(state, gate, begin, end);
}
void add_lane_norms_float(const float* state, std::size_t begin, std::size_t end, double* sums) {
  add_lane_norms_here(state, begin, end, sums);
}
void add_lane_norms_double(const double* state, std::size_t begin, std::size_t end, double* sums) {
  add_lane_norms_here(state, begin, end, sums);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(lane_bits_float);
HWY_EXPORT(lane_bits_double);
HWY_EXPORT(apply_groups_float);
HWY_EXPORT(apply_groups_double);
HWY_EXPORT(add_lane_norms_float);
HWY_EXPORT(add_lane_norms_double);

template <> int lane_bits<float>() { return HWY_DYNAMIC_DISPATCH(lane_bits_float)(); }
template <> int lane_bits<double>() { return HWY_DYNAMIC_DISPATCH(lane_bits_double)(); }

template <>
void apply_groups<float>(float* state, const PreparedGate<float>& gate, std::size_t begin, std::size_t end) {
  if (gate.diagonal || gate.flip) return apply_monomial(state, gate, begin, end);
  if (gate.high + gate.low == 1) return apply_one_target(state, gate, begin, end);
  HWY_DYNAMIC_DISPATCH(apply_groups_float)(state, gate, begin, end);
}
template <>
void apply_groups<double>(double* state, const PreparedGate<double>& gate, std::size_t begin, std::size_t end) {
  if (gate.diagonal || gate.flip) return apply_monomial(state, gate, begin, end);
  if (gate.high + gate.low == 1) return apply_one_target(state, gate, begin, end);
  HWY_DYNAMIC_DISPATCH(apply_groups_double)(state, gate, begin, end);
}

template <> void add_lane_norms<float>(const float* state, std::size_t begin, std::size_t end, double* sums) {
  HWY_DYNAMIC_DISPATCH(add_lane_norms_float)(state, begin, end, sums);
}
template <> void add_lane_norms<double>(const double* state, std::size_t begin, std::size_t end, double* sums) {
  HWY_DYNAMIC_DISPATCH(add_lane_norms_double)(state, begin, end, sums);
}
} // namespace bloch::quantum
#endif
