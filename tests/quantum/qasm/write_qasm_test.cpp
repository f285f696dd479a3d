#include <cmath>

#include <gtest/gtest.h>

#include "quantum/qasm/qasm.h"
#include "quantum/qasm/write_qasm.h"
#include "quantum/simulators/reference.h"
#include "quantum/simulators/simulate.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

/// 1 where two states are the same up to a global phase.
double overlap(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  Complex sum{};
  for (std::size_t k = 0; k < a.size(); ++k) sum += std::conj(a[k]) * b[k];
  return std::abs(sum);
}

/// Something to tell gates apart by, then the gate on some qubits.
Circuit marked(const Gate& gate, bool adjoint, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(5);
  for (int k = 0; k < 5; ++k)
    circuit.gate("u", {k}, {some_angle(random), some_angle(random), some_angle(random)});
  Operation operation;
  operation.gate = &gate;
  operation.controls = gate.controls;
  operation.adjoint = adjoint;
  operation.qubits = some_qubits(5, gate.qubits(), random);
  for (int k = 0; k < gate.parameters; ++k) operation.parameters.push_back(some_angle(random));
  circuit.add(operation);
  return circuit;
}

TEST(WriteQasm, says_every_gate_and_its_inverse_in_version_3) {
  for (const Gate& gate : gates())
    for (const bool adjoint : {false, true}) {
      const Circuit circuit = marked(gate, adjoint, 3);
      const std::string text = to_qasm3(circuit);
      EXPECT_NEAR(overlap(reference_state(circuit), reference_state(parse_qasm(text))), 1, 1e-12) << text;
    }
}

TEST(WriteQasm, says_every_gate_in_version_2_and_refuses_inverses_it_lacks) {
  for (const Gate& gate : gates())
    for (const bool adjoint : {false, true}) {
      const Circuit circuit = marked(gate, adjoint, 4);
      std::string text;
      try {
        text = to_qasm2(circuit);
      } catch (const std::invalid_argument&) {
        EXPECT_TRUE(adjoint && gate.parameters == 0) << gate.name;
        continue;
      }
      EXPECT_NEAR(overlap(reference_state(circuit), reference_state(parse_qasm(text))), 1, 1e-12) << text;
    }
}

TEST(WriteQasm, keeps_controls_one_qubit_matrices_and_their_phases) {
  std::mt19937 random(5);
  for (int trial = 0; trial < 20; ++trial) {
    Circuit circuit(4);
    for (int k = 0; k < 4; ++k) circuit.h(k).ry(some_angle(random), k);
    circuit.unitary(some_unitary(1, random), std::vector{2});
    circuit.unitary(some_unitary(1, random), std::vector{1}, std::vector{0, 3});
    circuit.unitary(std::vector<Complex>{0, 1, 1, 0}, std::vector{0}, std::vector{1});
    const auto expected = reference_state(circuit), found = reference_state(parse_qasm(to_qasm3(circuit)));
    for (std::size_t k = 0; k < expected.size(); ++k) ASSERT_LT(std::abs(expected[k] - found[k]), 1e-12);
  }
}

TEST(WriteQasm, keeps_matrices_that_do_next_to_nothing) {
  for (const double small : {2e-13, 2e-12, 1e-10, 1e-7}) {
    Circuit circuit(1);
    const Complex c(std::cos(small), 0), s(0, -std::sin(small));
    const std::vector<Complex> turn = {c, s, s, c};
    circuit.h(0).gate("t", {0}).unitary(turn, std::vector<int>{0}).gate("s", {0}).h(0);
    for (const std::string& text : {to_qasm3(circuit), to_qasm2(circuit)})
      EXPECT_NEAR(overlap(reference_state(circuit), reference_state(parse_qasm(text))), 1, 1e-14) << text;
  }
}

TEST(WriteQasm, keeps_registers_measurement_reset_barriers_and_conditions) {
  const std::string program = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[2] a; qubit b; bit[2] c; bit "
                              "d;\nh a[0]; cx a[0], b; barrier a;\n"
                              "c[1] = measure a[0]; reset a[0]; if (c == 2) { x b; } if (d != 1) { if (c[1] == "
                              "1) { z b; } } d = measure b;\n";
  const Circuit circuit = parse_qasm(program), again = parse_qasm(to_qasm3(circuit));
  EXPECT_EQ(to_qasm3(circuit), to_qasm3(again));
  EXPECT_EQ(run_shots(circuit, {.shots = 100, .seed = 1}), run_shots(again, {.shots = 100, .seed = 1}));
  EXPECT_THROW(to_qasm2(circuit), std::invalid_argument);
  const Circuit old = parse_qasm("include \"qelib1.inc\"; qreg q[2]; creg c[2]; h q[0]; measure q[0] -> c[0]; "
                                 "if (c==1) x q[1]; measure q[1] -> c[1];");
  EXPECT_EQ(to_qasm2(parse_qasm(to_qasm2(old))), to_qasm2(old));
}

TEST(WriteQasm, refuses_matrices_on_several_qubits) {
  std::mt19937 random(5);
  Circuit circuit(2);
  circuit.unitary(some_unitary(2, random), std::vector{0, 1});
  EXPECT_THROW(to_qasm3(circuit), std::invalid_argument);
  EXPECT_THROW(to_qasm2(circuit), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
