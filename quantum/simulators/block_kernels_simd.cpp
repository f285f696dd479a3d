#include "quantum/simulators/block_kernels.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/block_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Real> using Wide = hn::ScalableTag<Real>;
template <class Real> using WideVector = hn::Vec<Wide<Real>>;
template <class Real>
using LaneIndex =
    decltype(hn::SetTableIndices(Wide<Real>(), static_cast<const hwy::MakeSigned<Real>*>(nullptr)));

constexpr int most_lane_bits = 4;

/// One in-lane Hadamard stage for each lane bit of a mask: v becomes exchange(v) + sign * v.
template <class Real> struct LaneStages {
  int count = 0;
  LaneIndex<Real> exchange[most_lane_bits];
  WideVector<Real> sign[most_lane_bits];

  HWY_ATTR LaneStages(std::size_t mask, int bits) {
    const Wide<Real> d;
    const std::size_t lanes = hn::Lanes(d);
    for (int bit = 0; bit < bits; ++bit) {
      if ((mask >> bit & 1) == 0) continue;
      HWY_ALIGN hwy::MakeSigned<Real> index[hn::MaxLanes(Wide<Real>())];
      HWY_ALIGN Real signs[hn::MaxLanes(Wide<Real>())];
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        index[lane] = static_cast<hwy::MakeSigned<Real>>(lane ^ (std::size_t{1} << bit));
        signs[lane] = (lane >> bit & 1) ? Real{-1} : Real{1};
      }
      exchange[count] = hn::SetTableIndices(d, index);
      sign[count] = hn::Load(d, signs);
      ++count;
    }
  }
};

/// Sums and differences of rows that lie `Half` apart.
template <std::size_t Half, std::size_t Size, class Tag, class Vector>
HWY_ATTR HWY_INLINE void butterflies(Tag d, Vector* v) {
  // a - b as a product: processors that add and multiply in units of their own do both at once.
  const auto one = hn::Set(d, hn::TFromD<Tag>{1});
  BLOCH_UNROLL
  for (std::size_t k = 0; k < Size / 2; ++k) {
    const std::size_t row = k / Half * 2 * Half + k % Half;
    const auto a = v[row], b = v[row + Half];
    v[row] = hn::Add(a, b);
    v[row + Half] = hn::NegMulAdd(b, one, a);
  }
}

/// Stages of `Count` high qubits in one sweep, and those of the lanes where `Lanes` is set.
template <class Real, int Count, bool InLanes>
HWY_ATTR void hadamard_sweep(Real* block, std::size_t vectors, const int* positions,
                             const LaneStages<Real>& stages, Real scale) {
  constexpr std::size_t size = std::size_t{1} << Count;
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t offsets[size];
  for (std::size_t row = 0; row < size; ++row) {
    offsets[row] = 0;
    for (int k = 0; k < Count; ++k)
      if (row >> k & 1) offsets[row] += (2 * lanes) << positions[k];
  }
  const auto factor = hn::Set(d, scale);
  for (std::size_t group = 0; group < vectors >> Count; ++group) {
    std::size_t base = group;
    for (int k = 0; k < Count; ++k) {
      const std::size_t below = (std::size_t{1} << positions[k]) - 1;
      base = (base & below) | ((base & ~below) << 1);
    }
    for (int part = 0; part < 2; ++part) { // real parts, then imaginary parts
      Real* place = block + base * 2 * lanes + (part ? lanes : 0);
      WideVector<Real> v[size];
      BLOCH_UNROLL
      for (std::size_t row = 0; row < size; ++row) v[row] = hn::Mul(hn::Load(d, place + offsets[row]), factor);
      if constexpr (InLanes)
        for (int stage = 0; stage < stages.count; ++stage) {
          const auto exchange = stages.exchange[stage];
          const auto sign = stages.sign[stage];
          BLOCH_UNROLL
          for (std::size_t row = 0; row < size; ++row)
            v[row] = hn::MulAdd(sign, v[row], hn::TableLookupLanes(v[row], exchange));
        }
      if constexpr (Count > 0) butterflies<1, size>(d, v);
      if constexpr (Count > 1) butterflies<2, size>(d, v);
      if constexpr (Count > 2) butterflies<4, size>(d, v);
      if constexpr (Count > 3) butterflies<8, size>(d, v);
      BLOCH_UNROLL
      for (std::size_t row = 0; row < size; ++row) hn::Store(v[row], d, place + offsets[row]);
    }
  }
}

