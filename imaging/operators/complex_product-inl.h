// Products of complex samples that lie side by side in a vector, re, im, re, im; for *_simd.cpp alone, after
// Highway.
#if defined(BLOCH_COMPLEX_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BLOCH_COMPLEX_PRODUCT_INL
#undef BLOCH_COMPLEX_PRODUCT_INL
#else
#define BLOCH_COMPLEX_PRODUCT_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::ScalableTag<float>;

/// Sign bit on even lanes: turns (im, im) into (-im, im).
HWY_INLINE hn::Vec<Lanes> even_signs(Lanes d) {
  const hn::RebindToUnsigned<Lanes> du;
  return hn::BitCast(
      d, hn::And(hn::Set(du, 0x80000000U),
                 hn::BitCast(du, hn::OddEven(hn::Zero(d), hn::BitCast(d, hn::Set(du, 0xFFFFFFFFU))))));
}

HWY_INLINE hn::Vec<Lanes> product(Lanes d, hn::Vec<Lanes> a, hn::Vec<Lanes> b, hn::Vec<Lanes> signs) {
  const auto cross = hn::Mul(hn::Reverse2(d, a), hn::Xor(hn::DupOdd(b), signs));
  return hn::MulAdd(a, hn::DupEven(b), cross);
}

/// sum + conj(a) * b: b re(a) + (im(b), -re(b)) im(a)
HWY_INLINE hn::Vec<Lanes> add_conjugate(Lanes d, hn::Vec<Lanes> a, hn::Vec<Lanes> b, hn::Vec<Lanes> sum,
                                        hn::Vec<Lanes> signs) {
  const auto straight = hn::MulAdd(b, hn::DupEven(a), sum);
  return hn::Sub(straight, hn::Mul(hn::Reverse2(d, b), hn::Xor(hn::DupOdd(a), signs)));
}

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#endif
