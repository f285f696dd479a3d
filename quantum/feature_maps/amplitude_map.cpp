#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

constexpr int most_amplitude_qubits = 16;

int amplitude_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map amplitude needs at least one feature");
  int qubits = 1;
  while ((1 << qubits) < features && qubits <= most_amplitude_qubits) ++qubits;
  if (qubits > most_amplitude_qubits)
    throw std::invalid_argument("feature map amplitude takes at most " +
                                std::to_string(1 << most_amplitude_qubits) + " features");
  return qubits;
}

/// Features divided by their length, zeros after them. throws: std::invalid_argument (all are zero)
void amplitude_amplitudes(std::span<const double> features, const FeatureMapOptions&,
                          std::span<double> amplitudes) {
  double largest = 0; // divided out first, so that squares neither overflow nor vanish
  for (const double feature : features) largest = std::max(largest, std::abs(feature));
  if (largest == 0) throw std::invalid_argument("feature map amplitude cannot take a sample of zeros only");
  double norm = 0;
  for (const double feature : features) norm += feature / largest * (feature / largest);
  const double scale = 1 / std::sqrt(norm);
  for (std::size_t k = 0; k < amplitudes.size(); ++k)
    amplitudes[k] = k < features.size() ? features[k] / largest * scale : 0;
}

/// A tree of RY rotations from the highest qubit down, each controlled by the qubits above it (Mottonen 2004).
Circuit amplitude_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("amplitude"), features, options);
  const int qubits = amplitude_qubits(static_cast<int>(features.size()));
  std::vector<double> amplitudes(std::size_t{1} << qubits);
  amplitude_amplitudes(features, options, amplitudes);
  Circuit circuit(qubits);
  for (int qubit = qubits; qubit-- > 0;) {
    const std::size_t width = std::size_t{1} << qubit;
    for (std::size_t prefix = 0; prefix < amplitudes.size() / (2 * width); ++prefix) {
      // The last level carries the signs; above it only lengths matter.
      double zero = 0, one = 0;
      for (std::size_t k = 0; k < width; ++k) {
        zero = std::hypot(zero, amplitudes[2 * width * prefix + k]);
        one = std::hypot(one, amplitudes[2 * width * prefix + width + k]);
      }
      if (qubit == 0) {
        zero = amplitudes[2 * prefix];
        one = amplitudes[2 * prefix + 1];
      }
      if (zero == 0 && one == 0) continue;
      Operation rotation;
      rotation.gate = find_gate("ry");
      rotation.parameters = {2 * std::atan2(one, zero)};
      for (int control = qubit + 1; control < qubits; ++control) {
        rotation.qubits.push_back(control);
        if ((prefix >> (control - qubit - 1) & 1) == 0) circuit.x(control);
      }
      rotation.controls = static_cast<int>(rotation.qubits.size());
      rotation.qubits.push_back(qubit);
      const std::vector<int> controls(rotation.qubits.begin(), rotation.qubits.end() - 1);
      circuit.add(std::move(rotation));
      for (const int control : controls)
        if ((prefix >> (control - qubit - 1) & 1) == 0) circuit.x(control);
    }
  }
  return circuit;
}

} // namespace

FeatureMap amplitude_map();
FeatureMap amplitude_map() {
  FeatureMap map;
  map.name = "amplitude";
  map.label = "Amplitude";
  map.summary = "the features, divided by their length, are the amplitudes; n qubits hold 2^n features";
  map.source = "Mottonen 2005, doi:10.26421/QIC5.6-5";
  map.uses_reps = false;
  map.uses_entanglement = false;
  map.uses_bandwidth = false;
  map.qubits = amplitude_qubits;
  map.circuit = amplitude_circuit;
  map.amplitudes = amplitude_amplitudes;
  return map;
}

} // namespace bloch::quantum
