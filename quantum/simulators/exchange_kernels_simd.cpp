#include "quantum/simulators/exchange_kernels.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/exchange_kernels_simd.cpp"
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

template <class Real> struct Pair { ///< real and imaginary parts
  WideVector<Real> re, im;

  HWY_ATTR HWY_INLINE static Pair load(const Real* from) {
    const Wide<Real> d;
    return {hn::Load(d, from), hn::Load(d, from + hn::Lanes(d))};
  }
  HWY_ATTR HWY_INLINE void store(Real* to) const {
    const Wide<Real> d;
    hn::Store(re, d, to);
    hn::Store(im, d, to + hn::Lanes(d));
  }
};

template <class Real> HWY_ATTR HWY_INLINE void turn(Pair<Real>& a, Pair<Real>& b, WideVector<Real> tangent) {
  const Pair<Real> before = a;
  a.re = hn::NegMulAdd(tangent, b.re, a.re);
  a.im = hn::NegMulAdd(tangent, b.im, a.im);
  b.re = hn::MulAdd(tangent, before.re, b.re);
  b.im = hn::MulAdd(tangent, before.im, b.im);
}

/// a + e b
template <class Real>
HWY_ATTR HWY_INLINE Pair<Real> add_product(const Pair<Real>& a, const Pair<Real>& e, const Pair<Real>& b) {
  return {hn::NegMulAdd(e.im, b.im, hn::MulAdd(e.re, b.re, a.re)),
          hn::MulAdd(e.im, b.re, hn::MulAdd(e.re, b.im, a.im))};
}

/// a - conj(e) b
template <class Real>
HWY_ATTR HWY_INLINE Pair<Real> subtract_product(const Pair<Real>& a, const Pair<Real>& e, const Pair<Real>& b) {
  return {hn::NegMulAdd(e.im, b.im, hn::NegMulAdd(e.re, b.re, a.re)),
          hn::MulAdd(e.im, b.re, hn::NegMulAdd(e.re, b.im, a.im))};
}

template <class Real> HWY_ATTR HWY_INLINE Pair<Real> product(const Pair<Real>& a, const Pair<Real>& b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)), hn::MulAdd(a.im, b.re, hn::Mul(a.re, b.im))};
}

template <class Real> class Exchanger {
 public:
  HWY_ATTR explicit Exchanger(std::size_t mask) {
    const Wide<Real> d;
    HWY_ALIGN hwy::MakeSigned<Real> table[hn::MaxLanes(Wide<Real>())];
    for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane)
      table[lane] = static_cast<hwy::MakeSigned<Real>>(lane ^ mask);
    index_ = hn::SetTableIndices(d, table);
  }
  HWY_ATTR HWY_INLINE Pair<Real> operator()(const Pair<Real>& v) const {
    return {hn::TableLookupLanes(v.re, index_), hn::TableLookupLanes(v.im, index_)};
  }

 private:
  decltype(hn::SetTableIndices(Wide<Real>(), static_cast<const hwy::MakeSigned<Real>*>(nullptr))) index_;
};

template <class Real>
HWY_ATTR HWY_INLINE void turn_lanes(Pair<Real>& v, WideVector<Real> factor, const Exchanger<Real>& exchange) {
  const Pair<Real> other = exchange(v);
  v.re = hn::MulAdd(factor, other.re, v.re);
  v.im = hn::MulAdd(factor, other.im, v.im);
}

/// Calls body(first vector of a group) for every group.
template <class Real, class Body>
HWY_ATTR HWY_INLINE void each_group(Real* state, const PreparedExchange<Real>& gate, int qubits,
                                    const Body& body) {
  const std::size_t lanes = hn::Lanes(Wide<Real>()), vectors = (std::size_t{1} << qubits) / lanes;
  std::size_t fixed = 0;
  for (const int position : gate.fixed) fixed |= std::size_t{1} << position;
  const std::size_t groups = vectors >> gate.fixed.size();
  std::size_t vector = 0;
  for (std::size_t group = 0; group < groups; ++group, vector = ((vector | fixed) + 1) & ~fixed)
    body(state + vector * 2 * lanes);
}

