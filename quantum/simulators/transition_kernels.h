#pragma once

#include <cstddef>

#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {

/// Numbers that add_transitions adds to: [row][column][pattern][re, im][lane]; [row][re, im][lane] of a
/// diagonal gate.
template <class Real> std::size_t transition_sums(const PreparedGate<Real>& gate);

/// Adds conj(bra[row]) ket[column] over groups begin … end-1 of a gate on one or two targets, where its
/// controls among the vectors are 1.
template <class Real>
void add_transitions(const Real* bra, const Real* ket, const PreparedGate<Real>& gate, std::size_t begin,
                     std::size_t end, double* sums);

} // namespace bloch::quantum
