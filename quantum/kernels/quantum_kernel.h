#pragma once

#include <span>
#include <string>
#include <vector>

#include "quantum/kernels/kernel.h"
#include "quantum/kernels/kernel_noise.h"

namespace bloch::quantum {

/// Up to so many qubits a noisy fidelity kernel is tr(rho(x) rho(y)) of exact density matrices.
inline constexpr int most_density_kernel_qubits = 6;

enum class KernelKind {
  fidelity,  ///< |<phi(x)|phi(y)>|^2
  projected, ///< a Gaussian of reduced states
};

/// A kernel as one describes it: a map, what is compared of its states, and what a device would add.
struct QuantumKernel {
  const FeatureMap* map = nullptr;
  FeatureMapOptions options = {};
  KernelKind kind = KernelKind::fidelity;
  int order = 1;                ///< of projected: qubits of a reduced state
  double gamma = 1;             ///< of projected
  DepolarisingRates noise = {}; ///< of each gate; fidelity: exact without entanglement and for few qubits, else
                                ///< global (depolarised); projected: exact without entanglement, else global
  std::size_t shots = 0;        ///< 0: exact. Each entry, or each expectation value of projected, from so many
  std::uint64_t seed = 0;       ///< of the shots
};

/// A kernel between two tables, or of one with itself, ready to be computed block by block: every block has the
/// same numbers, shots included, as the whole matrix (a projected kernel's to rounding). Keeps references to
/// the kernel's map and copies of tables.
///
/// throws: std::invalid_argument (as fidelity_kernel and reduced_states; gamma, a rate out of range)
class KernelBlocks {
 public:
  KernelBlocks(QuantumKernel kernel, Matrix rows, Matrix columns, int threads = 0);
  /// Of a table with itself: blocks on the diagonal are symmetric to the last bit.
  KernelBlocks(QuantumKernel kernel, Matrix rows, int threads = 0);

  Eigen::Index rows() const { return rows_.rows(); }
  Eigen::Index columns() const { return symmetric_ ? rows_.rows() : columns_.rows(); }
  bool symmetric() const { return symmetric_; }
  Matrix block(Eigen::Index first_row, Eigen::Index row_count, Eigen::Index first_column,
               Eigen::Index column_count) const;
  Matrix whole() const { return block(0, rows(), 0, columns()); }

 private:
  void prepare();

  QuantumKernel kernel_;
  int qubits_ = 0, threads_ = 0;
  bool symmetric_ = false;
  Matrix rows_, columns_;
  Matrix row_reduced_, column_reduced_; ///< of projected
};

/// Kernel of rows with columns: [n][m]. Shots of projected are drawn for each table by itself, of fidelity for
/// each entry. throws: as KernelBlocks
Matrix evaluate(const QuantumKernel& kernel, const Matrix& rows, const Matrix& columns, int threads = 0);

/// The same of a table with itself: symmetric to the last bit.
Matrix evaluate(const QuantumKernel& kernel, const Matrix& rows, int threads = 0);

/// Gamma at which entries of the projected kernel are near exp(-1) on average over different samples.
double typical_gamma(const QuantumKernel& kernel, const Matrix& samples, int threads = 0);

/// What a bandwidth makes of a kernel on some samples.
struct BandwidthTrial {
  double bandwidth = 0;
  double off_diagonal_mean = 0;
  double off_diagonal_deviation = 0;
  double score = 0; ///< centred alignment with the target, or the deviation where there is none
};

/// Tries bandwidths on a logarithmic grid. The best is the one of highest score; a first guess for tuning by
/// cross-validation, not in its place (Shaydulin and Wild 2021, arXiv:2111.05451).
///
/// target: as label_kernel gives it; empty, no labels
/// throws: std::invalid_argument (the map has no bandwidth, fewer than two samples)
std::vector<BandwidthTrial> try_bandwidths(QuantumKernel kernel, const Matrix& samples, const Matrix& target,
                                           int threads = 0);
const BandwidthTrial& best_trial(std::span<const BandwidthTrial> trials);

} // namespace bloch::quantum
