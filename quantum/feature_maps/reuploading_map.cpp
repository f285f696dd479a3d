#include <numbers>
#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"
#include "quantum/simulators/random.h"

namespace bloch::quantum {
namespace {

constexpr int features_a_qubit = 3; // what a rotation of one qubit has angles for
// Not the paper's RZ RY RZ: the first RZ would leave |0> as it is, and lose a feature of a single layer.
constexpr std::array<const char*, features_a_qubit> turns = {"rx", "ry", "rz"};

int reuploading_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map re-uploading needs at least one feature");
  return (features + features_a_qubit - 1) / features_a_qubit;
}

// The paper trains the angles between the features; a kernel has nothing to train them by, so they are drawn
// once from a seed and are the same for every sample.
Circuit reuploading_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("re-uploading"), features, options);
  const int qubits = reuploading_qubits(static_cast<int>(features.size()));
  const auto pairs = entangled_pairs(qubits, options);
  Random random(static_cast<std::uint64_t>(options.layer_seed));
  Circuit circuit(qubits);
  for (int rep = 0; rep < options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k)
      for (int turn = 0; turn < features_a_qubit; ++turn) {
        const auto at = static_cast<std::size_t>(features_a_qubit * k + turn);
        const double fixed = (2 * random.uniform() - 1) * std::numbers::pi;
        const double angle = fixed + (at < features.size() ? options.bandwidth * features[at] : 0);
        circuit.gate(turns[turn], {k}, {angle});
      }
    for (const auto& [a, b] : pairs) circuit.cz(a, b);
  }
  return circuit;
}

} // namespace

FeatureMap reuploading_map();
FeatureMap reuploading_map() {
  FeatureMap map;
  map.name = "re-uploading";
  map.label = "Data re-uploading";
  map.summary =
      "three features a qubit as RX RY RZ, each plus a fixed angle drawn by layer-seed, then CZ on each "
      "entangled pair; every layer loads the features again";
  map.source = "Perez-Salinas 2020, doi:10.22331/q-2020-02-06-226";
  map.uses_layer_seed = true;
  map.qubits = reuploading_qubits;
  map.circuit = reuploading_circuit;
  return map;
}

} // namespace bloch::quantum
