#include "quantum/simulators/partner_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/simulators/partner_kernels_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quantum/simulators/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Calls body(v, partner vector, exchange) for each vector; exchange(u) brings a partner's lanes in order.
template <class Real, class Body>
HWY_ATTR HWY_INLINE void each_partner(std::size_t vectors, std::size_t x, const Body& body) {
  const hn::ScalableTag<Real> d;
  using V = hn::Vec<hn::ScalableTag<Real>>;
  const std::size_t lanes = hn::Lanes(d), lane_x = x & (lanes - 1), vector_x = x / lanes;
  if (lane_x == 0) {
    for (std::size_t v = 0; v < vectors; ++v) body(v, v ^ vector_x, [](V u) HWY_ATTR { return u; });
    return;
  }
  const auto index = lane_exchange<Real>(lane_x);
  for (std::size_t v = 0; v < vectors; ++v)
    body(v, v ^ vector_x, [&](V u) HWY_ATTR { return hn::TableLookupLanes(u, index); });
}

template <class Real>
HWY_ATTR void multiply_partners_here(const Real* block, const Real* partner, std::size_t vectors, std::size_t x,
                                     Real* out) {
  const hn::ScalableTag<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  each_partner<Real>(vectors, x, [&](std::size_t v, std::size_t other, const auto& exchange) HWY_ATTR {
    const Real *p = block + 2 * lanes * v, *q = partner + 2 * lanes * other;
    const auto a = hn::Load(d, p), b = hn::Load(d, p + lanes), c = exchange(hn::Load(d, q)),
               s = exchange(hn::Load(d, q + lanes));
    hn::Store(hn::MulAdd(a, c, hn::Mul(b, s)), d, out + 2 * lanes * v);
    hn::Store(hn::NegMulAdd(a, s, hn::Mul(b, c)), d, out + 2 * lanes * v + lanes);
  });
}

template <class Real>
HWY_ATTR void add_partners_here(const Real* block, const Real* factors, std::size_t vectors, std::size_t x,
                                Real* out) {
  const hn::ScalableTag<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  each_partner<Real>(vectors, x, [&](std::size_t v, std::size_t other, const auto& exchange) HWY_ATTR {
    const Real *p = block + 2 * lanes * other, *f = factors + 2 * lanes * other;
    Real* to = out + 2 * lanes * v;
    const auto a = hn::Load(d, p), b = hn::Load(d, p + lanes), c = hn::Load(d, f), s = hn::Load(d, f + lanes);
    const auto re = hn::NegMulAdd(b, s, hn::Mul(a, c)), im = hn::MulAdd(a, s, hn::Mul(b, c));
    hn::Store(hn::Add(hn::Load(d, to), exchange(re)), d, to);
    hn::Store(hn::Add(hn::Load(d, to + lanes), exchange(im)), d, to + lanes);
  });
}

template <class Real>
HWY_ATTR void add_inner_product_here(const Real* a, const Real* b, std::size_t vectors, double* sums) {
  const hn::ScalableTag<Real> d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t short_sum = 64; // in Real; longer ones in double
  HWY_ALIGN Real partial[hn::MaxLanes(d)];
  for (std::size_t begin = 0; begin < vectors; begin += short_sum) {
    auto re = hn::Zero(d), im = hn::Zero(d);
    const std::size_t end = begin + short_sum < vectors ? begin + short_sum : vectors;
    for (std::size_t v = begin; v < end; ++v) {
      const Real *p = a + 2 * lanes * v, *q = b + 2 * lanes * v;
      const auto a_re = hn::Load(d, p), a_im = hn::Load(d, p + lanes), b_re = hn::Load(d, q),
                 b_im = hn::Load(d, q + lanes);
      re = hn::MulAdd(a_re, b_re, hn::MulAdd(a_im, b_im, re));
      im = hn::MulAdd(a_re, b_im, hn::NegMulAdd(a_im, b_re, im));
    }
    for (int part = 0; part < 2; ++part) {
      hn::Store(part == 0 ? re : im, d, partial);
      for (std::size_t lane = 0; lane < lanes; ++lane) sums[part] += static_cast<double>(partial[lane]);
    }
  }
}

#define BLOCH_OF_TYPE(type)                                                                                    \
  void multiply_partners_##type(const type* block, const type* partner, std::size_t vectors, std::size_t x,    \
                                type* out) {                                                                   \
    multiply_partners_here(block, partner, vectors, x, out);                                                   \
  }                                                                                                            \
  void add_partners_##type(const type* block, const type* factors, std::size_t vectors, std::size_t x,         \
                           type* out) {                                                                        \
    add_partners_here(block, factors, vectors, x, out);                                                        \
  }                                                                                                            \
  void add_inner_product_##type(const type* a, const type* b, std::size_t vectors, double* sums) {             \
    add_inner_product_here(a, b, vectors, sums);                                                               \
  }
BLOCH_OF_TYPE(float)
BLOCH_OF_TYPE(double)
#undef BLOCH_OF_TYPE

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
#define BLOCH_OF_TYPE(type)                                                                                    \
  HWY_EXPORT(multiply_partners_##type);                                                                        \
  HWY_EXPORT(add_partners_##type);                                                                             \
  HWY_EXPORT(add_inner_product_##type);                                                                        \
  template <>                                                                                                  \
  void multiply_partners<type>(const type* block, const type* partner, std::size_t vectors, std::size_t x,     \
                               type* out) {                                                                    \
    HWY_DYNAMIC_DISPATCH(multiply_partners_##type)(block, partner, vectors, x, out);                           \
  }                                                                                                            \
  template <>                                                                                                  \
  void add_partners<type>(const type* block, const type* factors, std::size_t vectors, std::size_t x,          \
                          type* out) {                                                                         \
    HWY_DYNAMIC_DISPATCH(add_partners_##type)(block, factors, vectors, x, out);                                \
  }                                                                                                            \
  template <> void add_inner_product<type>(const type* a, const type* b, std::size_t vectors, double* sums) {  \
    HWY_DYNAMIC_DISPATCH(add_inner_product_##type)(a, b, vectors, sums);                                       \
  }
BLOCH_OF_TYPE(float)
BLOCH_OF_TYPE(double)
#undef BLOCH_OF_TYPE
} // namespace bloch::quantum
#endif
