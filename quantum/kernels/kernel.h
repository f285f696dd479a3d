#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <Eigen/Core>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {

/// Row-major so that one sample is contiguous: [sample][feature] or [row][column].
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// How a fidelity kernel is computed; all give the same numbers.
enum class KernelMethod {
  automatic,       ///< the cheapest that the map allows
  product,         ///< overlaps of single qubits; maps without entanglement
  amplitudes,      ///< one matrix product; maps that write their amplitudes
  transfer_matrix, ///< along a chain or ring of qubits; any number of qubits, up to 4 repetitions
  states           ///< every state, then one matrix product; up to 20 qubits
};

/// What automatic means for this map and table. throws: std::invalid_argument (nothing suits)
KernelMethod kernel_method(const FeatureMap& map, const FeatureMapOptions& options, int features);

/// Gram matrix of the fidelity kernel |<phi(x)|phi(y)>|^2, exact (no shots).
///
/// rows:    [n][features]; columns: [m][features]; returns [n][m]
/// threads: samples are spread over this many threads; 0 means those of the oneTBB arena it is called in (by
/// default all) throws:  std::invalid_argument (feature counts differ or do not suit the map, not-a-number, too
/// many qubits) source:  Havlicek 2019, doi:10.1038/s41586-019-0980-2
Matrix fidelity_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                       const Matrix& columns, int threads = 0, KernelMethod method = KernelMethod::automatic);

/// The same with itself: symmetric to the last bit, ones on the diagonal.
Matrix fidelity_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                       int threads = 0, KernelMethod method = KernelMethod::automatic);

/// What a Gram matrix says about itself.
struct GramDiagnostics {
  double off_diagonal_mean = 0;
  double off_diagonal_deviation = 0;
  double identity_distance = 0; ///< Frobenius norm of gram - identity, divided by the number of rows
  double effective_rank = 0;    ///< exp of the entropy of the normalised spectrum (Roy and Vetterli 2007)
  Eigen::VectorXd eigenvalues;  ///< largest first
};
GramDiagnostics diagnose(const Matrix& gram);

/// Shots after which no entry's standard error exceeds `error`: the largest k (1 - k) / error^2.
/// throws: std::invalid_argument (error not above 0)
double shots_for_error(const Matrix& gram, double error);

/// Shots after which the mean variance by shots is a hundredth of the variance between entries off the
/// diagonal: fewer, and a learner sees noise in place of samples. Infinite where the entries do not differ.
double shots_for_spread(const Matrix& gram);

} // namespace bloch::quantum
