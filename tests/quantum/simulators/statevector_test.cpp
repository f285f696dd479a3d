#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "quantum/simulators/reference.h"
#include "quantum/simulators/simulate.h"
#include "quantum/simulators/statevector.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

template <class Real> class StatevectorOf : public ::testing::Test {
 public:
  static constexpr double tolerance = sizeof(Real) == 4 ? 2e-5 : 1e-12;
};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(StatevectorOf, Reals);

template <class Real>
double largest_difference(const Statevector<Real>& state, const std::vector<Complex>& expected) {
  double largest = 0;
  for (std::size_t k = 0; k < expected.size(); ++k)
    largest = std::max(largest, std::abs(state.amplitude(k) - expected[k]));
  return largest;
}

TYPED_TEST(StatevectorOf, every_gate_on_every_kind_of_qubit_agrees_with_the_reference) {
  std::mt19937 random(1);
  for (const Gate& gate : gates())
    for (const int qubits : {gate.qubits(), gate.qubits() + 1, 7})
      for (int trial = 0; trial < 6; ++trial) {
        if (qubits < gate.qubits()) continue;
        Circuit circuit(qubits);
        for (int k = 0; k < qubits; ++k)
          circuit.gate("u", {k}, {some_angle(random), some_angle(random), some_angle(random)});
        std::vector<double> angles;
        for (int k = 0; k < gate.parameters; ++k) angles.push_back(some_angle(random));
        circuit.gate(gate.name, some_qubits(qubits, gate.qubits(), random), angles);
        Statevector<TypeParam> state(qubits);
        state.apply(circuit);
        ASSERT_LT(largest_difference(state, reference_state(circuit)), TestFixture::tolerance) << gate.name;
      }
}

TYPED_TEST(StatevectorOf, random_circuits_agree_with_the_reference) {
  for (unsigned seed = 0; seed < 700; ++seed) {
    const int qubits = 1 + static_cast<int>(seed % 9);
    const Circuit circuit = random_circuit(qubits, 30, seed);
    Statevector<TypeParam> state(qubits);
    state.apply(circuit);
    ASSERT_LT(largest_difference(state, reference_state(circuit)), TestFixture::tolerance) << "seed " << seed;
    ASSERT_NEAR(state.norm_squared(), 1, 1e-4) << "seed " << seed;
  }
}

TYPED_TEST(StatevectorOf, large_states_are_the_same_on_one_and_two_threads) {
  const Circuit circuit = random_circuit(17, 40, 5);
  const Statevector<TypeParam> one = final_state<TypeParam>(circuit, 1),
                               two = final_state<TypeParam>(circuit, 2);
  for (std::size_t k = 0; k < one.size(); ++k) ASSERT_EQ(one.amplitude(k), two.amplitude(k));
}

