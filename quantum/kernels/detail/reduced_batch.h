#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "quantum/kernels/phase_states.h"

namespace bloch::quantum {

/// One number for each sample of a batch.
using LaneValues = std::array<double, phase_batch>;

/// <X>, <Y>, <Z> of one qubit of each sample. re, im: [amplitude][lane]
std::array<LaneValues, 3> one_qubit_values(const float* re, const float* im, int qubits, int qubit);

/// <P_a Q_b> for P and Q of X, Y, Z: [3 P + Q].
std::array<LaneValues, 9> two_qubit_values(const float* re, const float* im, int qubits, int a, int b);

/// Which qubits can change the reduced state of others in so many layers: those within that many couplings.
class LightCones {
 public:
  LightCones(const QuadraticPhase& phase, int reps);
  /// Ascending. kept: one or two qubits
  std::vector<int> of(std::span<const int> kept) const;
  /// Where the cones of two qubits do not meet, their states are independent.
  bool meet(int a, int b) const;

 private:
  std::vector<std::vector<int>> cones_; ///< of each qubit, ascending
};

/// States of a batch on the qubits of a cone only.
class ConeStates {
 public:
  ConeStates(std::vector<int> cone, std::span<const QuadraticPhase> phases, int reps);
  const float* re() const { return states_.data(); }
  const float* im() const { return states_.data() + states_.size() / 2; }
  int qubits() const { return static_cast<int>(cone_.size()); }
  /// A qubit's number within the cone.
  int place(int qubit) const {
    return static_cast<int>(std::lower_bound(cone_.begin(), cone_.end(), qubit) - cone_.begin());
  }

 private:
  std::vector<int> cone_;
  std::vector<float> states_;
};

} // namespace bloch::quantum
