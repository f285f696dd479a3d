#include "quantum/simulators/exchange_kernels.h"
#include "quantum/simulators/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/exchange_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

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
  HWY_ATTR explicit Exchanger(std::size_t mask)
      : index_(lane_exchange<Real>(mask)) {}
  HWY_ATTR HWY_INLINE Pair<Real> operator()(const Pair<Real>& v) const {
    return {hn::TableLookupLanes(v.re, index_), hn::TableLookupLanes(v.im, index_)};
  }

 private:
  LaneIndex<Real> index_;
};

template <class Real>
HWY_ATTR HWY_INLINE void turn_lanes(Pair<Real>& v, WideVector<Real> factor, const Exchanger<Real>& exchange) {
  const Pair<Real> other = exchange(v);
  v.re = hn::MulAdd(factor, other.re, v.re);
  v.im = hn::MulAdd(factor, other.im, v.im);
}

/// Calls body(first vector of a group where it is read, and where it is written) for every group. Apart: these
/// are two places.
template <class Real, bool Apart, class Body>
HWY_ATTR HWY_INLINE void each_group(const ExchangeRoute<Real>& route, int high, int qubits, const Body& body) {
  const std::size_t lanes = hn::Lanes(Wide<Real>()), groups = (std::size_t{1} << (qubits - high)) / lanes;
  const std::size_t read_fixed = route.from_places.fixed, write_fixed = route.to_places.fixed;
  std::size_t read = 0, write = 0;
  for (std::size_t group = 0; group < groups; ++group) {
    Real* const to = route.to + write * 2 * lanes;
    body(Apart ? route.from + read * 2 * lanes : to, to);
    if constexpr (Apart) read = ((read | read_fixed) + 1) & ~read_fixed;
    write = ((write | write_fixed) + 1) & ~write_fixed;
  }
}

template <class Real, bool Apart, bool Scaled>
HWY_ATTR void exchange_high(const ExchangeRoute<Real>& route, const PreparedExchange<Real>& gate, int qubits) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const Real* coefficients = gate.coefficients.data();
  const auto t0 = hn::Set(d, gate.tangents[0]), t1 = hn::Set(d, gate.tangents[1]);
  const auto even = Pair<Real>::load(coefficients), odd = Pair<Real>::load(coefficients + 2 * lanes);
  coefficients += 8 * lanes;
  const auto scale = hn::Load(d, coefficients);
  const auto d1 = Pair<Real>::load(coefficients + 2 * lanes), d2 = Pair<Real>::load(coefficients + 4 * lanes),
             d3 = Pair<Real>::load(coefficients + 6 * lanes);
  const auto& w = route.to_places.offsets;
  const auto& r = Apart ? route.from_places.offsets : w;
  const std::size_t r1 = r[1], r2 = r[2], r3 = r[3], w1 = w[1], w2 = w[2], w3 = w[3];
  each_group<Real, Apart>(route, 2, qubits, [&](const Real* from, Real* to) HWY_ATTR {
    auto a = Pair<Real>::load(from), b = Pair<Real>::load(from + r1), c = Pair<Real>::load(from + r2),
         e = Pair<Real>::load(from + r3);
    turn<Real>(a, b, t0);
    turn<Real>(c, e, t0);
    turn<Real>(a, c, t1);
    turn<Real>(b, e, t1);
    const auto first = add_product(a, even, e);
    if constexpr (Scaled)
      Pair<Real>{hn::Mul(first.re, scale), hn::Mul(first.im, scale)}.store(to);
    else
      first.store(to);
    product(subtract_product(e, even, a), d3).store(to + w3);
    product(add_product(b, odd, c), d1).store(to + w1);
    product(subtract_product(c, odd, b), d2).store(to + w2);
  });
}