TYPED_TEST(StatevectorOf, known_states_come_out) {
  Statevector<TypeParam> ghz(5);
  Circuit circuit(5);
  circuit.h(0);
  for (int k = 0; k < 4; ++k) circuit.cx(k, k + 1);
  ghz.apply(circuit);
  EXPECT_NEAR(ghz.amplitude(0).real(), std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(ghz.amplitude(31).real(), std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(std::abs(ghz.amplitude(7)), 0, 1e-6);
  EXPECT_NEAR(ghz.probability_of_one(3), 0.5, 1e-6);

  // W: |001> + |010> + |100>, by rotations that hand the excitation on.
  Circuit w(3);
  w.x(0);
  w.gate("cry", {0, 1}, {2 * std::acos(std::sqrt(1.0 / 3))}).cx(1, 0);
  w.gate("cry", {1, 2}, {2 * std::acos(std::sqrt(1.0 / 2))}).cx(2, 1);
  Statevector<TypeParam> state(3);
  state.apply(w);
  for (const std::size_t k : {1, 2, 4}) EXPECT_NEAR(state.amplitude(k).real(), std::sqrt(1.0 / 3), 1e-6) << k;
}

TYPED_TEST(StatevectorOf, the_fourier_transform_of_a_basis_state_is_a_wave) {
  const int qubits = 6;
  const std::size_t number = 11;
  Circuit circuit(qubits);
  for (int k = 0; k < qubits; ++k)
    if (number >> k & 1) circuit.x(k);
  for (int k = qubits; k-- > 0;) {
    circuit.h(k);
    for (int other = 0; other < k; ++other) circuit.cp(std::numbers::pi / (1 << (k - other)), other, k);
  }
  for (int k = 0; k < qubits / 2; ++k) circuit.swap(k, qubits - 1 - k);
  Statevector<TypeParam> state(qubits);
  state.apply(circuit);
  for (std::size_t k = 0; k < 64; ++k)
    EXPECT_LT(std::abs(state.amplitude(k) -
                       std::polar(0.125, 2 * std::numbers::pi * static_cast<double>(number * k) / 64)),
              1e-6);
}

TEST(Statevector, refuses_what_does_not_fit) {
  EXPECT_THROW(Statevector<float>(0), std::invalid_argument);
  EXPECT_THROW(Statevector<float>(29), std::invalid_argument);
  Circuit circuit(2, 1);
  circuit.measure(0, 0);
  Statevector<float> state(2);
  EXPECT_THROW(state.apply(circuit), std::invalid_argument);
  EXPECT_THROW(state.apply(Circuit(3)), std::invalid_argument);
}

TEST(Statevector, refuses_steps_that_do_not_fit_it) {
  Statevector<float> state(2);
  Operation step;
  step.gate = find_gate("cx");
  step.controls = 1;
  for (const std::vector<int>& qubits : {std::vector<int>{}, {0}, {0, 2}, {-1, 0}, {1, 1}, {0, 1, 0}}) {
    step.qubits = qubits;
    EXPECT_THROW(state.apply(step), std::invalid_argument);
    EXPECT_THROW(state.apply(std::span(&step, 1)), std::invalid_argument);
  }
  step.gate = find_gate("u"); // without its angles
  step.controls = 0;
  step.qubits = {0};
  EXPECT_THROW(state.apply(step), std::invalid_argument);
  EXPECT_THROW(step.unitary(), std::invalid_argument);
  step.parameters = {0.1, 0.2, 0.3};
  EXPECT_NO_THROW(state.apply(step));
  step.qubits = {};
  EXPECT_THROW(step.unitary(), std::invalid_argument); // instead of writing past the matrix of no qubit
  step.kind = OperationKind::unitary;
  step.qubits = {0, 1};
  step.matrix = std::make_shared<const std::vector<Complex>>(4);
  EXPECT_THROW(state.apply(step), std::invalid_argument);
  step.kind = OperationKind::measure;
  EXPECT_THROW(state.apply(step), std::invalid_argument);
}

TEST(Circuit, refuses_wrong_steps_and_says_why) {
  Circuit circuit(3, 1);
  EXPECT_THROW(circuit.gate("nosuch", {0}), std::invalid_argument);
  EXPECT_THROW(circuit.gate("h", {3}), std::invalid_argument);
  EXPECT_THROW(circuit.gate("h", {-1}), std::invalid_argument);
  EXPECT_THROW(circuit.gate("h", {0, 1}), std::invalid_argument);
  EXPECT_THROW(circuit.gate("cx", {1, 1}), std::invalid_argument);
  EXPECT_THROW(circuit.gate("rx", {0}), std::invalid_argument);
  EXPECT_THROW(circuit.rx(std::nan(""), 0), std::invalid_argument);
  EXPECT_THROW(circuit.measure(0, 1), std::invalid_argument);
  EXPECT_THROW(circuit.reset(5), std::invalid_argument);
  const Complex no_unitary[4] = {1, 1, 0, 1};
  EXPECT_THROW(circuit.unitary(no_unitary, std::vector{0}), std::invalid_argument);
  EXPECT_THROW(circuit.unitary(std::span(no_unitary).first(3), std::vector{0}), std::invalid_argument);
  EXPECT_THROW(Circuit(-1), std::invalid_argument);
  EXPECT_TRUE(circuit.operations().empty());
}

} // namespace
} // namespace bloch::quantum
