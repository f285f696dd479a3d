#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// linear: (i, i+1); circular: linear and (n-1, 0); full: every pair; pairs: (0,1), (2,3), …
enum class Entanglement { linear, circular, full, pairs };

/// The axis of the angle map's rotations.
enum class RotationAxis { x, y, z };

/// Settings every feature map understands (or ignores, as its descriptor says). Defaults are the command
/// line's.
struct FeatureMapOptions {
  int reps = 2;
  Entanglement entanglement = Entanglement::full;
  double bandwidth = 1;                          ///< multiplies the features
  std::string paulis = "Z,ZZ";                   ///< of the pauli map: words of X, Y, Z, one letter a qubit
  std::vector<std::pair<int, int>> coupled = {}; ///< where not empty: these pairs instead of `entanglement`
  RotationAxis rotation = RotationAxis::y;       ///< of the angle map
  double threshold = 0.5;                        ///< of the basis map: above it a feature is a 1
  int layer_seed = 0; ///< of the re-uploading map: draws the fixed angles between the features
};

/// The phase of basis state b under a layer of diagonal gates: constant + sum linear_i b_i + sum pair_ij b_i
/// b_j, in radians.
struct QuadraticPhase {
  double constant = 0;
  std::vector<double> linear;
  struct Pair {
    int a, b; ///< a < b
    double angle;
  };
  std::vector<Pair> pairs;
};

/// Bloch vector (x, y, z) of one qubit's pure state.
using BlochVector = std::array<double, 3>;

/// One feature map: one .cpp file and one line in feature_maps.inc.
struct FeatureMap {
  std::string name;  ///< "zz"
  std::string label; ///< "ZZ feature map"
  std::string summary;
  std::string source; ///< paper
  bool uses_reps = true;
  bool uses_entanglement = true;
  /// Qubits for a number of features. Throws std::invalid_argument.
  int (*qubits)(int features) = nullptr;
  /// The circuit that prepares |phi(x)> from |0…0>. Throws std::invalid_argument (not-a-number, too few
  /// features).
  Circuit (*circuit)(std::span<const double> features, const FeatureMapOptions& options) = nullptr;

  bool uses_bandwidth = true;
  bool uses_paulis = false;
  bool uses_rotation = false;
  bool uses_threshold = false;
  bool uses_layer_seed = false;

  // What a map may know about itself; kernels choose their short-cut by it. The tests hold each against the
  // circuit.

  /// The map is `reps` times (H on every qubit, then this phase). Writes into `phase`, whose storage is reused.
  void (*phase)(std::span<const double> features, const FeatureMapOptions& options,
                QuadraticPhase& phase) = nullptr;
  /// The map leaves every qubit in a pure state of its own.
  void (*product)(std::span<const double> features, const FeatureMapOptions& options,
                  std::span<BlochVector> qubits) = nullptr;
  /// The map's amplitudes are real numbers that are cheap to write down: [2^qubits].
  void (*amplitudes)(std::span<const double> features, const FeatureMapOptions& options,
                     std::span<double> amplitudes) = nullptr;
};

std::span<const FeatureMap> feature_maps();
/// nullptr when there is none of that name.
const FeatureMap* find_feature_map(std::string_view name);

/// Throws std::invalid_argument unless reps and bandwidth are usable and every feature is finite.
void check_features(const FeatureMap& map, std::span<const double> features, const FeatureMapOptions& options);

/// Pairs of an entanglement in Qiskit's order.
std::vector<std::pair<int, int>> entangled_pairs(int qubits, Entanglement entanglement);
/// The same, or the pairs that the options name. Throws std::invalid_argument (a qubit that is not there, a
/// qubit with itself, a pair named twice).
std::vector<std::pair<int, int>> entangled_pairs(int qubits, const FeatureMapOptions& options);

/// Groups of `size` qubits that a gate on that many couples, Qiskit's: full, every combination; linear, each
/// run of neighbours; circular, one run around the end as well. Throws std::invalid_argument (more than two
/// qubits where pairs are asked for).
std::vector<std::vector<int>> entangled_groups(int qubits, int size, const FeatureMapOptions& options);

/// "0-1,1-3" as pairs; empty text, no pairs. Throws std::invalid_argument.
std::vector<std::pair<int, int>> parse_pairs(std::string_view text);

} // namespace bloch::quantum
