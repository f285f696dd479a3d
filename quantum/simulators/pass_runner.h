#pragma once

#include <cstdint>
#include <vector>

#include "quantum/simulators/plan.h"
#include "quantum/simulators/product_state.h"

namespace bloch::quantum {

/// Items that run together, and the qubits of their blocks.
struct PassPlan {
  std::uint64_t active = 0;
  std::vector<PlanItem> items;
  bool wide = false; ///< one matrix on more targets than the vector kernels take
};

/// Runs the items of a pass that is not wide over every block of a state of so many qubits.
///
/// first: what the state is, which then is not read; or none
template <class Real> void run_pass(Real* state, int qubits, const PassPlan& pass, const ProductState* first);

} // namespace bloch::quantum
