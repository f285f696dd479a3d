#pragma once

#include <array>
#include <span>

#include "quantum/gates/gate.h"

namespace bloch::quantum {

using OneQubitMatrix = std::array<Complex, 4>; ///< [row][column]

/// a after b
OneQubitMatrix product(const OneQubitMatrix& a, const OneQubitMatrix& b);

/// A two-qubit unitary as (after[1] ⊗ after[0]) exp(i (x XX + y YY + z ZZ)) (before[1] ⊗ before[0]), bit k of
/// an index being the qubit of after[k] and before[k]; |x|, |y| <= |z| <= pi / 4. Of the equal ways to write it
/// one whose `after` is nearer to a diagonal than to a flip.
struct CanonicalForm {
  std::array<OneQubitMatrix, 2> before, after;
  double x = 0, y = 0, z = 0;
};

/// False where x or y is surely not 0: quick, to spare canonical_form. Small angles pass, because the
/// invariants differ in second order only. unitary: [row][column] of 4 x 4. source:  Makhlin 2002,
/// doi:10.1023/A:1022144002391
bool may_be_one_interaction(std::span<const Complex> unitary);

/// unitary: [row][column] of 4 x 4
/// throws:  std::invalid_argument (not unitary to 1e-10)
/// source:  Kraus and Cirac 2001, doi:10.1103/PhysRevA.63.062309
CanonicalForm canonical_form(std::span<const Complex> unitary);

/// Another way to write the same unitary, whose z is the smallest of the three.
CanonicalForm with_smallest_z(CanonicalForm form);

} // namespace bloch::quantum
