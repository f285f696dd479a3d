#include "quantum/simulators/detail/shots.h"

#include <algorithm>
#include <stdexcept>

namespace bloch::quantum {

bool conditions_hold(const Operation& operation, const ShotBits& bits) {
  for (const Condition& condition : operation.conditions) {
    bool same = true;
    for (int k = 0; k < condition.size; ++k) {
      const bool wanted = k < 64 && (condition.value >> k & 1);
      same = same && bits[condition.first + k] == wanted;
    }
    if (condition.size < 64 && (condition.value >> condition.size) != 0) same = false;
    if (same != condition.equal) return false;
  }
  return true;
}

std::vector<bool> final_measurements(const Circuit& circuit) {
  const auto& operations = circuit.operations();
  std::vector<bool> result(operations.size(), false), qubit_used(circuit.qubits(), false),
      bit_used(circuit.bits(), false);
  for (std::size_t k = operations.size(); k-- > 0;) {
    const Operation& operation = operations[k];
    if (!operation.changes_state()) continue;
    if (operation.kind == OperationKind::measure && operation.conditions.empty() && !bit_used[operation.bit] &&
        !qubit_used[operation.qubits[0]]) {
      result[k] = true;
      bit_used[operation.bit] = true; // an earlier write to it is overwritten, and must come before
      continue;                       // a qubit may be read into several bits
    }
    for (const int qubit : operation.qubits) qubit_used[qubit] = true;
    if (operation.kind == OperationKind::measure) bit_used[operation.bit] = true;
    for (const Condition& condition : operation.conditions)
      for (int bit = 0; bit < condition.size; ++bit) bit_used[condition.first + bit] = true;
  }
  return result;
}

std::string bit_string(const ShotBits& bits, const std::vector<Register>& registers) {
  std::string text;
  for (std::size_t r = registers.size(); r-- > 0;) {
    for (int k = registers[r].size; k-- > 0;) text += bits[registers[r].first + k] ? '1' : '0';
    if (r > 0) text += ' ';
  }
  return text;
}

bool measures_something(const Circuit& circuit) {
  return std::any_of(circuit.operations().begin(), circuit.operations().end(),
                     [](const Operation& operation) { return operation.kind == OperationKind::measure; });
}

Circuit measured_everywhere(const Circuit& circuit, int most) {
  if (circuit.qubits() > most)
    throw std::invalid_argument("this simulator takes at most " + std::to_string(most) + " qubits, not " +
                                std::to_string(circuit.qubits()));
  const ShotBits zeros(static_cast<std::size_t>(circuit.bits()));
  Circuit result(circuit.qubits());
  for (Operation operation : circuit.operations()) {
    const bool happens = conditions_hold(operation, zeros);
    operation.conditions.clear();
    if (happens) result.add(std::move(operation));
  }
  result.measure_all();
  return result;
}

std::vector<Operation> gates_from(const Circuit& circuit, const std::vector<bool>& final, const ShotBits& bits,
                                  std::size_t& next) {
  const auto& operations = circuit.operations();
  std::vector<Operation> gates;
  for (; next < operations.size(); ++next) {
    const Operation& operation = operations[next];
    const bool waits = operation.kind == OperationKind::delay;
    if ((!operation.changes_state() && !waits) || final[next] || !conditions_hold(operation, bits)) continue;
    if (operation.kind == OperationKind::measure || operation.kind == OperationKind::reset) break;
    gates.push_back(operation);
  }
  return gates;
}

std::vector<Operation> gates_before_measurement(const Circuit& circuit) {
  const std::vector<bool> final = final_measurements(circuit);
  std::vector<Operation> gates;
  for (std::size_t k = 0; k < final.size(); ++k) {
    const Operation& operation = circuit.operations()[k];
    const bool waits = operation.kind == OperationKind::delay;
    if (final[k] || (!operation.changes_state() && !waits)) continue;
    if (operation.kind == OperationKind::measure || operation.kind == OperationKind::reset ||
        !operation.conditions.empty())
      throw std::invalid_argument(
          "the circuit has no single final state: it resets, or goes on after a measurement");
    gates.push_back(operation);
  }
  return gates;
}

} // namespace bloch::quantum
