#pragma once

#include <span>
#include <vector>

#include "quantum/noise/noise_model.h"
#include "quantum/simulators/pauli_sum.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

/// The largest density matrix: 256 MiB in complex128.
inline constexpr int most_density_qubits = 12;

/// 2^qubits x 2^qubits numbers, kept as the state of twice as many qubits: qubit k of the row, then of the
/// column.
template <class Real> class DensityMatrix {
 public:
  /// |0…0><0…0|. throws: std::invalid_argument (more than most_density_qubits, or than memory has room for)
  explicit DensityMatrix(int qubits);

  int qubits() const { return qubits_; }
  Complex element(std::size_t row, std::size_t column) const;

  /// Gates, each followed by its noise, and delays; conditions are the caller's business.
  /// throws: std::invalid_argument (measurement or reset; a noisy gate on more than four qubits)
  void apply(std::span<const Operation> gates, const NoiseModel& model = {});
  /// throws: std::invalid_argument (a qubit out of range)
  void apply(const Channel& channel, std::span<const int> qubits);

  double trace() const;
  /// tr(rho^2): 1 of a pure state, 1 / 2^qubits of noise.
  double purity() const;
  double probability_of_one(int qubit) const;
  /// Keeps the part where the qubit has this value, and divides by its probability.
  void project(int qubit, bool value, double probability);
  /// The diagonal, by index of the basis state.
  std::vector<double> probabilities() const;
  /// Basis state of each shot, ascending.
  std::vector<std::size_t> sample(std::size_t shots, Random& random) const;

 private:
  int qubits_;
  Statevector<Real> vector_;
};

/// tr(rho sum). throws: std::invalid_argument (the sum acts on a qubit that the state does not have)
template <class Real> double expectation(const DensityMatrix<Real>& state, const PauliSum& sum);

} // namespace bloch::quantum
