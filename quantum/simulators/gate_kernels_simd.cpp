#include "quantum/simulators/gate_kernels.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/gate_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// The order matters: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Real> using Wide = hn::ScalableTag<Real>;

template <class Real> HWY_ATTR int lane_bits_here() {
  int bits = 0;
  while ((std::size_t{2} << bits) <= hn::Lanes(Wide<Real>())) ++bits;
  return bits;
}

/// Walks over the first vectors of groups: counts through the bits that are not fixed.
template <class Real> class GroupWalk {
 public:
  GroupWalk(const PreparedGate<Real>& gate, std::size_t group)
      : controls_(gate.controls) {
    for (const int position : gate.fixed) {
      const std::size_t below = (std::size_t{1} << position) - 1;
      group = (group & below) | ((group & ~below) << 1);
      fixed_ |= std::size_t{1} << position;
    }
    free_ = group;
  }
  HWY_INLINE std::size_t base() const { return free_ | controls_; }
  HWY_INLINE void step(std::size_t count = 1) { free_ = ((free_ | fixed_) + count) & ~fixed_; }

 private:
  std::size_t fixed_ = 0, free_ = 0, controls_;
};

template <class D, class Index> HWY_INLINE hn::Vec<D> exchanged(D, hn::Vec<D> v, Index index) {
  return hn::TableLookupLanes(v, index);
}

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
  using Index = decltype(hn::SetTableIndices(d, static_cast<const hwy::MakeSigned<Real>*>(nullptr)));
  Index index[patterns];
  for (int pattern = 0; pattern < patterns; ++pattern) {
    HWY_ALIGN hwy::MakeSigned<Real> table[hn::MaxLanes(d)];
    for (std::size_t lane = 0; lane < lanes; ++lane)
      table[lane] = static_cast<hwy::MakeSigned<Real>>(lane ^ static_cast<std::size_t>(gate.patterns[pattern]));
    index[pattern] = hn::SetTableIndices(d, table);
  }
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

/// Calls body(first vector, groups) for groups that follow each other in memory: up to the lowest bit that is
/// fixed.
template <class Real, class Body>
HWY_ATTR HWY_INLINE void each_run(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                  std::size_t end, const Body& body) {
  const std::size_t lanes = hn::Lanes(Wide<Real>());
  const std::size_t run = gate.fixed.empty() ? end : std::size_t{1} << gate.fixed[0];
  GroupWalk<Real> walk(gate, begin);
  for (std::size_t group = begin; group < end;) {
    const std::size_t to_border = run - group % run, count = to_border < end - group ? to_border : end - group;
    body(state + walk.base() * 2 * lanes, count);
    group += count;
    walk.step(count);
  }
}

template <class Real>
HWY_ATTR void apply_diagonal(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const int rows = 1 << gate.high;
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (int row = 0; row < rows; ++row) {
      if (gate.skip[row]) continue;
      Real* place = base + gate.offsets[row];
      const Real* factor = gate.coefficients.data() + static_cast<std::size_t>(row) * 2 * lanes;
      const auto c = hn::Load(d, factor), s = hn::Load(d, factor + lanes);
      for (std::size_t k = 0; k < count; ++k, place += 2 * lanes) {
        const auto a = hn::Load(d, place), b = hn::Load(d, place + lanes);
        hn::Store(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, place);
        hn::Store(hn::MulAdd(b, c, hn::Mul(a, s)), d, place + lanes);
      }
    }
  });
}

/// X on a target above the lanes, with controls there: halves change places.
template <class Real>
HWY_ATTR void apply_flip(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), offset = gate.offsets[1];
  each_run<Real>(state, gate, begin, end, [&](Real* base, std::size_t count) HWY_ATTR {
    for (Real* place = base; place < base + 2 * lanes * count; place += lanes) {
      const auto a = hn::Load(d, place), b = hn::Load(d, place + offset);
      hn::Store(b, d, place);
      hn::Store(a, d, place + offset);
    }
  });
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
  if (gate.diagonal) return apply_diagonal(state, gate, begin, end);
  if (gate.flip) return apply_flip(state, gate, begin, end);
  switch (gate.high * 8 + gate.low) {
#define BLOCH_SHAPE(high, low)                                                                                 \
  case high * 8 + low:                                                                                         \
    return apply_dense_either<Real, high, low>(state, gate, begin, end);
    BLOCH_SHAPE(0, 1)
    BLOCH_SHAPE(0, 2)
    BLOCH_SHAPE(0, 3)
    BLOCH_SHAPE(0, 4)
    BLOCH_SHAPE(1, 0)
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
  HWY_DYNAMIC_DISPATCH(apply_groups_float)(state, gate, begin, end);
}
template <>
void apply_groups<double>(double* state, const PreparedGate<double>& gate, std::size_t begin, std::size_t end) {
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
