#pragma once

#include <cstdint>

#include "quantum/circuits/circuit.h"
#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// Chance that a gate replaces all it acts on by the maximally mixed state, as depolarising noise does.
struct DepolarisingRates {
  double one_qubit = 0;
  double two_qubits = 0; ///< of gates on two qubits or more

  bool none() const { return one_qubit == 0 && two_qubits == 0; }
};

/// throws: std::invalid_argument (a rate not from 0 to 1)
void check_rates(const DepolarisingRates& rates);

/// Chance that no gate of a circuit has depolarised: the product of 1 - rate over its gates.
double survival(const Circuit& circuit, const DepolarisingRates& rates);

/// A fidelity kernel under global depolarising: k s_x s_y + (1 - s_x s_y) / 2^qubits, as if each error mixed
/// the whole register. evaluate() is exact for maps without entanglement.
///
/// row_survival: [rows]; column_survival: [columns]
/// source: Thanasilp 2024, arXiv:2208.11060, section on noise
Matrix depolarised(const Matrix& kernel, int qubits, const Eigen::VectorXd& row_survival,
                   const Eigen::VectorXd& column_survival);

/// One entry of a kernel as a number of shots estimate it: successes of `shots` draws, divided by `shots`.
/// The same for the same seed and place, however the matrix is cut into blocks.
double with_shot_noise(double value, std::size_t shots, std::uint64_t seed, std::size_t row,
                       std::size_t column);

/// The same for a block of a kernel whose first entry is [first_row][first_column]. symmetric: entries [a][b]
/// and [b][a] come from the same shots.
void add_shot_noise(Matrix& kernel, std::size_t shots, std::uint64_t seed, bool symmetric,
                    std::size_t first_row = 0, std::size_t first_column = 0);

} // namespace bloch::quantum
