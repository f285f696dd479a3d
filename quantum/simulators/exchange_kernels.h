#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// Where an exchange finds its amplitudes in a state, or in a block of one.
struct ExchangePlaces {
  std::size_t fixed = 0;                ///< bits of a vector's index that do not count up from group to group
  std::array<std::size_t, 4> offsets{}; ///< of each combination of high targets, in Reals
};

/// targets: where the qubits of the exchange are; outer: qubits that stay as they are, outside of the block.
template <class Real> ExchangePlaces exchange_places(const std::array<int, 2>& targets, std::uint64_t outer);

/// A PlanExchange made ready for the machine, for states as gate_kernels.h keeps them.
template <class Real> struct PreparedExchange {
  int high = 0;                       ///< targets above the lanes
  bool scaled = false;                ///< the first element of the diagonal is not 1
  ExchangePlaces places;              ///< in the state or block that it was made for
  std::array<std::size_t, 2> lanes{}; ///< bits of the low targets among the lanes
  std::array<Real, 2> tangents{};     ///< of the high targets
  /// [low target][lane] what a turn adds of the other lane; then by row [re, im][lane] of the exchange, then of
  /// the diagonal
  AlignedBuffer<Real> coefficients;
};

/// targets: two different qubits of the state; scale: multiplies everything
template <class Real>
PreparedExchange<Real> prepare_exchange(const PlanExchange& exchange, const std::array<int, 2>& targets,
                                        double scale);

/// An exchange on its way from one place to another, as from a state into a block of it; or in place.
template <class Real> struct ExchangeRoute {
  const Real* from;
  ExchangePlaces from_places;
  Real* to;
  ExchangePlaces to_places;
};
template <class Real>
void apply_exchange(const ExchangeRoute<Real>& route, const PreparedExchange<Real>& gate, int qubits);

/// Applies it to a state of so many qubits, the one that it was made for.
template <class Real> void apply_exchange(Real* state, const PreparedExchange<Real>& gate, int qubits) {
  apply_exchange<Real>(ExchangeRoute<Real>{state, gate.places, state, gate.places}, gate, qubits);
}

} // namespace bloch::quantum