template <class Real> HWY_ATTR void hadamard_block_here(Real* block, int qubits, std::size_t mask, Real scale) {
  const std::size_t lanes = hn::Lanes(Wide<Real>());
  int bits = 0;
  while ((std::size_t{2} << bits) <= lanes) ++bits;
  const std::size_t vectors = qubits > bits ? std::size_t{1} << (qubits - bits) : 1;
  const LaneStages<Real> stages(mask, bits);
  int positions[64], count = 0;
  for (int qubit = bits; qubit < qubits; ++qubit)
    if (mask >> qubit & 1) positions[count++] = qubit - bits;
  bool lanes_left = stages.count > 0;
  const int most = lanes >= 8 ? 4 : 3; // vectors that fit the registers
  int done = 0;
  do {
    int take = count - done < most ? count - done : most;
    if (count - done == most + 1) take = (most + 2) / 2; // 3 + 2 rather than 4 + 1
    const int* first = positions + done;
    switch (take * 2 + (lanes_left ? 1 : 0)) {
    case 1:
      hadamard_sweep<Real, 0, true>(block, vectors, first, stages, scale);
      break;
    case 2:
      hadamard_sweep<Real, 1, false>(block, vectors, first, stages, scale);
      break;
    case 3:
      hadamard_sweep<Real, 1, true>(block, vectors, first, stages, scale);
      break;
    case 4:
      hadamard_sweep<Real, 2, false>(block, vectors, first, stages, scale);
      break;
    case 5:
      hadamard_sweep<Real, 2, true>(block, vectors, first, stages, scale);
      break;
    case 6:
      hadamard_sweep<Real, 3, false>(block, vectors, first, stages, scale);
      break;
    case 7:
      hadamard_sweep<Real, 3, true>(block, vectors, first, stages, scale);
      break;
    case 8:
      hadamard_sweep<Real, 4, false>(block, vectors, first, stages, scale);
      break;
    case 9:
      hadamard_sweep<Real, 4, true>(block, vectors, first, stages, scale);
      break;
    default:
      break;
    }
    lanes_left = false;
    scale = 1;
    done += take;
  } while (done < count);
}

