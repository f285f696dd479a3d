#pragma once

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// How reduced states are computed; all give the same numbers.
enum class ReducedMethod {
  automatic,  ///< the cheapest that the map allows
  product,    ///< from single qubits; maps without entanglement, any number of qubits
  light_cone, ///< each from the qubits that can reach it in `reps` layers; phase maps, any number of qubits
  states      ///< every state; up to 20 qubits
};

/// What automatic means. throws: std::invalid_argument (nothing suits)
ReducedMethod reduced_method(const FeatureMap& map, const FeatureMapOptions& options, int features, int order);

/// Pauli expectation values of the reduced states of every qubit and, with order 2, of every pair of qubits.
///
/// order:   1 or 2
/// returns: [sample][<X_i> <Y_i> <Z_i> of each qubit, then <P_a Q_b> of each pair a < b, P before Q in XYZ]
/// throws:  std::invalid_argument (as fidelity_kernel; order 2 of a single qubit)
/// cost:    one state a sample, 2^qubits times qubits^order; by light cone 2^cone in place of 2^qubits
Matrix reduced_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples, int order,
                      int threads = 0, ReducedMethod method = ReducedMethod::automatic);

/// exp(-gamma sum of |rho_k(x) - rho_k(y)|^2), Frobenius, over the reduced states of order 1 or 2, from their
/// expectation values. source: Huang 2021, arXiv:2011.01938, equation 9
Matrix projected_kernel(const Matrix& rows, const Matrix& columns, int qubits, int order, double gamma);

/// 1 / mean squared distance between samples, so that entries are near exp(-1); 1 where nothing differs.
double projected_scale(const Matrix& reduced, int qubits, int order);

} // namespace bloch::quantum