template <class Real, bool Scaled>
HWY_ATTR void exchange_high(Real* state, const PreparedExchange<Real>& gate, int qubits) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const Real* coefficients = gate.coefficients.data();
  const auto t0 = hn::Set(d, gate.tangents[0]), t1 = hn::Set(d, gate.tangents[1]);
  const auto even = Pair<Real>::load(coefficients), odd = Pair<Real>::load(coefficients + 2 * lanes);
  coefficients += 8 * lanes;
  const auto scale = hn::Load(d, coefficients);
  const auto d1 = Pair<Real>::load(coefficients + 2 * lanes), d2 = Pair<Real>::load(coefficients + 4 * lanes),
             d3 = Pair<Real>::load(coefficients + 6 * lanes);
  const std::size_t o1 = gate.offsets[1], o2 = gate.offsets[2], o3 = gate.offsets[3];
  each_group<Real>(state, gate, qubits, [&](Real* base) HWY_ATTR {
    auto a = Pair<Real>::load(base), b = Pair<Real>::load(base + o1), c = Pair<Real>::load(base + o2),
         e = Pair<Real>::load(base + o3);
    turn<Real>(a, b, t0);
    turn<Real>(c, e, t0);
    turn<Real>(a, c, t1);
    turn<Real>(b, e, t1);
    const auto first = add_product(a, even, e);
    if constexpr (Scaled)
      Pair<Real>{hn::Mul(first.re, scale), hn::Mul(first.im, scale)}.store(base);
    else
      first.store(base);
    product(subtract_product(e, even, a), d3).store(base + o3);
    product(add_product(b, odd, c), d1).store(base + o1);
    product(subtract_product(c, odd, b), d2).store(base + o2);
  });
}

template <class Real>
HWY_ATTR void exchange_mixed(Real* state, const PreparedExchange<Real>& gate, int qubits) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const Real* coefficients = gate.coefficients.data();
  const auto low = hn::Load(d, coefficients), high = hn::Set(d, gate.tangents[0]);
  coefficients += lanes;
  const auto e0 = Pair<Real>::load(coefficients), e1 = Pair<Real>::load(coefficients + 2 * lanes),
             d0 = Pair<Real>::load(coefficients + 4 * lanes), d1 = Pair<Real>::load(coefficients + 6 * lanes);
  const std::size_t o1 = gate.offsets[1];
  const Exchanger<Real> exchange(gate.lanes[0]);
  each_group<Real>(state, gate, qubits, [&](Real* base) HWY_ATTR {
    auto a = Pair<Real>::load(base), b = Pair<Real>::load(base + o1);
    turn_lanes<Real>(a, low, exchange);
    turn_lanes<Real>(b, low, exchange);
    turn<Real>(a, b, high);
    product(add_product(a, e0, exchange(b)), d0).store(base);
    product(add_product(b, e1, exchange(a)), d1).store(base + o1);
  });
}

template <class Real> HWY_ATTR void exchange_low(Real* state, const PreparedExchange<Real>& gate, int qubits) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const Real* coefficients = gate.coefficients.data();
  const auto t0 = hn::Load(d, coefficients), t1 = hn::Load(d, coefficients + lanes);
  const auto e = Pair<Real>::load(coefficients + 2 * lanes),
             factor = Pair<Real>::load(coefficients + 4 * lanes);
  const Exchanger<Real> first(gate.lanes[0]), second(gate.lanes[1]), both(gate.lanes[0] | gate.lanes[1]);
  each_group<Real>(state, gate, qubits, [&](Real* base) HWY_ATTR {
    auto a = Pair<Real>::load(base);
    turn_lanes<Real>(a, t0, first);
    turn_lanes<Real>(a, t1, second);
    product(add_product(a, e, both(a)), factor).store(base);
  });
}

template <class Real>
HWY_ATTR void apply_exchange_here(Real* state, const PreparedExchange<Real>& gate, int qubits) {
  if (gate.high == 2)
    return gate.scaled ? exchange_high<Real, true>(state, gate, qubits)
                       : exchange_high<Real, false>(state, gate, qubits);
  if (gate.high == 1) return exchange_mixed(state, gate, qubits);
  exchange_low(state, gate, qubits);
}

void apply_exchange_float(float* state, const PreparedExchange<float>& gate, int qubits) {
  apply_exchange_here(state, gate, qubits);
}
void apply_exchange_double(double* state, const PreparedExchange<double>& gate, int qubits) {
  apply_exchange_here(state, gate, qubits);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(apply_exchange_float);
HWY_EXPORT(apply_exchange_double);

template <> void apply_exchange<float>(float* state, const PreparedExchange<float>& gate, int qubits) {
  HWY_DYNAMIC_DISPATCH(apply_exchange_float)(state, gate, qubits);
}
template <> void apply_exchange<double>(double* state, const PreparedExchange<double>& gate, int qubits) {
  HWY_DYNAMIC_DISPATCH(apply_exchange_double)(state, gate, qubits);
}
} // namespace bloch::quantum
#endif
