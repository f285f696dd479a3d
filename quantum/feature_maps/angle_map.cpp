#include <cmath>
#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

int angle_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map angle needs at least one feature");
  return features;
}

Circuit angle_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("angle"), features, options);
  Circuit circuit(static_cast<int>(features.size()));
  for (int k = 0; k < circuit.qubits(); ++k) {
    const double angle = options.bandwidth * features[static_cast<std::size_t>(k)];
    if (options.rotation == RotationAxis::x) circuit.rx(angle, k);
    if (options.rotation == RotationAxis::y) circuit.ry(angle, k);
    if (options.rotation == RotationAxis::z) circuit.h(k).rz(angle, k); // RZ alone leaves |0> as it is
  }
  return circuit;
}

void angle_product(std::span<const double> features, const FeatureMapOptions& options,
                   std::span<BlochVector> qubits) {
  for (std::size_t k = 0; k < features.size(); ++k) {
    const double angle = options.bandwidth * features[k];
    const double sine = std::sin(angle), cosine = std::cos(angle);
    qubits[k] = options.rotation == RotationAxis::x   ? BlochVector{0, -sine, cosine}
                : options.rotation == RotationAxis::y ? BlochVector{sine, 0, cosine}
                                                      : BlochVector{cosine, sine, 0};
  }
}

} // namespace

FeatureMap angle_map();
FeatureMap angle_map() {
  FeatureMap map;
  map.name = "angle";
  map.label = "Angle";
  map.summary = "RX, RY, or H and RZ of x_i on qubit i; no entanglement, its kernel is the product of "
                "cos^2((x_i - y_i) / 2)";
  map.source = "Schuld and Petruccione 2018, doi:10.1007/978-3-319-96424-9";
  map.uses_reps = false;
  map.uses_entanglement = false;
  map.uses_rotation = true;
  map.qubits = angle_qubits;
  map.circuit = angle_circuit;
  map.product = angle_product;
  return map;
}

} // namespace bloch::quantum
