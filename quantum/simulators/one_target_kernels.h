#pragma once

#include <cstddef>

#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {

/// A dense prepared gate of one target on groups begin … end-1: one sweep with its matrix in registers.
template <class Real>
void apply_one_target(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end);

} // namespace bloch::quantum
