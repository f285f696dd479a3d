#include <algorithm>
#include <numbers>
#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

int zz_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map zz needs at least one feature");
  return features;
}

double zz_pair_angle(double a, double b) { return 2 * (std::numbers::pi - a) * (std::numbers::pi - b); }

// Qiskit's ZZFeatureMap gate by gate: H, P(2 x_i), CX P(2 (pi - x_i)(pi - x_j)) CX.
Circuit zz_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("zz"), features, options);
  const int qubits = static_cast<int>(features.size());
  const auto pairs = entangled_pairs(qubits, options);
  Circuit circuit(qubits);
  for (int rep = 0; rep < options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k) circuit.h(k);
    for (int k = 0; k < qubits; ++k) circuit.p(2 * options.bandwidth * features[k], k);
    for (const auto& [a, b] : pairs) {
      circuit.cx(a, b);
      circuit.p(zz_pair_angle(options.bandwidth * features[a], options.bandwidth * features[b]), b);
      circuit.cx(a, b);
    }
  }
  return circuit;
}

void zz_phase(std::span<const double> features, const FeatureMapOptions& options, QuadraticPhase& phase) {
  const int qubits = static_cast<int>(features.size());
  phase.constant = 0;
  phase.linear.resize(features.size());
  phase.pairs.clear();
  for (int k = 0; k < qubits; ++k) phase.linear[k] = 2 * options.bandwidth * features[k];
  // P on the parity of a and b: angle (a + b - 2 a b).
  const auto couple = [&](int a, int b) {
    const double angle = zz_pair_angle(options.bandwidth * features[a], options.bandwidth * features[b]);
    phase.linear[a] += angle;
    phase.linear[b] += angle;
    phase.pairs.push_back({a, b, -2 * angle});
  };
  if (!options.coupled.empty()) {
    for (const auto& [a, b] : entangled_pairs(qubits, options)) couple(std::min(a, b), std::max(a, b));
  } else if (options.entanglement == Entanglement::full) {
    for (int a = 0; a < qubits; ++a)
      for (int b = a + 1; b < qubits; ++b) couple(a, b);
  } else {
    for (int a = 0; a + 1 < qubits; a += options.entanglement == Entanglement::pairs ? 2 : 1) couple(a, a + 1);
    if (options.entanglement == Entanglement::circular && qubits > 2) couple(0, qubits - 1);
  }
}

} // namespace

FeatureMap zz_map();
FeatureMap zz_map() {
  FeatureMap map;
  map.name = "zz";
  map.label = "ZZ feature map";
  map.summary = "H, P(2 x_i), and P(2 (pi - x_i)(pi - x_j)) on the parity of each entangled pair, repeated";
  map.source = "Havlicek 2019, doi:10.1038/s41586-019-0980-2; angles as Qiskit's ZZFeatureMap";
  map.qubits = zz_qubits;
  map.circuit = zz_circuit;
  map.phase = zz_phase;
  return map;
}

} // namespace bloch::quantum
