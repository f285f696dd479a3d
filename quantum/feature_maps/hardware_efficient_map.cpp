#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

int hardware_efficient_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map hardware-efficient needs at least one feature");
  return features;
}

Circuit hardware_efficient_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("hardware-efficient"), features, options);
  const int qubits = static_cast<int>(features.size());
  const auto pairs = entangled_pairs(qubits, options);
  Circuit circuit(qubits);
  for (int rep = 0; rep < options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k) circuit.ry(options.bandwidth * features[static_cast<std::size_t>(k)], k);
    for (int k = 0; k < qubits; ++k) circuit.rz(options.bandwidth * features[static_cast<std::size_t>(k)], k);
    for (const auto& [a, b] : pairs) circuit.cx(a, b);
  }
  return circuit;
}

} // namespace

FeatureMap hardware_efficient_map();
FeatureMap hardware_efficient_map() {
  FeatureMap map;
  map.name = "hardware-efficient";
  map.label = "Hardware efficient";
  map.summary = "RY(x_i) and RZ(x_i) on qubit i, then CX on each entangled pair, repeated";
  map.source = "Kandala 2017, doi:10.1038/nature23879";
  map.qubits = hardware_efficient_qubits;
  map.circuit = hardware_efficient_circuit;
  return map;
}

} // namespace bloch::quantum
