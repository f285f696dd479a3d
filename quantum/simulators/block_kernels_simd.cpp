#include "quantum/simulators/block_kernels.h"

#include <cmath>

#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/block_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int most_lane_bits = 4;

/// H or turns, by qubit; of turns also which of them come after an X.
template <class Real> struct Stages {
  std::size_t mask = 0, flips = 0;
  Real tangents[64] = {};
};

/// One in-lane stage for each lane bit of a mask. H: v becomes exchange(v) + factor * v, with the factor the
/// sign. A turn: v + factor * exchange(v), with the factor -tangent where the bit is 0 and tangent where it is
/// 1; after an X the other way round.
template <class Real> struct LaneStages {
  int count = 0;
  LaneIndex<Real> exchange[most_lane_bits];
  WideVector<Real> factor[most_lane_bits];
  bool of_other[most_lane_bits]; ///< the factor is that of exchange(v)

  HWY_ATTR LaneStages(const Stages<Real>& given, bool turn, int bits) {
    const Wide<Real> d;
    for (int bit = 0; bit < bits; ++bit) {
      if ((given.mask >> bit & 1) == 0) continue;
      HWY_ALIGN Real factors[hn::MaxLanes(Wide<Real>())];
      const Real where_one = turn ? given.tangents[bit] : Real{-1};
      for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane)
        factors[lane] = (lane >> bit & 1) ? where_one : -where_one;
      exchange[count] = lane_exchange<Real>(std::size_t{1} << bit);
      factor[count] = hn::Load(d, factors);
      of_other[count] = turn && (given.flips >> bit & 1) == 0;
      ++count;
    }
  }
};

/// Rows that lie `Half` apart, summed and subtracted, or turned.
template <bool Turn, std::size_t Half, std::size_t Size, class Tag, class Vector>
HWY_ATTR HWY_INLINE void butterflies(Tag d, Vector* v, hn::TFromD<Tag> tangent) {
  // a - b as a product: processors that add and multiply in units of their own do both at once.
  const auto factor = hn::Set(d, Turn ? tangent : hn::TFromD<Tag>{1});
  BLOCH_UNROLL
  for (std::size_t k = 0; k < Size / 2; ++k) {
    const std::size_t row = k / Half * 2 * Half + k % Half;
    const auto a = v[row], b = v[row + Half];
    if constexpr (Turn) {
      v[row] = hn::NegMulAdd(b, factor, a);
      v[row + Half] = hn::MulAdd(a, factor, b);
    } else {
      v[row] = hn::Add(a, b);
      v[row + Half] = hn::NegMulAdd(b, factor, a);
    }
  }
}

/// Stages of `Count` high qubits in one sweep, and those of the lanes where `InLanes` is set.
template <class Real, bool Turn, bool Scaled, int Count, bool InLanes>
HWY_ATTR void stage_sweep(Real* block, std::size_t vectors, const int* positions, const Real* tangents,
                          std::size_t flips, const LaneStages<Real>& stages, Real scale) {
  // Places of rows as one of two starts and one of eight steps: few enough for the registers.
  constexpr std::size_t size = std::size_t{1} << Count, steps = size < 8 ? size : 8, starts = size / steps;
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto offset_of = [&](std::size_t row) {
    std::size_t offset = 0;
    for (int k = 0; k < Count; ++k)
      if (row >> k & 1) offset += (2 * lanes) << positions[k];
    return offset;
  };
  std::size_t offsets[steps], sources[steps], start = 0;
  for (std::size_t row = 0; row < steps; ++row) {
    offsets[row] = offset_of(row);
    sources[row] = offset_of(row ^ (flips % steps));
  }
  if constexpr (starts > 1) start = offset_of(steps);
  const bool crossed = flips >= steps;
  Real tangent[4] = {}; // local: what is stored through pointers cannot change them
  for (int k = 0; Turn && k < Count; ++k) tangent[k] = tangents[k];
  const auto factor = hn::Set(d, scale);
  std::size_t fixed = 0, vector = 0;
  for (int k = 0; k < Count; ++k) fixed |= std::size_t{1} << positions[k];
  for (std::size_t group = 0; group < vectors >> Count; ++group, vector = ((vector | fixed) + 1) & ~fixed) {
    for (int part = 0; part < 2; ++part) { // real parts, then imaginary parts
      Real* place = block + vector * 2 * lanes + (part ? lanes : 0);
      Real* const to[2] = {place, place + start};
      const Real* const from[2] = {to[Turn && crossed ? 1 : 0], to[Turn && crossed ? 0 : 1]};
      WideVector<Real> v[size];
      BLOCH_UNROLL
      for (std::size_t row = 0; row < size; ++row) {
        v[row] = hn::Load(d, from[row / steps] + (Turn ? sources : offsets)[row % steps]);
        if constexpr (Scaled) v[row] = hn::Mul(v[row], factor);
      }
      if constexpr (InLanes)
        for (int stage = 0; stage < stages.count; ++stage) {
          const auto exchange = stages.exchange[stage];
          const auto weight = stages.factor[stage];
          if (stages.of_other[stage]) {
            BLOCH_UNROLL
            for (std::size_t row = 0; row < size; ++row)
              v[row] = hn::MulAdd(weight, hn::TableLookupLanes(v[row], exchange), v[row]);
          } else {
            BLOCH_UNROLL
            for (std::size_t row = 0; row < size; ++row)
              v[row] = hn::MulAdd(weight, v[row], hn::TableLookupLanes(v[row], exchange));
          }
        }
      if constexpr (Count > 0) butterflies<Turn, 1, size>(d, v, tangent[0]);
      if constexpr (Count > 1) butterflies<Turn, 2, size>(d, v, tangent[1]);
      if constexpr (Count > 2) butterflies<Turn, 4, size>(d, v, tangent[2]);
      if constexpr (Count > 3) butterflies<Turn, 8, size>(d, v, tangent[3]);
      BLOCH_UNROLL
      for (std::size_t row = 0; row < size; ++row) hn::Store(v[row], d, to[row / steps] + offsets[row % steps]);
    }
  }
}

