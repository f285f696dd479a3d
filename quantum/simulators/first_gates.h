#pragma once

#include <cstdint>
#include <vector>

#include "quantum/simulators/plan.h"
#include "quantum/simulators/product_state.h"

namespace bloch::quantum {

/// The first items of a plan, put together by the qubits that they join. What acts on a few qubits of |0…0> is
/// worked out on those alone, in next to no time; the state is the product of what that gives.
class FirstGates {
 public:
  /// most_joined: qubits of a group; 0, no items but the first on their qubits, one or two of them
  explicit FirstGates(int most_joined)
      : most_joined_(most_joined) {}

  /// Moves an item in, after everything on its qubits. False, and the item as it was, where it would join too
  /// many or is not of a kind for this.
  bool take(PlanItem& item);

  /// Worked out in states of this precision.
  template <class Real> ProductState state() const;

 private:
  struct Group {
    std::uint64_t qubits = 0;
    std::vector<PlanItem> items;
  };

  std::uint64_t touched() const { return plus_ | grouped_; }
  Group& joined(std::uint64_t qubits);
  void take_one_qubit(PlanItem& layer, int qubit);

  int most_joined_;
  std::uint64_t plus_ = 0;    ///< qubits in |+>, in no group
  std::uint64_t grouped_ = 0; ///< qubits of the groups
  std::vector<Group> groups_;
};

} // namespace bloch::quantum
