#pragma once

#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// The final state of a circuit of gates by the definition, one matrix element at a time: slow, obvious, what
/// the tests compare every fast path with. Index = sum of q_i 2^i.
///
/// throws: std::invalid_argument (measurement, reset or condition in the circuit; over 20 qubits)
/// cost:   2^(qubits + targets) for each gate
std::vector<Complex> reference_state(const Circuit& circuit);

} // namespace bloch::quantum
