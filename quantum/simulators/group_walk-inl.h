// The groups of vectors that a gate works on; for *_simd.cpp alone, after Highway and gate_kernels.h.
#if defined(BLOCH_GROUP_WALK_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BLOCH_GROUP_WALK_INL
#undef BLOCH_GROUP_WALK_INL
#else
#define BLOCH_GROUP_WALK_INL
#endif

#include <span>

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

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#endif
