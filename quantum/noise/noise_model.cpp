#include "quantum/noise/noise_model.h"

#include <cmath>
#include <stdexcept>

namespace bloch::quantum {
namespace {

/// A string on a gate's qubits, on the circuit's.
PauliString on_qubits(const PauliString& string, const std::vector<int>& qubits) {
  PauliString result;
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    result.x |= (string.x >> k & 1) << qubits[k];
    result.z |= (string.z >> k & 1) << qubits[k];
  }
  return result;
}

void check_gate_noise(const GateNoise& noise, const std::string& name) {
  try {
    (void)depolarising_errors(noise.depolarising, 1);
    (void)pauli_channel(noise.errors, 4);
    (void)relaxation_channel(1, 1, noise.duration_ns);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument("noise of " + name + ": " + error.what());
  }
}

void check_qubit_noise(const QubitNoise& noise, const std::string& name) {
  for (const double probability : {noise.one_given_zero, noise.zero_given_one})
    if (!(probability >= 0 && probability <= 1))
      throw std::invalid_argument("noise of " + name + ": a read-out error is a probability from 0 to 1");
  try {
    (void)relaxation_channel(noise.t1_us, noise.t2_us, 0);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument("noise of " + name + ": " + error.what());
  }
}

} // namespace

const GateNoise& NoiseModel::of(const Operation& operation) const {
  static const GateNoise none;
  if (operation.kind != OperationKind::gate && operation.kind != OperationKind::unitary) return none;
  const auto named = gates.find(operation.gate ? operation.gate->name : std::string_view("unitary"));
  if (named != gates.end()) return named->second;
  return operation.qubits.size() == 1 ? one_qubit : more_qubits;
}

double NoiseModel::duration_ns(const Operation& operation) const {
  switch (operation.kind) {
  case OperationKind::delay:
    return operation.duration_ns;
  case OperationKind::measure:
    return measurement_ns;
  case OperationKind::reset:
    return reset_ns;
  default:
    return of(operation).duration_ns;
  }
}

const QubitNoise& NoiseModel::of_qubit(int index) const {
  const auto named = qubits.find(index);
  return named == qubits.end() ? qubit : named->second;
}

void NoiseModel::check() const {
  check_gate_noise(one_qubit, "gates on one qubit");
  check_gate_noise(more_qubits, "gates on several qubits");
  for (const auto& [name, noise] : gates) check_gate_noise(noise, "gate " + name);
  for (const double time : {measurement_ns, reset_ns})
    if (!(time >= 0) || !std::isfinite(time))
      throw std::invalid_argument("a measurement or a reset lasts zero or longer");
  if (!(dt_ns >= 0) || !std::isfinite(dt_ns)) throw std::invalid_argument("a dt lasts longer than zero");
  check_qubit_noise(qubit, "qubits");
  for (const auto& [index, noise] : qubits) check_qubit_noise(noise, "qubit " + std::to_string(index));
}

std::vector<std::vector<PauliTerm>> pauli_errors_of(const Operation& operation, const GateNoise& noise) {
  std::vector<std::vector<PauliTerm>> lists;
  if (noise.depolarising > 0)
    lists.push_back(depolarising_errors(noise.depolarising, static_cast<int>(operation.qubits.size())));
  if (!noise.errors.empty()) {
    (void)pauli_channel(noise.errors, static_cast<int>(operation.qubits.size()));
    lists.push_back(noise.errors);
  }
  for (std::vector<PauliTerm>& list : lists)
    for (PauliTerm& error : list) error.string = on_qubits(error.string, operation.qubits);
  return lists;
}

} // namespace bloch::quantum
