#include <cmath>

#include <gtest/gtest.h>

#include "quantum/simulators/simulate.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

std::size_t total(const Counts& counts) {
  std::size_t sum = 0;
  for (const auto& [bits, times] : counts) sum += times;
  return sum;
}

TEST(RunShots, writes_qubit_zero_rightmost) {
  Circuit circuit(3);
  circuit.x(0);
  const Counts counts = run_shots(circuit, {.shots = 10});
  EXPECT_EQ(counts, (Counts{{"001", 10}}));
}

TEST(RunShots, puts_the_last_register_leftmost) {
  Circuit circuit;
  circuit.add_qubits("q", 3);
  circuit.add_bits("a", 2);
  circuit.add_bits("b", 1);
  circuit.x(0).x(2).measure(0, 0).measure(1, 1).measure(2, 2);
  EXPECT_EQ(run_shots(circuit, {.shots = 5}), (Counts{{"1 01", 5}}));
}

TEST(RunShots, gives_the_same_counts_for_the_same_seed) {
  Circuit circuit = random_circuit(6, 30, 3);
  circuit.measure_all();
  const Counts first = run_shots(circuit, {.shots = 500, .seed = 9});
  EXPECT_EQ(first, run_shots(circuit, {.shots = 500, .seed = 9}));
  EXPECT_NE(first, run_shots(circuit, {.shots = 500, .seed = 10}));
  EXPECT_EQ(total(first), 500U);
}

TEST(RunShots, draws_from_the_squared_amplitudes) {
  const Circuit circuit = random_circuit(4, 30, 7);
  const std::size_t shots = 200000;
  const Counts counts = run_shots(circuit, {.shots = shots, .seed = 1, .precision = Precision::complex128});
  const Statevector<double> state = final_state<double>(circuit);
  for (std::size_t k = 0; k < 16; ++k) {
    std::string bits;
    for (int q = 3; q >= 0; --q) bits += (k >> q & 1) ? '1' : '0';
    const double expected = std::norm(state.amplitude(k)),
                 found = counts.contains(bits) ? static_cast<double>(counts.at(bits)) / shots : 0;
    EXPECT_NEAR(found, expected, 5 * std::sqrt(expected / shots) + 1e-6) << bits;
  }
}

TEST(RunShots, teleports_with_conditions_on_measured_bits) {
  for (const double angle : {0.0, 0.7, 2.1, 3.14159265}) {
    Circuit circuit;
    circuit.add_qubits("q", 3);
    circuit.add_bits("z", 1);
    circuit.add_bits("x", 1);
    circuit.add_bits("out", 1);
    circuit.ry(angle, 0).h(1).cx(1, 2).cx(0, 1).h(0).measure(0, 0).measure(1, 1);
    for (const auto& [name, bit] : {std::pair{"x", 1}, std::pair{"z", 0}}) {
      Operation fix;
      fix.gate = find_gate(name);
      fix.qubits = {2};
      fix.conditions = {{bit, 1, 1, true}};
      circuit.add(fix);
    }
    circuit.measure(2, 2);
    const std::size_t shots = 20000;
    std::size_t ones = 0;
    for (const auto& [bits, times] : run_shots(circuit, {.shots = shots, .seed = 4}))
      if (bits[0] == '1') ones += times;
    const double expected = std::pow(std::sin(angle / 2), 2);
    EXPECT_NEAR(static_cast<double>(ones) / shots, expected,
                5 * std::sqrt(expected * (1 - expected) / shots) + 1e-9);
  }
}

TEST(RunShots, resets_an_entangled_qubit_without_touching_its_partner) {
  Circuit circuit(2, 2);
  circuit.h(0).cx(0, 1).reset(0).measure(0, 0).measure(1, 1);
  const Counts counts = run_shots(circuit, {.shots = 4000, .seed = 2});
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_NEAR(static_cast<double>(counts.at("10")), 2000, 200);
  EXPECT_EQ(counts.at("00") + counts.at("10"), 4000U);
}

TEST(RunShots, reads_one_qubit_twice_the_same) {
  Circuit circuit(1, 3);
  circuit.h(0).measure(0, 0).measure(0, 1).h(0).measure(0, 2);
  for (const auto& [bits, times] : run_shots(circuit, {.shots = 1000, .seed = 2}))
    EXPECT_EQ(bits[1], bits[2]) << bits << times;
}

TEST(RunShots, ignores_bits_that_nothing_writes_when_nothing_is_measured) {
  Circuit circuit(2, 4);
  circuit.x(1);
  EXPECT_EQ(run_shots(circuit, {.shots = 3}), (Counts{{"10", 3}}));
  EXPECT_TRUE(run_shots(circuit, {.shots = 0}).empty());
}

TEST(FinalState, stops_before_final_measurements_and_refuses_others) {
  Circuit circuit(2, 2);
  circuit.h(0).cx(0, 1).measure(0, 0).measure(1, 1);
  EXPECT_NEAR(std::norm(final_state<double>(circuit).amplitude(3)), 0.5, 1e-12);
  circuit.h(0);
  EXPECT_THROW(final_state<double>(circuit), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