template <class Real>
HWY_ATTR void multiply_runs_here(Real* block, const Real* table, std::span<const RunPhase<Real>> runs) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d), vectors = (std::size_t{1} << phase_table_qubits) / lanes;
  int bits = 0;
  while ((std::size_t{2} << bits) <= lanes) ++bits;
  WideVector<Real> has_bit[most_lane_bits]; // 1 where the lane has the bit
  for (int bit = 0; bit < bits; ++bit) {
    HWY_ALIGN Real ones[hn::MaxLanes(Wide<Real>())];
    for (std::size_t lane = 0; lane < lanes; ++lane) ones[lane] = (lane >> bit & 1) ? Real{1} : Real{0};
    has_bit[bit] = hn::Load(d, ones);
  }
  const auto one = hn::Set(d, Real{1});
  Real scalars[2 * 256];
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const RunPhase<Real>& phase = runs[run];
    // Lanes: the factor, times linear[bit] where the lane has the bit.
    auto lane_re = hn::Set(d, phase.factor_re), lane_im = hn::Set(d, phase.factor_im);
    for (int bit = 0; bit < bits; ++bit) {
      const auto c = hn::MulAdd(has_bit[bit], hn::Set(d, phase.linear[2 * bit] - 1), one);
      const auto s = hn::Mul(has_bit[bit], hn::Set(d, phase.linear[2 * bit + 1]));
      const auto re = hn::NegMulAdd(lane_im, s, hn::Mul(lane_re, c));
      lane_im = hn::MulAdd(lane_im, c, hn::Mul(lane_re, s));
      lane_re = re;
    }
    // Vectors: products of the other linear factors, by doubling.
    scalars[0] = 1;
    scalars[1] = 0;
    for (int bit = bits; bit < phase_table_qubits; ++bit) {
      const std::size_t done = std::size_t{1} << (bit - bits);
      const Real c = phase.linear[2 * bit], s = phase.linear[2 * bit + 1];
      for (std::size_t k = 0; k < done; ++k) {
        scalars[2 * (done + k)] = scalars[2 * k] * c - scalars[2 * k + 1] * s;
        scalars[2 * (done + k) + 1] = scalars[2 * k] * s + scalars[2 * k + 1] * c;
      }
    }
    Real* place = block + run * vectors * 2 * lanes;
    const Real* entry = table;
    for (std::size_t k = 0; k < vectors; ++k, place += 2 * lanes, entry += 2 * lanes) {
      const auto c = hn::Set(d, scalars[2 * k]), s = hn::Set(d, scalars[2 * k + 1]);
      const auto f_re = hn::NegMulAdd(lane_im, s, hn::Mul(lane_re, c)),
                 f_im = hn::MulAdd(lane_im, c, hn::Mul(lane_re, s));
      const auto a = hn::Load(d, place), b = hn::Load(d, place + lanes);
      const auto t_re = hn::Load(d, entry), t_im = hn::Load(d, entry + lanes);
      const auto u_re = hn::NegMulAdd(b, t_im, hn::Mul(a, t_re)), u_im = hn::MulAdd(b, t_re, hn::Mul(a, t_im));
      hn::Store(hn::NegMulAdd(u_im, f_im, hn::Mul(u_re, f_re)), d, place);
      hn::Store(hn::MulAdd(u_im, f_re, hn::Mul(u_re, f_im)), d, place + lanes);
    }
  }
}

void hadamard_block_float(float* block, int qubits, std::size_t mask, float scale) {
  hadamard_block_here(block, qubits, mask, scale);
}
void hadamard_block_double(double* block, int qubits, std::size_t mask, double scale) {
  hadamard_block_here(block, qubits, mask, scale);
}
void multiply_runs_float(float* block, const float* table, std::span<const RunPhase<float>> runs) {
  multiply_runs_here(block, table, runs);
}
void multiply_runs_double(double* block, const double* table, std::span<const RunPhase<double>> runs) {
  multiply_runs_here(block, table, runs);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(hadamard_block_float);
HWY_EXPORT(hadamard_block_double);
HWY_EXPORT(multiply_runs_float);
HWY_EXPORT(multiply_runs_double);

template <> void hadamard_block<float>(float* block, int qubits, std::size_t mask, float scale) {
  HWY_DYNAMIC_DISPATCH(hadamard_block_float)(block, qubits, mask, scale);
}
template <> void hadamard_block<double>(double* block, int qubits, std::size_t mask, double scale) {
  HWY_DYNAMIC_DISPATCH(hadamard_block_double)(block, qubits, mask, scale);
}
template <> void multiply_runs<float>(float* block, const float* table, std::span<const RunPhase<float>> runs) {
  HWY_DYNAMIC_DISPATCH(multiply_runs_float)(block, table, runs);
}
template <>
void multiply_runs<double>(double* block, const double* table, std::span<const RunPhase<double>> runs) {
  HWY_DYNAMIC_DISPATCH(multiply_runs_double)(block, table, runs);
}
} // namespace bloch::quantum
#endif
