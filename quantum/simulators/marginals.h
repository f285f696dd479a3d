#pragma once

#include <span>
#include <vector>

#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

/// Probability of every outcome of measuring some qubits: 2^count numbers, bit k of an index is qubits[k].
///
/// throws: std::invalid_argument (a qubit out of range or named twice; none)
/// cost:   one pass over the state
template <class Real>
std::vector<double> marginals(const Statevector<Real>& state, std::span<const int> qubits);

} // namespace bloch::quantum
