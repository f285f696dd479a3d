#include "quantum/optimisers/vqe.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>

#include "quantum/simulators/adjoint_gradient.h"
#include "quantum/simulators/random.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {
namespace {

int letters(const PauliString& string) { return std::popcount(string.x | string.z); }

/// Whether a string has, on each qubit that both act on, the letter of the basis.
bool fits(const PauliString& string, const PauliString& basis) {
  const std::uint64_t both = (string.x | string.z) & (basis.x | basis.z);
  return ((string.x ^ basis.x) & both) == 0 && ((string.z ^ basis.z) & both) == 0;
}

/// The circuit with each qubit turned so that its letter is read as a bit.
Circuit turned(const Circuit& circuit, const PauliString& basis) {
  Circuit result = circuit;
  for (int k = 0; k < circuit.qubits(); ++k) {
    if ((basis.x >> k & 1) == 0) continue;
    if (basis.z >> k & 1) result.gate("sdg", {k});
    result.h(k);
  }
  return result;
}

} // namespace

int vqe_angles(int qubits, const VqeOptions& options) { return 2 * qubits * (options.reps + 1); }

Circuit vqe_circuit(int qubits, const VqeOptions& options, std::span<const double> angles) {
  if (options.reps < 0 || options.reps > 1000) throw std::invalid_argument("reps must be between 0 and 1000");
  if (static_cast<int>(angles.size()) != vqe_angles(qubits, options))
    throw std::invalid_argument("the circuit has " + std::to_string(vqe_angles(qubits, options)) +
                                " angles, not " + std::to_string(angles.size()));
  const auto pairs = entangled_pairs(qubits, options.entanglement);
  Circuit circuit(qubits);
  auto angle = angles.begin();
  for (int rep = 0; rep <= options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k) circuit.ry(*angle++, k);
    for (int k = 0; k < qubits; ++k) circuit.rz(*angle++, k);
    if (rep < options.reps)
      for (const auto& [a, b] : pairs) circuit.cx(a, b);
  }
  return circuit;
}

VqeResult vqe(const PauliSum& energy, const VqeOptions& options) {
  if (energy.terms().empty()) throw std::invalid_argument("the Hamiltonian has no terms");
  if (options.restarts < 1) throw std::invalid_argument("VQE needs at least one run");
  const int qubits = std::max(1, energy.qubits());
  if (qubits > most_qubits)
    throw std::invalid_argument("VQE is simulated for at most " + std::to_string(most_qubits) +
                                " qubits, not " + std::to_string(qubits));
  const Objective objective = [&](std::span<const double> point, std::span<double> gradient) {
    const auto found = adjoint_gradient<double>(vqe_circuit(qubits, options, point), energy);
    if (!gradient.empty()) std::copy(found.gradient.begin(), found.gradient.end(), gradient.begin());
    return found.value;
  };
  VqeResult result;
  result.energy = std::numeric_limits<double>::infinity();
  Random random(options.seed);
  for (int run = 0; run < options.restarts; ++run) {
    std::vector<double> start(static_cast<std::size_t>(vqe_angles(qubits, options)));
    for (double& angle : start) angle = (2 * random.uniform() - 1) * std::numbers::pi;
    const Minimum minimum = minimise(objective, start, options.minimiser, true);
    result.evaluations += minimum.evaluations;
    result.restart_energies.push_back(minimum.value);
    if (minimum.value >= result.energy) continue;
    result.energy = minimum.value;
    result.angles = minimum.point;
    result.converged = minimum.converged;
  }
  return result;
}

std::vector<MeasurementGroup> measurement_groups(const PauliSum& sum) {
  std::vector<std::size_t> order(sum.terms().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return letters(sum.terms()[a].string) > letters(sum.terms()[b].string);
  });
  std::vector<MeasurementGroup> groups;
  for (const std::size_t term : order) {
    const PauliString& string = sum.terms()[term].string;
    if (letters(string) == 0) continue; // a constant needs no measurement
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const MeasurementGroup& one) { return fits(string, one.basis); });
    if (group == groups.end()) group = groups.insert(groups.end(), MeasurementGroup{});
    group->basis.x |= string.x;
    group->basis.z |= string.z;
    group->terms.push_back(term);
  }
  return groups;
}

MeasuredEnergy measure_energy(const Circuit& circuit, const PauliSum& sum, std::size_t shots,
                              std::uint64_t seed) {
  if (shots < 2) throw std::invalid_argument("an energy with its error takes at least two shots");
  MeasuredEnergy result;
  double variance = 0;
  for (const PauliTerm& term : sum.terms())
    if (letters(term.string) == 0) result.energy += term.coefficient;
  Random random(seed);
  const double count = static_cast<double>(shots);
  Statevector<double> state(circuit.qubits());
  for (const MeasurementGroup& group : measurement_groups(sum)) {
    state.restart(turned(circuit, group.basis).operations());
    double total = 0, squares = 0;
    for (const std::size_t bits : state.sample(shots, random)) {
      double value = 0;
      for (const std::size_t term : group.terms) {
        const PauliTerm& read = sum.terms()[term];
        value +=
            std::popcount(bits & (read.string.x | read.string.z)) % 2 ? -read.coefficient : read.coefficient;
      }
      total += value;
      squares += value * value;
    }
    result.energy += total / count;
    variance += std::max(0.0, squares / count - total / count * (total / count)) / (count - 1);
    ++result.circuits;
  }
  result.standard_error = std::sqrt(variance);
  return result;
}

} // namespace bloch::quantum
