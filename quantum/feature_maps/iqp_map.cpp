#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

int iqp_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map iqp needs at least one feature");
  return features;
}

// PennyLane's IQPEmbedding: H, RZ(x_i), RZZ(x_i x_j).
Circuit iqp_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("iqp"), features, options);
  const int qubits = static_cast<int>(features.size());
  const double scale = options.bandwidth;
  const auto pairs = entangled_pairs(qubits, options);
  Circuit circuit(qubits);
  for (int rep = 0; rep < options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k) circuit.h(k);
    for (int k = 0; k < qubits; ++k) circuit.rz(scale * features[k], k);
    for (const auto& [a, b] : pairs) circuit.rzz(scale * features[a] * scale * features[b], a, b);
  }
  return circuit;
}

void iqp_phase(std::span<const double> features, const FeatureMapOptions& options, QuadraticPhase& phase) {
  const int qubits = static_cast<int>(features.size());
  const double scale = options.bandwidth;
  phase.constant = 0;
  phase.linear.assign(features.size(), 0);
  phase.pairs.clear();
  for (int k = 0; k < qubits; ++k) {
    phase.constant -= scale * features[k] / 2;
    phase.linear[k] = scale * features[k];
  }
  // RZZ(angle): angle (a xor b - 1/2).
  for (const auto& [first, second] : entangled_pairs(qubits, options)) {
    const double angle = scale * features[first] * scale * features[second];
    phase.constant -= angle / 2;
    phase.linear[first] += angle;
    phase.linear[second] += angle;
    phase.pairs.push_back({first < second ? first : second, first < second ? second : first, -2 * angle});
  }
}

} // namespace

FeatureMap iqp_map();
FeatureMap iqp_map() {
  FeatureMap map;
  map.name = "iqp";
  map.label = "IQP";
  map.summary = "H, RZ(x_i), and RZZ(x_i x_j) on each entangled pair, repeated";
  map.source = "Havlicek 2019, doi:10.1038/s41586-019-0980-2; angles as PennyLane's IQPEmbedding";
  map.qubits = iqp_qubits;
  map.circuit = iqp_circuit;
  map.phase = iqp_phase;
  return map;
}

} // namespace bloch::quantum
