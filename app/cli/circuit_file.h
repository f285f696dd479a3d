#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "quantum/circuits/circuit.h"

namespace bloch::app {

/// An OpenQASM 2 or 3 program; what it includes is looked for beside it.
/// errors: not_found, malformed ("bell.qasm, line 3, column 7: expected …")
Result<quantum::Circuit> read_circuit(const std::filesystem::path& path);

} // namespace bloch::app
