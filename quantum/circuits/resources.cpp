#include "quantum/circuits/resources.h"

#include <algorithm>
#include <vector>

namespace bloch::quantum {

CircuitResources resources_of(const Circuit& circuit) {
  CircuitResources result;
  result.qubits = circuit.qubits();
  result.bits = circuit.bits();
  std::vector<std::size_t> qubit_level(static_cast<std::size_t>(circuit.qubits())),
      bit_level(static_cast<std::size_t>(circuit.bits()));
  for (const Operation& operation : circuit.operations()) {
    std::size_t level = 0;
    for (const int qubit : operation.qubits)
      level = std::max(level, qubit_level[static_cast<std::size_t>(qubit)]);
    // Barriers, delays and boxes hold their qubits together and are no step; a condition waits for its bits.
    if (operation.changes_state()) {
      for (const Condition& condition : operation.conditions)
        for (int bit = 0; bit < condition.size; ++bit)
          level = std::max(level, bit_level[static_cast<std::size_t>(condition.first + bit)]);
      ++level;
    }
    for (const int qubit : operation.qubits) qubit_level[static_cast<std::size_t>(qubit)] = level;
    result.depth = std::max(result.depth, level);
    if (operation.kind == OperationKind::measure) {
      bit_level[static_cast<std::size_t>(operation.bit)] = level;
      ++result.measurements;
    } else if (operation.kind == OperationKind::reset)
      ++result.resets;
    else if (operation.kind == OperationKind::delay)
      ++result.delays;
    if (operation.kind != OperationKind::gate && operation.kind != OperationKind::unitary) continue;
    ++result.gates;
    if (operation.qubits.size() == 2) ++result.two_qubit_gates;
    if (operation.qubits.size() > 2) ++result.larger_gates;
    std::string name = operation.gate ? std::string(operation.gate->name) : "unitary";
    if (operation.qubits.size() == 1 && (name == "t" || name == "tdg")) ++result.t_gates;
    for (int extra = operation.gate ? operation.gate->controls : 0; extra < operation.controls; ++extra)
      name = "c-" + name;
    if (operation.adjoint) name += "-inverse";
    ++result.by_name[name];
  }
  return result;
}

} // namespace bloch::quantum
