#include <cmath>

#include "quantum/kernels/chain_kernel.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/kernels/chain_kernel_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::ScalableTag<double>;
using Vector = hn::Vec<Doubles>;

struct ComplexVector {
  Vector re, im;
};

HWY_INLINE ComplexVector times(const ComplexVector& a, const ComplexVector& b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)), hn::MulAdd(a.im, b.re, hn::Mul(a.re, b.im))};
}

/// Factors of one site, of its own phase or of its bond, for each kind of layer.
struct LayerFactors {
  ComplexVector column, shared, row;

  template <int Reps> HWY_INLINE const ComplexVector& of_bit(int bit) const {
    return bit < Reps - 1 ? column : bit == Reps - 1 ? shared : row;
  }
};

/// Lanes are column samples. Bits of a site's state: the column's layers 1 … reps-1, the shared last layer, the
/// row's layers reps-1 … 1; neighbours in this order are joined by an H, which is a sign.
template <int Reps>
HWY_ATTR void chain_of_reps(const ChainSamples& rows, std::size_t row, const ChainSamples& columns, bool ring,
                            std::size_t count, double* out) {
  constexpr int bits = 2 * Reps - 1, states = 1 << bits;
  const Doubles d;
  const std::size_t lanes = hn::Lanes(d), sites = columns.sites(), stride = columns.stride();
  const auto factors = [&](const double* row_re, const double* row_im, const double* column_re,
                           const double* column_im, std::size_t site, std::size_t sample) HWY_ATTR {
    LayerFactors result;
    result.row = {hn::Set(d, row_re[site * rows.stride() + row]),
                  hn::Set(d, -row_im[site * rows.stride() + row])};
    result.column = {hn::LoadU(d, column_re + site * stride + sample),
                     hn::LoadU(d, column_im + site * stride + sample)};
    result.shared = times(result.row, result.column);
    return result;
  };
  for (std::size_t sample = 0; sample < count; sample += lanes) {
    ComplexVector total{hn::Zero(d), hn::Zero(d)};
    // On a ring the first site's state is kept apart until the last bond closes.
    for (int start = 0; start < (ring ? states : 1); ++start) {
      ComplexVector v[states];
      for (int state = 0; state < states; ++state)
        v[state] = {hn::Set(d, !ring || state == start ? 1.0 : 0.0), hn::Zero(d)};
      for (std::size_t site = 0; site < sites; ++site) {
        if (site > 0) {
          const LayerFactors bond =
              factors(rows.bond_re(), rows.bond_im(), columns.bond_re(), columns.bond_im(), site, sample);
          BLOCH_UNROLL
          for (int bit = 0; bit < bits; ++bit) {
            const ComplexVector& factor = bond.of_bit<Reps>(bit);
            BLOCH_UNROLL
            for (int state = 0; state < states; ++state) {
              if (state >> bit & 1) continue;
              ComplexVector &zero = v[state], &one = v[state | 1 << bit];
              const ComplexVector turned = times(one, factor), before = zero;
              zero = {hn::Add(before.re, one.re), hn::Add(before.im, one.im)};
              one = {hn::Add(before.re, turned.re), hn::Add(before.im, turned.im)};
            }
          }
        }
        const LayerFactors own =
            factors(rows.site_re(), rows.site_im(), columns.site_re(), columns.site_im(), site, sample);
        BLOCH_UNROLL
        for (int bit = 0; bit < bits; ++bit) BLOCH_UNROLL
        for (int state = 0; state < states; ++state)
          if (state >> bit & 1) v[state] = times(v[state], own.of_bit<Reps>(bit));
        constexpr double scale = 1.0 / (1 << Reps);
        BLOCH_UNROLL
        for (int state = 0; state < states; ++state) {
          int joined = 0; // H between neighbouring bits that are both 1
          BLOCH_UNROLL
          for (int bit = 0; bit + 1 < bits; ++bit) joined ^= (state >> bit & 1) & (state >> (bit + 1) & 1);
          const auto weight = hn::Set(d, joined ? -scale : scale);
          v[state] = {hn::Mul(v[state].re, weight), hn::Mul(v[state].im, weight)};
        }
      }
      if (ring) {
        const LayerFactors bond =
            factors(rows.bond_re(), rows.bond_im(), columns.bond_re(), columns.bond_im(), 0, sample);
        for (int bit = 0; bit < bits; ++bit) {
          if ((start >> bit & 1) == 0) continue;
          for (int state = 0; state < states; ++state)
            if (state >> bit & 1) v[state] = times(v[state], bond.of_bit<Reps>(bit));
        }
      }
      for (int state = 0; state < states; ++state)
        total = {hn::Add(total.re, v[state].re), hn::Add(total.im, v[state].im)};
    }
    const auto fidelity = hn::MulAdd(total.re, total.re, hn::Mul(total.im, total.im));
    hn::StoreU(hn::Min(fidelity, hn::Set(d, 1.0)), d, out + sample);
  }
}

void chain_fidelities_here(const ChainSamples& rows, std::size_t row, const ChainSamples& columns, int reps,
                           bool ring, std::size_t count, double* out) {
  if (reps == 1)
    chain_of_reps<1>(rows, row, columns, ring, count, out);
  else if (reps == 2)
    chain_of_reps<2>(rows, row, columns, ring, count, out);
  else if (reps == 3)
    chain_of_reps<3>(rows, row, columns, ring, count, out);
  else
    chain_of_reps<4>(rows, row, columns, ring, count, out);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(chain_fidelities_here);

void chain_fidelities(const ChainSamples& rows, std::size_t row, const ChainSamples& columns, int reps,
                      const Chain& chain, std::size_t count, double* out) {
  HWY_DYNAMIC_DISPATCH(chain_fidelities_here)(rows, row, columns, reps, chain.ring, count, out);
}
} // namespace bloch::quantum
#endif