/// scale: of H, for the whole; turns bring their cosines themselves.
template <class Real, bool Turn>
HWY_ATTR void stages_block(Real* block, int qubits, const Stages<Real>& stages, Real scale) {
  const int bits = lane_bits_here<Real>();
  const std::size_t vectors = qubits > bits ? std::size_t{1} << (qubits - bits) : 1;
  const LaneStages<Real> in_lanes(stages, Turn, bits);
  int high[64], count = 0;
  for (int qubit = bits; qubit < qubits; ++qubit)
    if (stages.mask >> qubit & 1) high[count++] = qubit;
  const auto cosine = [](Real tangent) { return 1 / std::sqrt(1 + tangent * tangent); };
  bool lanes_left = in_lanes.count > 0;
  for (int bit = 0; Turn && bit < bits; ++bit)
    if (stages.mask >> bit & 1) scale *= cosine(stages.tangents[bit]);
  const int most = hn::Lanes(Wide<Real>()) >= 8 ? 4 : 3; // vectors that fit the registers
  int low = 0;                                           // high[low] to high[count - 1] are left
  do {
    const int left = count - low;
    int take = left < most ? left : most;
    if (left == most + 1) take = (most + 2) / 2; // 3 + 2 rather than 4 + 1
    // From both ends: rows that all lie far apart would fall into one set of the first cache.
    int first[4];
    Real own[4] = {};
    std::size_t flipped = 0;
    for (int k = 0; k < take; ++k) {
      const int qubit = 2 * k < take ? high[low++] : high[--count];
      first[k] = qubit - bits;
      own[k] = stages.tangents[qubit];
      flipped |= (stages.flips >> qubit & 1) << k;
      if (Turn) scale *= cosine(own[k]);
    }
    switch (take * 2 + (lanes_left ? 1 : 0)) {
#define BLOCH_SWEEP(count, with_lanes)                                                                         \
  case count * 2 + with_lanes:                                                                                 \
    if (Turn || scale != 1)                                                                                    \
      stage_sweep<Real, Turn, true, count, with_lanes != 0>(block, vectors, first, own, flipped, in_lanes,     \
                                                            scale);                                            \
    else                                                                                                       \
      stage_sweep<Real, Turn, Turn, count, with_lanes != 0>(block, vectors, first, own, flipped, in_lanes,     \
                                                            scale);                                            \
    break;
      BLOCH_SWEEP(0, 1)
      BLOCH_SWEEP(1, 0)
      BLOCH_SWEEP(1, 1)
      BLOCH_SWEEP(2, 0)
      BLOCH_SWEEP(2, 1)
      BLOCH_SWEEP(3, 0)
      BLOCH_SWEEP(3, 1)
      BLOCH_SWEEP(4, 0)
      BLOCH_SWEEP(4, 1)
#undef BLOCH_SWEEP
    default:
      break;
    }
    lanes_left = false;
    scale = 1;
  } while (low < count);
}

