#include <cmath>
#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

int z_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map z needs at least one feature");
  return features;
}

Circuit z_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("z"), features, options);
  const int qubits = static_cast<int>(features.size());
  Circuit circuit(qubits);
  for (int rep = 0; rep < options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k) circuit.h(k);
    for (int k = 0; k < qubits; ++k) circuit.p(2 * options.bandwidth * features[k], k);
  }
  return circuit;
}

void z_product(std::span<const double> features, const FeatureMapOptions& options,
               std::span<BlochVector> qubits) {
  for (std::size_t k = 0; k < features.size(); ++k) {
    const double angle = 2 * options.bandwidth * features[k];
    const double cosine = std::cos(angle), sine = std::sin(angle);
    BlochVector vector{0, 0, 1};
    for (int rep = 0; rep < options.reps; ++rep) {
      vector = {vector[2], -vector[1], vector[0]}; // H
      vector = {cosine * vector[0] - sine * vector[1], sine * vector[0] + cosine * vector[1], vector[2]};
    }
    qubits[k] = vector;
  }
}

} // namespace

FeatureMap z_map();
FeatureMap z_map() {
  FeatureMap map;
  map.name = "z";
  map.label = "Z feature map";
  map.summary = "H and P(2 x_i) on qubit i, repeated; the zz map without entanglement";
  map.source = "Havlicek 2019, doi:10.1038/s41586-019-0980-2; angles as Qiskit's ZFeatureMap";
  map.uses_entanglement = false;
  map.qubits = z_qubits;
  map.circuit = z_circuit;
  map.product = z_product;
  return map;
}

} // namespace bloch::quantum
