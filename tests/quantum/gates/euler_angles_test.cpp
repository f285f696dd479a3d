#include "quantum/gates/euler_angles.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

std::vector<Complex> matrix_of(const EulerAngles& angles) {
  const double c = std::cos(angles.theta / 2), s = std::sin(angles.theta / 2);
  const auto phase = [](double angle) { return std::polar(1.0, angle); };
  return {phase(angles.phase) * c, -phase(angles.phase + angles.lambda) * s,
          phase(angles.phase + angles.phi) * s, phase(angles.phase + angles.phi + angles.lambda) * c};
}

double error_of(const std::vector<Complex>& matrix) {
  const auto again = matrix_of(euler_angles(matrix));
  double largest = 0;
  for (std::size_t k = 0; k < 4; ++k) largest = std::max(largest, std::abs(again[k] - matrix[k]));
  return largest;
}

TEST(EulerAngles, give_every_element_of_random_unitaries) {
  std::mt19937 random(1);
  for (int k = 0; k < 1000; ++k) ASSERT_LT(error_of(some_unitary(1, random)), 1e-14) << k;
}

TEST(EulerAngles, give_every_element_next_to_a_phase_and_next_to_a_flip) {
  std::mt19937 random(2);
  for (const double small : {0.0, 1e-17, 3e-16, 2e-15, 5e-14, 2e-13, 4e-13, 1e-12, 1e-10, 1e-7, 1e-3})
    for (const double theta : {small, std::numbers::pi - small})
      for (int k = 0; k < 100; ++k) {
        auto matrix = matrix_of({theta, some_angle(random), some_angle(random), some_angle(random)});
        // Rounding, of which the phase of a small element is made.
        for (Complex& element : matrix) element += std::polar(1e-16, some_angle(random));
        ASSERT_LT(error_of(matrix), 1e-14) << theta << " " << k;
      }
}

} // namespace
} // namespace bloch::quantum
