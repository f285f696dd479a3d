#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// Qubits 0 … n-1 in random order, the first `count` of them.
inline std::vector<int> some_qubits(int qubits, int count, std::mt19937& random) {
  std::vector<int> all(static_cast<std::size_t>(qubits));
  for (int k = 0; k < qubits; ++k) all[k] = k;
  std::shuffle(all.begin(), all.end(), random);
  all.resize(static_cast<std::size_t>(count));
  return all;
}

inline double some_angle(std::mt19937& random) { return std::uniform_real_distribution<double>(-4, 4)(random); }

/// A random unitary on `targets` qubits: Gram-Schmidt of random numbers.
inline std::vector<Complex> some_unitary(int targets, std::mt19937& random) {
  const std::size_t size = std::size_t{1} << targets;
  std::normal_distribution<double> normal;
  std::vector<Complex> matrix(size * size);
  for (Complex& element : matrix) element = {normal(random), normal(random)};
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t other = 0; other < row; ++other) {
      Complex overlap{};
      for (std::size_t k = 0; k < size; ++k)
        overlap += std::conj(matrix[other * size + k]) * matrix[row * size + k];
      for (std::size_t k = 0; k < size; ++k) matrix[row * size + k] -= overlap * matrix[other * size + k];
    }
    double norm = 0;
    for (std::size_t k = 0; k < size; ++k) norm += std::norm(matrix[row * size + k]);
    for (std::size_t k = 0; k < size; ++k) matrix[row * size + k] /= std::sqrt(norm);
  }
  return matrix;
}

/// Any gate of the list, sometimes inverted or with more controls, and dense unitaries of 1 to 5 qubits.
inline Circuit random_circuit(int qubits, int steps, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(qubits);
  while (static_cast<int>(circuit.operations().size()) < steps) {
    const auto choice = random() % (gates().size() + 8);
    if (choice >= gates().size()) {
      const int targets = 1 + static_cast<int>(random() % 5), controls = static_cast<int>(random() % 3);
      if (targets + controls > qubits) continue;
      const auto chosen = some_qubits(qubits, targets + controls, random);
      circuit.unitary(some_unitary(targets, random), std::span(chosen).first(static_cast<std::size_t>(targets)),
                      std::span(chosen).last(static_cast<std::size_t>(controls)));
      continue;
    }
    Operation operation;
    operation.gate = &gates()[choice];
    const int extra = random() % 8 == 0 ? 1 + static_cast<int>(random() % 2) : 0;
    if (operation.gate->qubits() + extra > qubits) continue;
    operation.controls = operation.gate->controls + extra;
    operation.qubits = some_qubits(qubits, operation.gate->qubits() + extra, random);
    operation.adjoint = random() % 4 == 0;
    for (int k = 0; k < operation.gate->parameters; ++k) operation.parameters.push_back(some_angle(random));
    circuit.add(operation);
  }
  return circuit;
}

} // namespace bloch::quantum
