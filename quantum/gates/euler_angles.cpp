#include "quantum/gates/euler_angles.h"

#include <cmath>

namespace bloch::quantum {

EulerAngles euler_angles(std::span<const Complex> m) {
  constexpr double nothing = 1e-15;
  const double cosine = std::abs(m[0]), sine = std::abs(m[2]);
  EulerAngles angles{2 * std::atan2(sine, cosine), 0, 0, 0};
  // The larger elements say two of the three phases; a small one is asked for the third alone.
  if (cosine >= sine) {
    angles.phase = std::arg(m[0]);
    const double sum = std::arg(m[3] * std::conj(m[0]));
    angles.phi = sine > nothing ? std::arg(m[2] * std::conj(m[0])) : 0;
    angles.lambda = sum - angles.phi;
  } else {
    angles.phase = cosine > nothing ? std::arg(m[0]) : std::arg(m[2]);
    angles.phi = std::arg(m[2]) - angles.phase;
    angles.lambda = std::arg(-m[1]) - angles.phase;
  }
  return angles;
}

} // namespace bloch::quantum
