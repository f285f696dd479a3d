#include "quantum/simulators/gate_kernels.h"

#include <span>
#include <type_traits>

#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/gate_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// The order matters: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Walks over the first vectors of groups: counts through the bits that are not fixed.
template <class Real> class GroupWalk {
 public:
  GroupWalk(const PreparedGate<Real>& gate, std::size_t group)
      : GroupWalk(gate.fixed, gate.controls, group) {}
  GroupWalk(std::span<const int> fixed, std::size_t controls, std::size_t group)
      : controls_(controls) {
    for (const int position : fixed) {
      const std::size_t below = (std::size_t{1} << position) - 1;
      group = (group & below) | ((group & ~below) << 1);
      fixed_ |= std::size_t{1} << position;
    }
    free_ = group;
  }
  HWY_INLINE std::size_t base() const { return free_ | controls_; }
  HWY_INLINE void step(std::size_t count = 1) { free_ = ((free_ | fixed_) + count) & ~fixed_; }
  /// To the first group whose bits from here on differ.
  HWY_INLINE void step_at(int position) {
    free_ = ((free_ | fixed_ | ((std::size_t{1} << position) - 1)) + 1) & ~fixed_;
  }

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

/// Times the cosine and sine of a diagonal's row.
template <class D, class V = hn::Vec<D>>
HWY_ATTR HWY_INLINE void turn_phase(D d, hn::TFromD<D>* place, V c, V s) {
  const auto a = hn::Load(d, place), b = hn::Load(d, place + hn::Lanes(d));
  hn::Store(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, place);
  hn::Store(hn::MulAdd(b, c, hn::Mul(a, s)), d, place + hn::Lanes(d));
}

/// Where the lowest target or control above the lanes is so low that groups come in runs of 2^Lowest alone:
/// calls body(first vector, groups) for as many groups as follow each other up to the next bit that is fixed,
/// their runs with as long a gap after each.
template <class Real, int Lowest, class Body>
HWY_ATTR HWY_INLINE void each_dashed_run(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                         std::size_t end, const Body& body) {
  const int next = gate.fixed.size() == 1 ? 63 : gate.fixed[1];
  const std::size_t to_next = std::size_t{1} << (next - 1);
  GroupWalk<Real> walk(gate, begin);
  for (std::size_t group = begin, groups = 0; group < end; group += groups, walk.step_at(next)) {
    groups = to_next - group % to_next < end - group ? to_next - group % to_next : end - group;
    body(state + walk.base() * 2 * hn::Lanes(Wide<Real>()), groups);
  }
}

/// Such a gate by its lowest bit: apply(0), apply(1) or apply(2) as constants; false where it is none.
template <class Real, class Apply>
HWY_ATTR HWY_INLINE bool by_dashes(const PreparedGate<Real>& gate, std::size_t begin, std::size_t end,
                                   const Apply& apply) {
  const int lowest = gate.fixed.empty() ? 64 : gate.fixed[0];
  if (lowest > 2 || (begin | end) % (std::size_t{1} << lowest) != 0) return false;
  if (lowest == 0) apply(std::integral_constant<int, 0>());
  if (lowest == 1) apply(std::integral_constant<int, 1>());
  if (lowest == 2) apply(std::integral_constant<int, 2>());
  return true;
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

/// X, with controls above the lanes; of a target above them halves change places.
template <class Real>
HWY_ATTR void apply_flip(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), offset = gate.offsets[1];
  if (gate.high == 0) return apply_lane_flip(state, gate, begin, end);
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
