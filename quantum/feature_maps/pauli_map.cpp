#include <numbers>
#include <stdexcept>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t most_word_letters = 8;

int pauli_qubits(int features) {
  if (features < 1) throw std::invalid_argument("feature map pauli needs at least one feature");
  return features;
}

std::vector<std::string> pauli_words(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ',')
      words.emplace_back();
    else if (c != ' ')
      words.back() += c;
  }
  for (const std::string& word : words)
    if (word.empty() || word.size() > most_word_letters || word.find_first_not_of("XYZ") != std::string::npos)
      throw std::invalid_argument("Pauli words have one to " + std::to_string(most_word_letters) +
                                  " letters of X, Y and Z, separated by commas, as in Z,ZZ");
  return words;
}

// exp(i angle/2 (1 - P)) up to a phase: into the Z basis, P(angle) on the parity, and back; Qiskit's
// PauliFeatureMap.
void add_evolution(Circuit& circuit, const std::string& word, std::span<const int> qubits, double angle) {
  const auto turn = [&](bool back) {
    for (std::size_t k = 0; k < word.size(); ++k) {
      // Qiskit reads a word from the right.
      const char letter = word[word.size() - 1 - k];
      if (letter == 'X') circuit.h(qubits[k]);
      if (letter == 'Y') circuit.rx(back ? -std::numbers::pi / 2 : std::numbers::pi / 2, qubits[k]);
    }
  };
  turn(false);
  for (std::size_t k = 0; k + 1 < word.size(); ++k) circuit.cx(qubits[k], qubits[k + 1]);
  circuit.p(angle, qubits.back());
  for (std::size_t k = word.size() - 1; k-- > 0;) circuit.cx(qubits[k], qubits[k + 1]);
  turn(true);
}

Circuit pauli_circuit(std::span<const double> features, const FeatureMapOptions& options) {
  check_features(*find_feature_map("pauli"), features, options);
  const std::vector<std::string> words = pauli_words(options.paulis);
  const int qubits = static_cast<int>(features.size());
  const auto x = [&](int k) { return options.bandwidth * features[static_cast<std::size_t>(k)]; };
  Circuit circuit(qubits);
  for (int rep = 0; rep < options.reps; ++rep) {
    for (int k = 0; k < qubits; ++k) circuit.h(k);
    for (const std::string& word : words) {
      if (word.size() == 1)
        for (int k = 0; k < qubits; ++k) add_evolution(circuit, word, std::array{k}, 2 * x(k));
      else
        for (const std::vector<int>& group : entangled_groups(qubits, static_cast<int>(word.size()), options)) {
          double angle = 2;
          for (const int k : group) angle *= std::numbers::pi - x(k);
          add_evolution(circuit, word, group, angle);
        }
    }
  }
  return circuit;
}

} // namespace

FeatureMap pauli_map();
FeatureMap pauli_map() {
  FeatureMap map;
  map.name = "pauli";
  map.label = "Pauli feature map";
  map.summary = "as zz, with rotations about any Pauli words, one letter a qubit";
  map.source = "Havlicek 2019, doi:10.1038/s41586-019-0980-2; angles as Qiskit's PauliFeatureMap";
  map.uses_paulis = true;
  map.qubits = pauli_qubits;
  map.circuit = pauli_circuit;
  return map;
}

} // namespace bloch::quantum
