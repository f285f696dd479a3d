// The lanes of a vector, which are the low qubits of a state; for *_simd.cpp alone, after Highway.
#if defined(BLOCH_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BLOCH_LANES_INL
#undef BLOCH_LANES_INL
#else
#define BLOCH_LANES_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Real> using Wide = hn::ScalableTag<Real>;
template <class Real> using WideVector = hn::Vec<Wide<Real>>;
template <class Real>
using LaneIndex =
    decltype(hn::SetTableIndices(Wide<Real>(), static_cast<const hwy::MakeSigned<Real>*>(nullptr)));

/// log2 of the lanes.
template <class Real> HWY_ATTR int lane_bits_here() {
  int bits = 0;
  while ((std::size_t{2} << bits) <= hn::Lanes(Wide<Real>())) ++bits;
  return bits;
}

/// Which lane each lane changes places with, for hn::TableLookupLanes: the bits of the mask flipped.
template <class Real> HWY_ATTR LaneIndex<Real> lane_exchange(std::size_t mask) {
  const Wide<Real> d;
  HWY_ALIGN hwy::MakeSigned<Real> index[hn::MaxLanes(Wide<Real>())];
  for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane)
    index[lane] = static_cast<hwy::MakeSigned<Real>>(lane ^ mask);
  return hn::SetTableIndices(d, index);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#endif
