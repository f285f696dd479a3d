#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// A PlanExchange made ready for the machine, for states as gate_kernels.h keeps them.
template <class Real> struct PreparedExchange {
  int high = 0;                         ///< targets above the lanes
  bool scaled = false;                  ///< the first element of the diagonal is not 1
  std::array<std::size_t, 4> offsets{}; ///< of each combination of high targets, in Reals
  std::vector<int> fixed;               ///< vector-index bits of high targets, ascending
  std::array<std::size_t, 2> lanes{};   ///< bits of the low targets among the lanes
  std::array<Real, 2> tangents{};       ///< of the high targets
  /// [low target][lane] what a turn adds of the other lane; then by row [re, im][lane] of the exchange, then of
  /// the diagonal
  AlignedBuffer<Real> coefficients;
};

/// targets: two different qubits of the state; scale: multiplies everything
template <class Real>
PreparedExchange<Real> prepare_exchange(const PlanExchange& exchange, const std::array<int, 2>& targets,
                                        double scale);

/// Applies it to a state of so many qubits.
template <class Real> void apply_exchange(Real* state, const PreparedExchange<Real>& gate, int qubits);

} // namespace bloch::quantum
