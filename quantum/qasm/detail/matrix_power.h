#pragma once

#include <span>
#include <vector>

#include "quantum/gates/gate.h"

namespace bloch::quantum {

/// A power of a unitary [row][column], by its eigenvalues' principal angles.
std::vector<Complex> unitary_power(std::span<const Complex> matrix, double exponent);

} // namespace bloch::quantum
