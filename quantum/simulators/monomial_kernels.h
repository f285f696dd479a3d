#pragma once

#include <cstddef>

#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {

/// apply_groups of gates with one element a row: diagonals and X.
template <class Real>
void apply_monomial(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end);

} // namespace bloch::quantum
