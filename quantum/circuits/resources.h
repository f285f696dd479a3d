#pragma once

#include <map>
#include <string>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// What a circuit would ask of a machine.
struct CircuitResources {
  int qubits = 0;
  int bits = 0;
  std::size_t gates = 0; ///< without measurement, reset, barriers and delays
  std::size_t depth =
      0; ///< steps when gates on different qubits go at the same time; measurement and reset count
  std::size_t two_qubit_gates = 0;
  std::size_t larger_gates = 0; ///< on three qubits or more
  std::size_t t_gates = 0;      ///< t and tdg
  std::size_t measurements = 0;
  std::size_t resets = 0;
  std::size_t delays = 0;                     ///< no gates, and no steps of the depth
  std::map<std::string, std::size_t> by_name; ///< extra controls as "c-", inverses as "-inverse"
};

CircuitResources resources_of(const Circuit& circuit);

} // namespace bloch::quantum
