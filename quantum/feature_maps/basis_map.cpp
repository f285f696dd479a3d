#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

int basis_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map basis needs at least one feature");
  return features;
}

Circuit basis_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("basis"), features, options);
  Circuit circuit(static_cast<int>(features.size()));
  for (int k = 0; k < circuit.qubits(); ++k)
    if (features[static_cast<std::size_t>(k)] > options.threshold) circuit.x(k);
  return circuit;
}

void basis_product(std::span<const double> features, const FeatureMapOptions& options,
                   std::span<BlochVector> qubits) {
  for (std::size_t k = 0; k < features.size(); ++k)
    qubits[k] = {0, 0, features[k] > options.threshold ? -1.0 : 1.0};
}

} // namespace

FeatureMap basis_map();
FeatureMap basis_map() {
  FeatureMap map;
  map.name = "basis";
  map.label = "Basis";
  map.summary = "X on qubit i where x_i is above the threshold: each sample is a basis state, its kernel tells "
                "equal bit strings from others";
  map.source = "Schuld and Petruccione 2018, doi:10.1007/978-3-319-96424-9";
  map.uses_reps = false;
  map.uses_entanglement = false;
  map.uses_bandwidth = false;
  map.uses_threshold = true;
  map.qubits = basis_qubits;
  map.circuit = basis_circuit;
  map.product = basis_product;
  return map;
}

} // namespace bloch::quantum
