#include "quantum/circuits/circuit.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace bloch::quantum {
namespace {

void check_unitary(std::span<const Complex> matrix, std::size_t size) {
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = a; b < size; ++b) {
      Complex product{};
      for (std::size_t k = 0; k < size; ++k) product += matrix[a * size + k] * std::conj(matrix[b * size + k]);
      if (!(std::abs(product - Complex(a == b ? 1.0 : 0.0)) < 1e-6))
        throw std::invalid_argument("the matrix is not unitary: rows " + std::to_string(a) + " and " +
                                    std::to_string(b) + " are not orthonormal");
    }
}

/// A qubit that stands in the list twice, or -1.
int repeated(const std::vector<int>& qubits) {
  if (qubits.size() > 16) {
    std::vector<int> sorted = qubits;
    std::sort(sorted.begin(), sorted.end());
    const auto found = std::adjacent_find(sorted.begin(), sorted.end());
    return found == sorted.end() ? -1 : *found;
  }
  for (std::size_t k = 1; k < qubits.size(); ++k)
    for (std::size_t other = 0; other < k; ++other)
      if (qubits[other] == qubits[k]) return qubits[k];
  return -1;
}

/// Whether a gate has its qubits and angles, and a matrix the size for its own.
void check_numbers(const Operation& operation) {
  if (operation.kind == OperationKind::gate) {
    const Gate* gate = operation.gate;
    if (!gate) throw std::invalid_argument("a gate step without a gate");
    if (operation.targets() != gate->targets || operation.controls < gate->controls)
      throw std::invalid_argument("gate " + std::string(gate->name) + " needs " +
                                  std::to_string(gate->qubits()) +
                                  (gate->qubits() == 1 ? " qubit" : " qubits"));
    if (static_cast<int>(operation.parameters.size()) != gate->parameters)
      throw std::invalid_argument("gate " + std::string(gate->name) + " needs " +
                                  std::to_string(gate->parameters) + " angles, not " +
                                  std::to_string(operation.parameters.size()));
  } else if (operation.kind == OperationKind::unitary) {
    if (!operation.matrix) throw std::invalid_argument("a unitary step without a matrix");
    if (operation.controls < 0 || operation.targets() < 1 || operation.targets() > 8)
      throw std::invalid_argument("a matrix acts on 1 to 8 qubits");
    const std::size_t size = std::size_t{1} << operation.targets();
    if (operation.matrix->size() != size * size)
      throw std::invalid_argument("a matrix on these qubits needs " + std::to_string(size * size) +
                                  " numbers, not " + std::to_string(operation.matrix->size()));
  }
}

} // namespace

std::vector<Complex> Operation::unitary() const {
  check_numbers(*this);
  const std::size_t size = std::size_t{1} << targets();
  std::vector<Complex> result(size * size);
  if (kind == OperationKind::unitary)
    result = *matrix;
  else if (kind == OperationKind::gate)
    gate->unitary(parameters.data(), result.data());
  else
    throw std::invalid_argument("measurement, reset, barrier, delay and box have no matrix");
  if (adjoint)
    for (std::size_t row = 0; row < size; ++row) {
      result[row * size + row] = std::conj(result[row * size + row]);
      for (std::size_t column = row + 1; column < size; ++column) {
        const Complex above = result[row * size + column];
        result[row * size + column] = std::conj(result[column * size + row]);
        result[column * size + row] = std::conj(above);
      }
    }
  return result;
}

Circuit::Circuit(int qubits, int bits) {
  if (qubits != 0) add_qubits("q", qubits);
  if (bits != 0) add_bits("c", bits);
}

int Circuit::add_qubits(std::string name, int size) {
  if (size < 1 || size > largest_register - qubits_)
    throw std::invalid_argument("a circuit has 1 to " + std::to_string(largest_register) + " qubits");
  qubit_registers_.push_back({std::move(name), qubits_, size});
  qubits_ += size;
  return qubits_ - size;
}

int Circuit::add_bits(std::string name, int size) {
  if (size < 1 || size > largest_register - bits_)
    throw std::invalid_argument("a circuit has 1 to " + std::to_string(largest_register) + " classical bits");
  bit_registers_.push_back({std::move(name), bits_, size});
  bits_ += size;
  return bits_ - size;
}

void check_places(const Operation& operation, int qubits) {
  for (const int qubit : operation.qubits)
    if (qubit < 0 || qubit >= qubits)
      throw std::invalid_argument("qubit " + std::to_string(qubit) + " is out of range: there are " +
                                  std::to_string(qubits) + " qubits");
  if (operation.kind != OperationKind::barrier)
    if (const int qubit = repeated(operation.qubits); qubit >= 0)
      throw std::invalid_argument("qubit " + std::to_string(qubit) + " is named twice in one step");
  check_numbers(operation);
}

