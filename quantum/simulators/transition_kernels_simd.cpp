#include "quantum/simulators/transition_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/transition_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// The order matters: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t groups_a_sum = 64; // added up in Real; longer sums in double

template <class Real>
HWY_INLINE std::size_t transition_base(const PreparedGate<Real>& gate, std::size_t group) {
  for (const int position : gate.fixed) {
    const std::size_t below = (std::size_t{1} << position) - 1;
    group = (group & below) | ((group & ~below) << 1);
  }
  return group | gate.controls;
}

template <class Real, int High, int Low, bool Diagonal>
HWY_ATTR void transitions(const Real* bra, const Real* ket, const PreparedGate<Real>& gate, std::size_t begin,
                          std::size_t end, double* sums) {
  constexpr int rows = 1 << High, patterns = Diagonal ? 1 : 1 << Low, columns = Diagonal ? 1 : rows,
                terms = rows * columns * patterns;
  const hn::ScalableTag<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  using V = hn::Vec<hn::ScalableTag<Real>>;
  LaneIndex<Real> index[patterns];
  for (int pattern = 0; pattern < patterns; ++pattern)
    index[pattern] = lane_exchange<Real>(static_cast<std::size_t>(gate.patterns[pattern]));
  for (std::size_t first = begin; first < end; first += groups_a_sum) {
    V sum_re[terms], sum_im[terms];
    for (int term = 0; term < terms; ++term) sum_re[term] = sum_im[term] = hn::Zero(d);
    const std::size_t last = first + groups_a_sum < end ? first + groups_a_sum : end;
    for (std::size_t group = first; group < last; ++group) {
      const std::size_t base = transition_base(gate, group) * 2 * lanes;
      for (int column = 0; column < rows; ++column) {
        const Real* source = ket + base + gate.offsets[column];
        const V re = hn::Load(d, source), im = hn::Load(d, source + lanes);
        for (int pattern = 0; pattern < patterns; ++pattern) {
          const V b_re = pattern == 0 ? re : hn::TableLookupLanes(re, index[pattern]),
                  b_im = pattern == 0 ? im : hn::TableLookupLanes(im, index[pattern]);
          for (int row = Diagonal ? column : 0; row < (Diagonal ? column + 1 : rows); ++row) {
            const Real* place = bra + base + gate.offsets[row];
            const V a_re = hn::Load(d, place), a_im = hn::Load(d, place + lanes);
            const int term = Diagonal ? row : (row * columns + column) * patterns + pattern;
            sum_re[term] = hn::MulAdd(a_re, b_re, hn::MulAdd(a_im, b_im, sum_re[term]));
            sum_im[term] = hn::MulAdd(a_re, b_im, hn::NegMulAdd(a_im, b_re, sum_im[term]));
          }
        }
      }
    }
    HWY_ALIGN Real partial[hn::MaxLanes(d)];
    for (int term = 0; term < terms; ++term)
      for (int part = 0; part < 2; ++part) {
        hn::Store(part == 0 ? sum_re[term] : sum_im[term], d, partial);
        double* out = sums + static_cast<std::size_t>(2 * term + part) * lanes;
        for (std::size_t lane = 0; lane < lanes; ++lane) out[lane] += static_cast<double>(partial[lane]);
      }
  }
}

template <class Real>
void add_transitions_here(const Real* bra, const Real* ket, const PreparedGate<Real>& gate, std::size_t begin,
                          std::size_t end, double* sums) {
  switch (gate.high * 8 + gate.low + (gate.diagonal ? 64 : 0)) {
#define BLOCH_SHAPE(high, low)                                                                                 \
  case high * 8 + low:                                                                                         \
    return transitions<Real, high, low, false>(bra, ket, gate, begin, end, sums);                              \
  case 64 + high * 8 + low:                                                                                    \
    return transitions<Real, high, low, true>(bra, ket, gate, begin, end, sums);
    BLOCH_SHAPE(0, 1)
    BLOCH_SHAPE(0, 2)
    BLOCH_SHAPE(1, 0)
    BLOCH_SHAPE(1, 1)
    BLOCH_SHAPE(2, 0)
#undef BLOCH_SHAPE
  default:
    break;
  }
}

void add_transitions_float(const float* bra, const float* ket, const PreparedGate<float>& gate,
                           std::size_t begin, std::size_t end, double* sums) {
  add_transitions_here(bra, ket, gate, begin, end, sums);
}
void add_transitions_double(const double* bra, const double* ket, const PreparedGate<double>& gate,
                            std::size_t begin, std::size_t end, double* sums) {
  add_transitions_here(bra, ket, gate, begin, end, sums);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(add_transitions_float);
HWY_EXPORT(add_transitions_double);

template <>
void add_transitions<float>(const float* bra, const float* ket, const PreparedGate<float>& gate,
                            std::size_t begin, std::size_t end, double* sums) {
  HWY_DYNAMIC_DISPATCH(add_transitions_float)(bra, ket, gate, begin, end, sums);
}
template <>
void add_transitions<double>(const double* bra, const double* ket, const PreparedGate<double>& gate,
                             std::size_t begin, std::size_t end, double* sums) {
  HWY_DYNAMIC_DISPATCH(add_transitions_double)(bra, ket, gate, begin, end, sums);
}

template <class Real> std::size_t transition_sums(const PreparedGate<Real>& gate) {
  const std::size_t rows = std::size_t{1} << gate.high, patterns = std::size_t{1} << gate.low;
  return (gate.diagonal ? rows : rows * rows * patterns) * 2 << lane_bits<Real>();
}
template std::size_t transition_sums(const PreparedGate<float>&);
template std::size_t transition_sums(const PreparedGate<double>&);
} // namespace bloch::quantum
#endif
