#pragma once

#include <string>

#include "core/base/result.h"
#include "quantum/simulators/pauli_sum.h"

namespace bloch::app {

/// "0.5 XXI - ZIZ + 2*YY": strings of I, X, Y, Z, qubit 0 rightmost, each after its coefficient (1 without
/// one). errors: invalid_parameter
Result<quantum::PauliSum> parse_pauli_sum(const std::string& text);

} // namespace bloch::app
