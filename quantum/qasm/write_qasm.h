#pragma once

#include <string>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// The circuit as an OpenQASM 3 program. Gates that stdgates.inc lacks are defined at its top; a matrix on one
/// qubit becomes U. throws: std::invalid_argument (a matrix on several qubits)
std::string to_qasm3(const Circuit& circuit);

/// The circuit as an OpenQASM 2 program, for qelib1.inc. Version 2 has no time: delays and the edges of boxes
/// become barriers, with a comment that tells what they were.
///
/// throws: std::invalid_argument (what version 2 cannot say: a matrix on several qubits, more controls than
///         qelib1.inc knows, a condition that is not on a whole register)
std::string to_qasm2(const Circuit& circuit);

} // namespace bloch::quantum
