#pragma once

#include "quantum/simulators/pauli_sum.h"

namespace bloch::quantum {

/// Qubits that the exact ground energy is found for.
inline constexpr int most_ground_qubits = 16;

struct GroundEnergy {
  double energy = 0;
  int steps = 0;
  bool converged = false; ///< the residual |H v - energy v| is below 1e-8 times the sum of coefficients' sizes
};

/// Lowest eigenvalue, by Lanczos steps with full reorthogonalisation from a fixed random vector.
///
/// throws: std::invalid_argument (no terms, too many qubits, more memory than is free)
/// source: Lanczos 1950; Golub and Van Loan, Matrix Computations, chapter 10
GroundEnergy ground_energy(const PauliSum& sum);

} // namespace bloch::quantum