template <class Real, bool Apart>
HWY_ATTR void exchange_mixed(const ExchangeRoute<Real>& route, const PreparedExchange<Real>& gate, int qubits) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const Real* coefficients = gate.coefficients.data();
  const auto low = hn::Load(d, coefficients), high = hn::Set(d, gate.tangents[0]);
  coefficients += lanes;
  const auto e0 = Pair<Real>::load(coefficients), e1 = Pair<Real>::load(coefficients + 2 * lanes),
             d0 = Pair<Real>::load(coefficients + 4 * lanes), d1 = Pair<Real>::load(coefficients + 6 * lanes);
  const std::size_t w1 = route.to_places.offsets[1], r1 = Apart ? route.from_places.offsets[1] : w1;
  const Exchanger<Real> exchange(gate.lanes[0]);
  each_group<Real, Apart>(route, 1, qubits, [&](const Real* from, Real* to) HWY_ATTR {
    auto a = Pair<Real>::load(from), b = Pair<Real>::load(from + r1);
    turn_lanes<Real>(a, low, exchange);
    turn_lanes<Real>(b, low, exchange);
    turn<Real>(a, b, high);
    product(add_product(a, e0, exchange(b)), d0).store(to);
    product(add_product(b, e1, exchange(a)), d1).store(to + w1);
  });
}

template <class Real, bool Apart>
HWY_ATTR void exchange_low(const ExchangeRoute<Real>& route, const PreparedExchange<Real>& gate, int qubits) {
  const Wide<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  const Real* coefficients = gate.coefficients.data();
  const auto t0 = hn::Load(d, coefficients), t1 = hn::Load(d, coefficients + lanes);
  const auto e = Pair<Real>::load(coefficients + 2 * lanes),
             factor = Pair<Real>::load(coefficients + 4 * lanes);
  const Exchanger<Real> first(gate.lanes[0]), second(gate.lanes[1]), both(gate.lanes[0] | gate.lanes[1]);
  each_group<Real, Apart>(route, 0, qubits, [&](const Real* from, Real* to) HWY_ATTR {
    auto a = Pair<Real>::load(from);
    turn_lanes<Real>(a, t0, first);
    turn_lanes<Real>(a, t1, second);
    product(add_product(a, e, both(a)), factor).store(to);
  });
}

template <class Real, bool Apart>
HWY_ATTR void apply_exchange_of(const ExchangeRoute<Real>& route, const PreparedExchange<Real>& gate,
                                int qubits) {
  if (gate.high == 2)
    return gate.scaled ? exchange_high<Real, Apart, true>(route, gate, qubits)
                       : exchange_high<Real, Apart, false>(route, gate, qubits);
  if (gate.high == 1) return exchange_mixed<Real, Apart>(route, gate, qubits);
  exchange_low<Real, Apart>(route, gate, qubits);
}

template <class Real>
HWY_ATTR void apply_exchange_here(const ExchangeRoute<Real>& route, const PreparedExchange<Real>& gate,
                                  int qubits) {
  route.from == route.to ? apply_exchange_of<Real, false>(route, gate, qubits)
                         : apply_exchange_of<Real, true>(route, gate, qubits);
}

void apply_exchange_float(const ExchangeRoute<float>& route, const PreparedExchange<float>& gate, int qubits) {
  apply_exchange_here(route, gate, qubits);
}
void apply_exchange_double(const ExchangeRoute<double>& route, const PreparedExchange<double>& gate,
                           int qubits) {
  apply_exchange_here(route, gate, qubits);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(apply_exchange_float);
HWY_EXPORT(apply_exchange_double);

template <>
void apply_exchange<float>(const ExchangeRoute<float>& route, const PreparedExchange<float>& gate, int qubits) {
  HWY_DYNAMIC_DISPATCH(apply_exchange_float)(route, gate, qubits);
}
template <>
void apply_exchange<double>(const ExchangeRoute<double>& route, const PreparedExchange<double>& gate,
                            int qubits) {
  HWY_DYNAMIC_DISPATCH(apply_exchange_double)(route, gate, qubits);
}
} // namespace bloch::quantum
#endif
