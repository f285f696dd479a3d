#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "quantum/circuits/circuit.h"
#include "quantum/noise/noise_model.h"

namespace CLI {
class App;
}

namespace bloch::app {

/// What a program leaves to those who run it.
struct CircuitReading {
  double dt_ns = 0;                ///< how long the machine's unit of time 'dt' lasts; 0: not known
  std::vector<std::string> inputs; ///< "name=value" for what it declares with 'input'
  const quantum::NoiseModel* machine = nullptr; ///< whose gate times durationof knows; nullptr: not known
};

/// An OpenQASM 2 or 3 program; what it includes is looked for beside it.
///
/// errors: not_found, malformed ("bell.qasm, line 3, column 7: expected …"), invalid_parameter (an input that
///         says no name or number)
Result<quantum::Circuit> read_circuit(const std::filesystem::path& path, const CircuitReading& reading);

/// Declares --dt-ns and --input.
void add_reading_options(CLI::App& app, CircuitReading& reading);

} // namespace bloch::app
