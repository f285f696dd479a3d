#include <cmath>
#include <numbers>
#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/simulators/adjoint_gradient.h"
#include "quantum/simulators/reference.h"
#include "quantum/simulators/simulate.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

/// A Pauli string by its definition, letter by letter.
std::vector<Complex> applied_by_letters(const std::string& letters, std::vector<Complex> state) {
  for (std::size_t k = 0; k < letters.size(); ++k) {
    const char letter = letters[letters.size() - 1 - k];
    if (letter == 'I') continue;
    std::vector<Complex> next(state.size());
    for (std::size_t b = 0; b < state.size(); ++b) {
      const bool one = b >> k & 1;
      if (letter == 'Z') next[b] = one ? -state[b] : state[b];
      if (letter == 'X') next[b ^ (std::size_t{1} << k)] = state[b];
      if (letter == 'Y') next[b ^ (std::size_t{1} << k)] = (one ? Complex(0, -1) : Complex(0, 1)) * state[b];
    }
    state = next;
  }
  return state;
}

std::string some_letters(int qubits, std::mt19937& random) {
  std::string letters;
  for (int k = 0; k < qubits; ++k) letters += "IXYZ"[random() % 4];
  return letters;
}

Statevector<double> random_state(int qubits, unsigned seed) {
  return Statevector<double>::after(qubits, random_circuit(qubits, 30, seed).operations());
}

TEST(Expectation, agrees_with_pauli_strings_applied_letter_by_letter) {
  std::mt19937 random(11);
  for (unsigned seed = 0; seed < 60; ++seed) {
    const int qubits = seed < 50 ? 1 + static_cast<int>(seed % 9) : 14; // above 12: several blocks
    const Statevector<double> state = random_state(qubits, seed);
    std::vector<Complex> plain(state.size());
    state.copy_to(plain);
    PauliSum sum;
    std::vector<Complex> expected(plain.size());
    for (int term = 0; term < 12; ++term) {
      const std::string letters = some_letters(qubits, random);
      const double coefficient = some_angle(random);
      sum.add(coefficient, letters);
      const std::vector<Complex> one = applied_by_letters(letters, plain);
      for (std::size_t k = 0; k < one.size(); ++k) expected[k] += coefficient * one[k];
    }
    Complex value{};
    for (std::size_t k = 0; k < plain.size(); ++k) value += std::conj(plain[k]) * expected[k];
    ASSERT_NEAR(expectation(state, sum), value.real(), 1e-11) << "seed " << seed;
    const Statevector<double> result = applied(sum, state);
    for (std::size_t k = 0; k < plain.size(); ++k)
      ASSERT_LT(std::abs(result.amplitude(k) - expected[k]), 1e-11) << "seed " << seed;
  }
}

TEST(Expectation, single_precision_agrees_with_double) {
  const Circuit circuit = random_circuit(13, 40, 5);
  PauliSum sum;
  std::mt19937 random(3);
  for (int term = 0; term < 30; ++term) sum.add(some_angle(random), some_letters(13, random));
  EXPECT_NEAR(expectation(final_state<float>(circuit), sum), expectation(final_state<double>(circuit), sum),
              2e-4);
}

TEST(Expectation, of_known_states) {
  Circuit bell(2);
  bell.h(0).cx(0, 1);
  const Statevector<double> state = final_state<double>(bell);
  for (const auto& [letters, value] :
       {std::pair{"XX", 1.0}, {"YY", -1.0}, {"ZZ", 1.0}, {"ZI", 0.0}, {"XY", 0.0}, {"II", 1.0}})
    EXPECT_NEAR(expectation(state, PauliSum().add(1, letters)), value, 1e-12) << letters;
}

TEST(Expectation, inner_products_and_fidelity_agree_with_the_definition) {
  for (const int qubits : {1, 5, 14}) {
    const Statevector<double> a = random_state(qubits, 1), b = random_state(qubits, 2);
    Complex expected{};
    for (std::size_t k = 0; k < a.size(); ++k) expected += std::conj(a.amplitude(k)) * b.amplitude(k);
    EXPECT_LT(std::abs(inner_product(a, b) - expected), 1e-12);
    EXPECT_NEAR(fidelity(a, b), std::norm(expected), 1e-12);
    EXPECT_NEAR(fidelity(a, a), 1, 1e-12);
  }
  EXPECT_THROW(inner_product(random_state(2, 1), random_state(3, 1)), std::invalid_argument);
}

TEST(PauliSum, refuses_what_is_no_pauli_string) {
  PauliSum sum;
  EXPECT_THROW(sum.add(1, "XQ"), std::invalid_argument);
  EXPECT_THROW(sum.add(1, ""), std::invalid_argument);
  EXPECT_THROW(sum.add(1, std::string(64, 'X')), std::invalid_argument);
  EXPECT_THROW(sum.add(std::nan(""), "X"), std::invalid_argument);
  EXPECT_TRUE(sum.terms().empty());
  sum.add(1, "ZII");
  EXPECT_THROW(expectation(random_state(2, 1), sum), std::invalid_argument);
}

