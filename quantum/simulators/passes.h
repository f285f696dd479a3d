#pragma once

#include <span>

#include "quantum/simulators/plan.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

/// Runs a plan over a state in passes: blocks of amplitudes that fit the second-level cache, with every item
/// whose mixed qubits are in the block applied while it is hot; other qubits are brought in by columns.
///
/// state:  amplitudes as gate_kernels.h keeps them, of `qubits` qubits (padded to a vector)
/// block_qubits: 0, what fits the cache; at least 10 otherwise
/// fresh:  the state is |0…0>, whatever the memory holds; the first pass then writes without reading
template <class Real>
void run_plan(Real* state, int qubits, std::span<const PlanItem> plan, bool fresh, int block_qubits = 0);

} // namespace bloch::quantum