void Circuit::check(const Operation& operation) const {
  if (operation.qubits.empty() && operation.kind != OperationKind::barrier)
    throw std::invalid_argument("a step needs at least one qubit");
  check_places(operation, qubits_);
  if (!(operation.duration_ns >= 0) || !std::isfinite(operation.duration_ns))
    throw std::invalid_argument("a delay or a box lasts zero or longer");
  for (const double parameter : operation.parameters)
    if (!std::isfinite(parameter)) throw std::invalid_argument("an angle is not a finite number");
  for (const Condition& condition : operation.conditions)
    if (condition.first < 0 || condition.size < 1 || condition.first + condition.size > bits_)
      throw std::invalid_argument("a condition reads classical bits that the circuit does not have");
  switch (operation.kind) {
  case OperationKind::unitary:
    check_unitary(*operation.matrix, std::size_t{1} << operation.targets());
    break;
  case OperationKind::measure:
    if (operation.bit < 0 || operation.bit >= bits_)
      throw std::invalid_argument("classical bit " + std::to_string(operation.bit) +
                                  " is out of range: the circuit has " + std::to_string(bits_) + " bits");
    [[fallthrough]];
  case OperationKind::reset:
    if (operation.qubits.size() != 1) throw std::invalid_argument("measurement and reset take one qubit");
    break;
  default: // gates; barriers, delays and boxes
    break;
  }
}

Circuit& Circuit::add(Operation operation) {
  check(operation);
  operations_.push_back(std::move(operation));
  return *this;
}

Circuit& Circuit::gate(std::string_view name, std::span<const int> qubits, std::span<const double> parameters) {
  Operation operation;
  operation.gate = find_gate(name);
  if (!operation.gate) throw std::invalid_argument("there is no gate '" + std::string(name) + "'");
  operation.parameters.assign(parameters.begin(), parameters.end());
  operation.qubits.assign(qubits.begin(), qubits.end());
  operation.controls = operation.gate->controls;
  return add(std::move(operation));
}

Circuit& Circuit::gate(std::string_view name, std::initializer_list<int> qubits,
                       std::initializer_list<double> parameters) {
  return gate(name, std::span<const int>(qubits.begin(), qubits.size()),
              std::span<const double>(parameters.begin(), parameters.size()));
}

Circuit& Circuit::unitary(std::span<const Complex> matrix, std::span<const int> targets,
                          std::span<const int> controls) {
  Operation operation;
  operation.kind = OperationKind::unitary;
  operation.matrix = std::make_shared<const std::vector<Complex>>(matrix.begin(), matrix.end());
  operation.qubits.assign(controls.begin(), controls.end());
  operation.qubits.insert(operation.qubits.end(), targets.begin(), targets.end());
  operation.controls = static_cast<int>(controls.size());
  return add(std::move(operation));
}

Circuit& Circuit::measure(int qubit, int bit) {
  Operation operation;
  operation.kind = OperationKind::measure;
  operation.qubits = {qubit};
  operation.bit = bit;
  return add(std::move(operation));
}

Circuit& Circuit::measure_all() {
  if (bits_ < qubits_)
    add_bits("meas" + (bits_ ? std::to_string(bit_registers_.size()) : std::string()), qubits_ - bits_);
  for (int qubit = 0; qubit < qubits_; ++qubit) measure(qubit, qubit);
  return *this;
}

Circuit& Circuit::reset(int qubit) {
  Operation operation;
  operation.kind = OperationKind::reset;
  operation.qubits = {qubit};
  return add(std::move(operation));
}

Circuit& Circuit::barrier(std::span<const int> qubits) {
  Operation operation;
  operation.kind = OperationKind::barrier;
  operation.qubits.assign(qubits.begin(), qubits.end());
  return add(std::move(operation));
}

Circuit& Circuit::delay(double duration_ns, std::span<const int> qubits) {
  Operation operation;
  operation.kind = OperationKind::delay;
  operation.duration_ns = duration_ns;
  operation.qubits.assign(qubits.begin(), qubits.end());
  return add(std::move(operation));
}

Circuit& Circuit::delay(double duration_ns, int qubit) { return delay(duration_ns, std::span(&qubit, 1)); }

Circuit& Circuit::box(std::size_t first, double duration_ns) {
  if (first > operations_.size()) throw std::invalid_argument("a box begins at a step that the circuit has");
  Operation edge;
  edge.kind = OperationKind::box_begin;
  edge.duration_ns = duration_ns;
  for (std::size_t k = first; k < operations_.size(); ++k) {
    const std::vector<int>& qubits = operations_[k].qubits;
    edge.qubits.insert(edge.qubits.end(), qubits.begin(), qubits.end());
    for (int qubit = 0; qubits.empty() && qubit < qubits_; ++qubit) // a barrier on every qubit
      edge.qubits.push_back(qubit);
  }
  std::sort(edge.qubits.begin(), edge.qubits.end());
  edge.qubits.erase(std::unique(edge.qubits.begin(), edge.qubits.end()), edge.qubits.end());
  if (edge.qubits.empty()) return *this;
  check(edge);
  operations_.insert(operations_.begin() + static_cast<std::ptrdiff_t>(first), edge);
  edge.kind = OperationKind::box_end;
  operations_.push_back(std::move(edge));
  return *this;
}

Circuit& Circuit::append(const Circuit& other) {
  if (other.qubits_ > qubits_ || other.bits_ > bits_)
    throw std::invalid_argument("the appended circuit has more qubits or bits than this one");
  operations_.insert(operations_.end(), other.operations_.begin(), other.operations_.end());
  return *this;
}

} // namespace bloch::quantum
