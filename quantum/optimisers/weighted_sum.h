#pragma once

#include <span>

#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

/// Sum over basis states of their probability times their weight, in double. Parts are added up in their order,
/// so the number does not depend on the threads.
///
/// weights: one for each basis state
/// throws:  std::invalid_argument (another number of weights)
/// cost:    one pass over amplitudes and weights
double weighted_sum(const Statevector<float>& state, std::span<const double> weights);

} // namespace bloch::quantum
