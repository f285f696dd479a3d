#include "quantum/simulators/reference.h"

#include <stdexcept>

namespace bloch::quantum {

std::vector<Complex> reference_state(const Circuit& circuit) {
  if (circuit.qubits() > 20) throw std::invalid_argument("the reference simulator takes at most 20 qubits");
  const std::size_t size = std::size_t{1} << circuit.qubits();
  std::vector<Complex> state(size);
  state[0] = 1;
  for (const Operation& operation : circuit.operations()) {
    if (!operation.changes_state()) continue;
    if (!operation.conditions.empty())
      throw std::invalid_argument("the reference simulator knows no conditions");
    const std::vector<Complex> matrix = operation.unitary();
    const std::size_t columns = std::size_t{1} << operation.targets();
    std::vector<Complex> next(size);
    for (std::size_t index = 0; index < size; ++index) {
      bool controlled = true;
      for (int k = 0; k < operation.controls; ++k)
        controlled = controlled && (index >> operation.qubits[k] & 1);
      if (!controlled) {
        next[index] = state[index];
        continue;
      }
      std::size_t row = 0, rest = index;
      for (int k = 0; k < operation.targets(); ++k) {
        const int qubit = operation.qubits[operation.controls + k];
        row |= (index >> qubit & 1) << k;
        rest &= ~(std::size_t{1} << qubit);
      }
      for (std::size_t column = 0; column < columns; ++column) {
        std::size_t source = rest;
        for (int k = 0; k < operation.targets(); ++k)
          source |= (column >> k & 1) << operation.qubits[operation.controls + k];
        next[index] += matrix[row * columns + column] * state[source];
      }
    }
    state = std::move(next);
  }
  return state;
}

} // namespace bloch::quantum
