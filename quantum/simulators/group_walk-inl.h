// The groups of vectors that a gate works on; for *_simd.cpp alone, after Highway and gate_kernels.h.
#if defined(BLOCH_GROUP_WALK_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BLOCH_GROUP_WALK_INL
#undef BLOCH_GROUP_WALK_INL
#else
#define BLOCH_GROUP_WALK_INL
#endif

#include <span>
#include <type_traits>

#include "quantum/simulators/lanes-inl.h"

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

/// Calls body(first vector, groups) for groups that follow each other in memory: up to the lowest bit that is
/// fixed.
template <class Real, class Body>
HWY_ATTR HWY_INLINE void each_run(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                  std::size_t end, const Body& body) {
  const std::size_t lanes = hn::Lanes(Wide<Real>());
  const std::size_t run = gate.fixed.empty() ? end : std::size_t{1} << gate.fixed[0];
  GroupWalk<Real> walk(gate, begin);
  for (std::size_t group = begin; group < end;) {
    const std::size_t to_border = run - group % run, count = to_border < end - group ? to_border : end - group;
    body(state + walk.base() * 2 * lanes, count);
    group += count;
    walk.step(count);
  }
}

/// Where the lowest target or control above the lanes is so low that groups come in runs of 2^Lowest alone:
/// calls body(first vector, groups) for as many groups as follow each other up to the next bit that is fixed,
/// their runs with as long a gap after each.
template <class Real, int Lowest, class Body>
HWY_ATTR HWY_INLINE void each_dashed_run(Real* state, const PreparedGate<Real>& gate, std::size_t begin,
                                         std::size_t end, const Body& body) {
  const int next = gate.fixed.size() == 1 ? 63 : gate.fixed[1];
  const std::size_t to_next = std::size_t{1} << (next - 1);
  GroupWalk<Real> walk(gate, begin);
  for (std::size_t group = begin, groups = 0; group < end; group += groups, walk.step_at(next)) {
    groups = to_next - group % to_next < end - group ? to_next - group % to_next : end - group;
    body(state + walk.base() * 2 * hn::Lanes(Wide<Real>()), groups);
  }
}

/// Such a gate by its lowest bit: apply(0), apply(1) or apply(2) as constants; false where it is none.
template <class Real, class Apply>
HWY_ATTR HWY_INLINE bool by_dashes(const PreparedGate<Real>& gate, std::size_t begin, std::size_t end,
                                   const Apply& apply) {
  const int lowest = gate.fixed.empty() ? 64 : gate.fixed[0];
  if (lowest > 2 || (begin | end) % (std::size_t{1} << lowest) != 0) return false;
  if (lowest == 0) apply(std::integral_constant<int, 0>());
  if (lowest == 1) apply(std::integral_constant<int, 1>());
  if (lowest == 2) apply(std::integral_constant<int, 2>());
  return true;
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#endif
