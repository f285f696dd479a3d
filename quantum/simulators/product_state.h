#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/block_layout.h"
#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// States of some qubits each, side by side; qubits in none of them are |0>.
class ProductState {
 public:
  struct Factor {
    std::vector<int> qubits;
    std::vector<Complex> amplitudes; ///< bit k of an index is qubits[k]
  };

  /// qubits: a mask; in |+>
  void add_plus(std::uint64_t qubits) { plus_ |= qubits; }
  void add(Factor factor);

  /// What every amplitude is, where all of them are the same.
  std::optional<double> uniform(int qubits) const;
  /// All of them, those of |+> too.
  std::vector<Factor> factors() const;
  /// A mask of their qubits.
  std::uint64_t held() const { return plus_ | held_; }

 private:
  std::uint64_t plus_ = 0;
  std::uint64_t held_ = 0; ///< qubits of the factors
  std::vector<Factor> factors_;
};

/// Writes the blocks of a product state, which takes a fraction of the time of the gates that make it.
template <class Real> class ProductFill {
 public:
  ProductFill(const ProductState& state, const BlockLayout& layout);

  /// What every amplitude is, where all of them are the same.
  const std::optional<double>& uniform() const { return uniform_; }
  /// Writes a block, whose first amplitude is `base`. False where all of it is zero.
  bool operator()(Real* block, std::size_t base) const;

 private:
  /// Amplitudes by the qubits that are not in the lanes of a vector, those in the block first: each one complex
  /// number, or a vector of them where some qubits are.
  struct Prepared {
    std::vector<std::size_t> places; ///< of vectors in a block, by the value of the qubits there
    std::vector<int> outer;          ///< qubits outside of the block
    std::size_t entry = 2;           ///< reals of an amplitude
    AlignedBuffer<Real> table;
  };
  Prepared prepared(const ProductState::Factor& factor, const BlockLayout& layout) const;
  const Real* values(const Prepared& factor, std::size_t base) const;

  std::optional<double> uniform_;
  std::size_t size_;                          ///< amplitudes of a block
  std::uint64_t held_;                        ///< qubits that may be 1
  std::size_t lanes_held_;                    ///< those in the lanes
  bool whole_ = false;                        ///< every vector of a block is written by the factors
  std::vector<Prepared> factors_;             ///< those with qubits in the block, small ones first
  std::vector<ProductState::Factor> outside_; ///< the others
};

extern template class ProductFill<float>;
extern template class ProductFill<double>;

} // namespace bloch::quantum