template <class Real> HWY_ATTR void hadamard_block_here(Real* block, int qubits, std::size_t mask, Real scale) {
  stages_block<Real, false>(block, qubits, {mask}, scale);
}

template <class Real> HWY_ATTR void turn_block_here(Real* block, int qubits, std::span<const RealTurn> turns) {
  Stages<Real> stages;
  for (const RealTurn& turn : turns) {
    const std::size_t bit = std::size_t{1} << turn.qubit;
    stages.mask |= bit;
    if (turn.flip) stages.flips |= bit;
    stages.tangents[turn.qubit] = static_cast<Real>(turn.tangent);
  }
  if (stages.mask != 0) stages_block<Real, true>(block, qubits, stages, Real{1});
}

template <class Real, bool OfOnes>
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
      auto u_re = hn::Load(d, entry), u_im = hn::Load(d, entry + lanes);
      if constexpr (!OfOnes) {
        const auto a = hn::Load(d, place), b = hn::Load(d, place + lanes);
        const auto t_re = u_re;
        u_re = hn::NegMulAdd(b, u_im, hn::Mul(a, t_re));
        u_im = hn::MulAdd(b, t_re, hn::Mul(a, u_im));
      }
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
void turn_block_float(float* block, int qubits, std::span<const RealTurn> turns) {
  turn_block_here(block, qubits, turns);
}
void turn_block_double(double* block, int qubits, std::span<const RealTurn> turns) {
  turn_block_here(block, qubits, turns);
}
void multiply_runs_float(float* block, const float* table, std::span<const RunPhase<float>> runs) {
  multiply_runs_here<float, false>(block, table, runs);
}
void write_runs_float(float* block, const float* table, std::span<const RunPhase<float>> runs) {
  multiply_runs_here<float, true>(block, table, runs);
}
void multiply_runs_double(double* block, const double* table, std::span<const RunPhase<double>> runs) {
  multiply_runs_here<double, false>(block, table, runs);
}
void write_runs_double(double* block, const double* table, std::span<const RunPhase<double>> runs) {
  multiply_runs_here<double, true>(block, table, runs);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(hadamard_block_float);
HWY_EXPORT(hadamard_block_double);
HWY_EXPORT(turn_block_float);
HWY_EXPORT(turn_block_double);
HWY_EXPORT(multiply_runs_float);
HWY_EXPORT(write_runs_float);
HWY_EXPORT(multiply_runs_double);
HWY_EXPORT(write_runs_double);

template <> void hadamard_block<float>(float* block, int qubits, std::size_t mask, float scale) {
  HWY_DYNAMIC_DISPATCH(hadamard_block_float)(block, qubits, mask, scale);
}
template <> void hadamard_block<double>(double* block, int qubits, std::size_t mask, double scale) {
  HWY_DYNAMIC_DISPATCH(hadamard_block_double)(block, qubits, mask, scale);
}
template <> void turn_block<float>(float* block, int qubits, std::span<const RealTurn> turns) {
  HWY_DYNAMIC_DISPATCH(turn_block_float)(block, qubits, turns);
}
template <> void turn_block<double>(double* block, int qubits, std::span<const RealTurn> turns) {
  HWY_DYNAMIC_DISPATCH(turn_block_double)(block, qubits, turns);
}
template <> void multiply_runs<float>(float* block, const float* table, std::span<const RunPhase<float>> runs) {
  HWY_DYNAMIC_DISPATCH(multiply_runs_float)(block, table, runs);
}
template <>
void multiply_runs<double>(double* block, const double* table, std::span<const RunPhase<double>> runs) {
  HWY_DYNAMIC_DISPATCH(multiply_runs_double)(block, table, runs);
}
template <> void write_runs<float>(float* block, const float* table, std::span<const RunPhase<float>> runs) {
  HWY_DYNAMIC_DISPATCH(write_runs_float)(block, table, runs);
}
template <>
void write_runs<double>(double* block, const double* table, std::span<const RunPhase<double>> runs) {
  HWY_DYNAMIC_DISPATCH(write_runs_double)(block, table, runs);
}
} // namespace bloch::quantum
#endif
