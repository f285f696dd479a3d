#include "quantum/gates/canonical.h"

#include <numbers>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

using Elements = std::vector<Complex>;

Elements product_of(const Elements& a, const Elements& b) {
  Elements result(16);
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t k = 0; k < 4; ++k)
      for (std::size_t column = 0; column < 4; ++column)
        result[4 * row + column] += a[4 * row + k] * b[4 * k + column];
  return result;
}

Elements tensor(const OneQubitMatrix& high, const OneQubitMatrix& low) {
  Elements result(16);
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      result[4 * row + column] = high[row / 2 * 2 + column / 2] * low[row % 2 * 2 + column % 2];
  return result;
}

/// exp(i (x XX + y YY + z ZZ)) in closed form.
Elements interaction(double x, double y, double z) {
  Elements m(16);
  const Complex same = std::polar(1.0, z), other = std::polar(1.0, -z);
  m[0] = m[15] = same * std::cos(x - y);
  m[3] = m[12] = same * Complex(0, std::sin(x - y));
  m[5] = m[10] = other * std::cos(x + y);
  m[6] = m[9] = other * Complex(0, std::sin(x + y));
  return m;
}

double error_of(const CanonicalForm& form, const Elements& unitary) {
  const Elements found =
      product_of(tensor(form.after[1], form.after[0]),
                 product_of(interaction(form.x, form.y, form.z), tensor(form.before[1], form.before[0])));
  double largest = 0;
  for (std::size_t k = 0; k < 16; ++k) largest = std::max(largest, std::abs(found[k] - unitary[k]));
  return largest;
}

void expect_form(const Elements& unitary) {
  const CanonicalForm form = canonical_form(unitary), other = with_smallest_z(form);
  ASSERT_LT(error_of(form, unitary), 1e-9);
  ASSERT_LT(error_of(other, unitary), 1e-9);
  ASSERT_LE(std::abs(other.z), std::min(std::abs(other.x), std::abs(other.y)) + 1e-12);
  ASSERT_LE(std::max(std::abs(form.x), std::abs(form.y)), std::abs(form.z) + 1e-12);
  ASSERT_LE(std::abs(form.z), std::numbers::pi / 4 + 1e-12);
  if (std::max(std::abs(form.x), std::abs(form.y)) < 1e-9) {
    EXPECT_TRUE(may_be_one_interaction(unitary));
  }
  for (const OneQubitMatrix& after : form.after) ASSERT_GE(std::norm(after[0]), 0.5 - 1e-6);
}

TEST(CanonicalForm, RandomUnitaries) {
  std::mt19937 random(7);
  for (int k = 0; k < 1000; ++k) expect_form(some_unitary(2, random));
}

TEST(CanonicalForm, EveryGateOfTwoQubits) {
  const double angles[] = {0.7, -1.9, 2.3, 0.4};
  for (const Gate& gate : gates()) {
    if (gate.qubits() != 2) continue;
    SCOPED_TRACE(gate.name);
    Elements unitary(16);
    if (gate.controls == 0) {
      gate.unitary(angles, unitary.data());
    } else {
      OneQubitMatrix target;
      gate.unitary(angles, target.data());
      unitary[0] = unitary[10] = 1; // bit 0 of an index is the control
      for (std::size_t k = 0; k < 4; ++k) unitary[4 * (2 * (k / 2) + 1) + 2 * (k % 2) + 1] = target[k];
    }
    expect_form(unitary);
  }
}

TEST(CanonicalForm, OfLocalGatesHasNoAngles) {
  std::mt19937 random(3);
  for (int k = 0; k < 100; ++k) {
    const auto high = some_unitary(1, random), low = some_unitary(1, random);
    const Elements unitary = tensor({high[0], high[1], high[2], high[3]}, {low[0], low[1], low[2], low[3]});
    expect_form(unitary);
    EXPECT_NEAR(canonical_form(unitary).z, 0, 1e-7);
  }
}

TEST(CanonicalForm, OfOneInteractionHasOneAngle) {
  std::mt19937 random(5);
  const auto local = [&] {
    const auto high = some_unitary(1, random), low = some_unitary(1, random);
    return tensor({high[0], high[1], high[2], high[3]}, {low[0], low[1], low[2], low[3]});
  };
  for (int k = 0; k < 100; ++k) {
    const double angle = some_angle(random);
    const Elements unitary =
        product_of(local(), product_of(k % 2 ? interaction(0, 0, angle) : interaction(angle, 0, 0), local()));
    ASSERT_TRUE(may_be_one_interaction(unitary));
    expect_form(unitary);
    ASSERT_FALSE(may_be_one_interaction(product_of(interaction(0.1, 0, 0.3), unitary)));
  }
}

TEST(CanonicalForm, FindsSmallAngles) {
  for (double small = 1e-2; small > 1e-9; small /= 10) {
    const CanonicalForm two = canonical_form(product_of(interaction(small, 0, 0), interaction(0, small, 0)));
    EXPECT_NEAR(std::max(std::abs(two.x), std::abs(two.y)), small, 1e-6 * small + 1e-14);
    const CanonicalForm beside = canonical_form(interaction(small, 0, 0.5));
    EXPECT_NEAR(std::max(std::abs(beside.x), std::abs(beside.y)), small, 1e-6 * small + 1e-14);
  }
}

TEST(CanonicalForm, NeedsAUnitary) { EXPECT_THROW(canonical_form(Elements(16, 1)), std::invalid_argument); }

} // namespace
} // namespace bloch::quantum
