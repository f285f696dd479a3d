#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "quantum/simulators/block_layout.h"
#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// What a circuit makes of |0…0> with its first gates: states of one and two qubits side by side. Filling in
/// their product takes a fraction of the gates' time.
class ProductState {
 public:
  /// The state of qubits that are |0>, after an item. False where that is no product, or not known to be one.
  bool take(const PlanItem& item);

  /// What every amplitude is, where all of them are the same.
  std::optional<double> uniform(const BlockLayout& layout) const;

  /// Writes a block, whose first amplitude is `base`. False where all of it is zero.
  template <class Real> bool fill(Real* block, const BlockLayout& layout, std::size_t base) const;

 private:
  struct Factor {
    std::vector<int> qubits;
    std::vector<Complex> amplitudes; ///< bit k of an index is qubits[k]
  };
  std::vector<Factor> local_factors(const BlockLayout& layout, std::size_t base, Complex& scale) const;

  std::uint64_t plus_ = 0; ///< qubits in |+>
  std::uint64_t held_ = 0; ///< qubits of the factors
  std::vector<Factor> factors_;
};

} // namespace bloch::quantum