TEST(PauliSum, adds_up_equal_strings_and_groups_those_of_one_pass) {
  PauliSum sum;
  sum.add(1, "XZI").add(0.5, "ZZZ").add(2, "XZI").add(1, "YII").add(1, "IIZ");
  ASSERT_EQ(sum.terms().size(), 4U);
  EXPECT_EQ(sum.terms()[0].coefficient, 3);
  EXPECT_EQ(to_text(sum.terms()[2].string, 3), "YII");
  EXPECT_EQ(sum.qubits(), 3);
  ASSERT_EQ(grouped(sum).size(), 2U);
  EXPECT_EQ(grouped(sum)[0].terms, (std::vector<std::size_t>{1, 3}));
}

TEST(AdjointGradient, agrees_with_central_differences_on_random_circuits_of_every_gate) {
  std::mt19937 random(17);
  for (unsigned seed = 0; seed < 40; ++seed) {
    const int qubits = 2 + static_cast<int>(seed % 6);
    const Circuit circuit = random_circuit(qubits, 25, 500 + seed);
    PauliSum sum;
    for (int term = 0; term < 5; ++term) sum.add(some_angle(random), some_letters(qubits, random));
    const ExpectationGradient result = adjoint_gradient<double>(circuit, sum);
    ASSERT_NEAR(result.value, expectation(final_state<double>(circuit), sum), 1e-11);
    std::size_t angle = 0;
    for (std::size_t k = 0; k < circuit.operations().size(); ++k)
      for (std::size_t parameter = 0; parameter < circuit.operations()[k].parameters.size();
           ++parameter, ++angle) {
        constexpr double step = 1e-4;
        double values[2];
        for (int side = 0; side < 2; ++side) {
          Circuit shifted(qubits);
          for (std::size_t other = 0; other < circuit.operations().size(); ++other) {
            Operation operation = circuit.operations()[other];
            if (other == k) operation.parameters[parameter] += side == 0 ? -step : step;
            shifted.add(operation);
          }
          values[side] = expectation(final_state<double>(shifted), sum);
        }
        ASSERT_NEAR(result.gradient[angle], (values[1] - values[0]) / (2 * step), 1e-6)
            << "seed " << seed << ", step " << k << ", " << circuit.operations()[k].gate->name;
      }
    ASSERT_EQ(angle, result.gradient.size());
  }
}

TEST(AdjointGradient, of_a_rotation_is_a_sine) {
  for (const double angle : {-1.0, 0.3, 2.0}) {
    const auto result = adjoint_gradient<double>(Circuit(1).ry(angle, 0), PauliSum().add(2, "Z"));
    EXPECT_NEAR(result.value, 2 * std::cos(angle), 1e-12);
    EXPECT_NEAR(result.gradient.at(0), -2 * std::sin(angle), 1e-12);
  }
}

TEST(AdjointGradient, where_a_gate_does_nothing_yet) {
  for (const char* name : {"rx", "ry", "rxx", "crx"}) {
    const bool wide = std::string_view(name).size() > 2;
    Circuit circuit(2);
    circuit.ry(0.4, 0).ry(0.7, 1);
    if (wide)
      circuit.gate(name, {0, 1}, {0});
    else
      circuit.gate(name, {1}, {0});
    PauliSum sum;
    sum.add(1, "XI").add(0.5, "YZ").add(0.3, "ZY");
    const auto at = [&](double angle) {
      Circuit moved(2);
      for (std::size_t k = 0; k < 3; ++k) {
        Operation operation = circuit.operations()[k];
        if (k == 2) operation.parameters[0] = angle;
        moved.add(operation);
      }
      return expectation(final_state<double>(moved), sum);
    };
    const auto result = adjoint_gradient<double>(circuit, sum);
    EXPECT_NEAR(result.gradient.at(2), (at(1e-4) - at(-1e-4)) / 2e-4, 1e-6) << name;
  }
}

TEST(AdjointGradient, in_single_precision_and_on_many_vectors_agrees_with_double) {
  const Circuit circuit = random_circuit(12, 60, 8);
  PauliSum sum;
  for (int k = 0; k < 12; ++k) sum.add(1, PauliString{0, std::uint64_t{1} << k});
  const auto single = adjoint_gradient<float>(circuit, sum), both = adjoint_gradient<double>(circuit, sum);
  EXPECT_NEAR(single.value, both.value, 1e-4);
  for (std::size_t k = 0; k < both.gradient.size(); ++k)
    EXPECT_NEAR(single.gradient[k], both.gradient[k], 1e-4);
}

TEST(AdjointGradient, refuses_circuits_that_measure) {
  EXPECT_THROW(adjoint_gradient<double>(Circuit(1, 1).measure(0, 0), PauliSum().add(1, "Z")),
               std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
