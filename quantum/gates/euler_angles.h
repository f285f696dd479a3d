#pragma once

#include <span>

#include "quantum/gates/gate.h"

namespace bloch::quantum {

/// e^(i phase) U(theta, phi, lambda): e^(i phase) diag(1, e^(i phi)) R diag(1, e^(i lambda)) with R the turn by
/// theta / 2 in the real plane, 0 <= theta <= pi; in radians.
struct EulerAngles {
  double theta, phi, lambda, phase;
};

/// Those of a one-qubit unitary, [row][column]. What rounding leaves open where theta is next to 0 or pi (phi
/// and lambda apart, or their sum) is chosen, so that every element comes out again to rounding.
EulerAngles euler_angles(std::span<const Complex> matrix);

} // namespace bloch::quantum
