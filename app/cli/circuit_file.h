#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "quantum/circuits/circuit.h"
#include "quantum/noise/noise_model.h"

namespace CLI {
class App;
}

namespace bloch::app {

/// An OpenQASM 2 or 3 program; what it includes is looked for beside it.
///
/// dt_ns:   how long the machine's unit of time 'dt' lasts; 0: not known
/// machine: whose gate times durationof knows; nullptr: not known
/// errors:  not_found, malformed ("bell.qasm, line 3, column 7: expected …")
Result<quantum::Circuit> read_circuit(const std::filesystem::path& path, double dt_ns = 0,
                                      const quantum::NoiseModel* machine = nullptr);

/// Declares --dt-ns, which says how long a 'dt' lasts.
void add_dt_option(CLI::App& app, double& dt_ns);

} // namespace bloch::app
