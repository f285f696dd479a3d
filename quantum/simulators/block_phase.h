#pragma once

#include <complex>
#include <span>
#include <vector>

#include "quantum/simulators/block_kernels.h"
#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// A phase polynomial made ready to multiply blocks: its low qubits' own terms as a table, the couplings of the
/// others to them as factors, so that an amplitude costs three complex products however many terms there are.
template <class Real> class BlockPhase {
 public:
  BlockPhase() = default;
  /// local_qubits: the qubits of a block, ascending; at least phase_table_qubits.
  BlockPhase(const PhasePolynomial& phase, std::span<const int> local_qubits);

  /// base: index of the block's first amplitude; gives the values of the qubits outside.
  void multiply(Real* block, std::size_t base) const { apply(block, base, nullptr); }

  /// The block of amplitudes that were all `value`.
  void write(Real* block, std::size_t base, double value) const { apply(block, base, &value); }

 private:
  void apply(Real* block, std::size_t base, const double* value) const;

  using Inner = std::array<double, phase_table_qubits>;
  struct Outer { ///< a qubit outside the blocks
    int qubit = 0;
    double angle = 0;
    std::vector<std::pair<int, double>> couplings; ///< to local qubits
  };

  int middle_ = 0; ///< local qubits above the table
  double constant_ = 0;
  AlignedBuffer<Real> table_;
  std::vector<double> linear_;               ///< of local qubits
  std::vector<Inner> factor_re_, factor_im_; ///< of each middle qubit on each inner one
  std::vector<std::vector<double>> middle_pairs_;
  std::vector<Outer> outer_;
  struct OuterPair {
    std::uint64_t mask;
    double angle;
  };
  std::vector<OuterPair> outer_pairs_;
};

} // namespace bloch::quantum
