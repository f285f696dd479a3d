#include <numbers>

#include <gtest/gtest.h>

#include "quantum/qasm/qasm.h"
#include "quantum/simulators/reference.h"
#include "quantum/simulators/simulate.h"

namespace bloch::quantum {
namespace {

Circuit two(const std::string& body) { return parse_qasm("OPENQASM 2.0;\ninclude \"qelib1.inc\";\n" + body); }
Circuit three(const std::string& body) {
  return parse_qasm("OPENQASM 3.0;\ninclude \"stdgates.inc\";\n" + body);
}

void expect_same(const Circuit& a, const Circuit& b) {
  const auto left = reference_state(a), right = reference_state(b);
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t k = 0; k < left.size(); ++k) EXPECT_LT(std::abs(left[k] - right[k]), 1e-12) << k;
}

/// Where and what a program is refused for.
void expect_refused(const std::string& program, int line, int column, const std::string& word) {
  try {
    parse_qasm(program);
    FAIL() << "accepted: " << program;
  } catch (const QasmError& error) {
    EXPECT_EQ(error.line(), line) << error.what();
    EXPECT_EQ(error.column(), column) << error.what();
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Qasm2, reads_every_gate_of_its_library) {
  for (const Gate& gate : gates()) {
    std::string call(gate.name);
    if (gate.parameters > 0) {
      call += "(pi/7";
      for (int k = 1; k < gate.parameters; ++k) call += ", -" + std::to_string(k) + "*0.3";
      call += ")";
    }
    for (int k = 0; k < gate.qubits(); ++k)
      call += (k ? ", q[" : " q[") + std::to_string(gate.qubits() - 1 - k) + "]";
    const Circuit circuit = two("qreg q[5]; " + call + ";");
    ASSERT_EQ(circuit.operations().size(), 1U) << call;
    EXPECT_EQ(circuit.operations()[0].gate, &gate);
    EXPECT_EQ(circuit.operations()[0].qubits[0], gate.qubits() - 1);
  }
}

TEST(Qasm2, agrees_with_the_decompositions_of_its_library) {
  const std::string prepare =
      "qreg q[4]; u3(0.4,0.2,0.9) q[0]; u3(1.1,0.3,2) q[1]; u3(2.1,-1,0.5) q[2]; u3(0.7,0.1,0.2) q[3]; ";
  expect_same(two(prepare + "rccx q[0],q[1],q[2];"),
              two(prepare + "u2(0,pi) q[2]; u1(pi/4) q[2]; cx q[1],q[2]; u1(-pi/4) q[2]; cx q[0],q[2]; "
                            "u1(pi/4) q[2]; cx q[1],q[2]; u1(-pi/4) q[2]; u2(0,pi) q[2];"));
  expect_same(two(prepare + "rc3x q[0],q[1],q[2],q[3];"),
              two(prepare + "u2(0,pi) q[3]; u1(pi/4) q[3]; cx q[2],q[3]; u1(-pi/4) q[3]; u2(0,pi) q[3]; cx "
                            "q[0],q[3]; u1(pi/4) q[3]; cx q[1],q[3];"
                            "u1(-pi/4) q[3]; cx q[0],q[3]; u1(pi/4) q[3]; cx q[1],q[3]; u1(-pi/4) q[3]; "
                            "u2(0,pi) q[3]; u1(pi/4) q[3]; cx q[2],q[3]; u1(-pi/4) q[3]; u2(0,pi) q[3];"));
  expect_same(two(prepare + "rzz(0.8) q[0],q[1];"), two(prepare + "cx q[0],q[1]; rz(0.8) q[1]; cx q[0],q[1];"));
  expect_same(two(prepare + "rxx(0.8) q[0],q[1];"),
              two(prepare + "h q[0]; h q[1]; rzz(0.8) q[0],q[1]; h q[0]; h q[1];"));
  expect_same(two(prepare + "crz(0.8) q[0],q[1];"),
              two(prepare + "rz(0.4) q[1]; cx q[0],q[1]; rz(-0.4) q[1]; cx q[0],q[1];"));
  expect_same(two(prepare + "cswap q[0],q[1],q[2];"),
              two(prepare + "cx q[2],q[1]; ccx q[0],q[1],q[2]; cx q[2],q[1];"));
  expect_same(two(prepare + "c3sqrtx q[0],q[1],q[2],q[3]; c3sqrtx q[0],q[1],q[2],q[3];"),
              two(prepare + "c3x q[0],q[1],q[2],q[3];"));
  expect_same(two(prepare + "cu(0.3,0.4,0.5,0.6) q[1],q[2];"),
              two(prepare + "p(0.6) q[1]; cu3(0.3,0.4,0.5) q[1],q[2];"));
  expect_same(two(prepare + "sx q[1]; sx q[1];"), two(prepare + "x q[1];"));
}

TEST(Qasm2, expands_gate_definitions_with_angles_and_broadcasts_over_registers) {
  const Circuit circuit = two("gate pair(a, b) x, y { rx(a/2) x; barrier x, y; cx x, y; rz(-b^2) y; }\n"
                              "qreg a[2]; qreg b[2]; creg c[2]; pair(pi, sin(0.5)) a, b; h a; measure b -> c;");
  Circuit expected(4, 2);
  for (int k = 0; k < 2; ++k)
    expected.rx(std::numbers::pi / 2, k)
        .barrier(std::vector{k, 2 + k})
        .cx(k, 2 + k)
        .rz(-std::pow(std::sin(0.5), 2), 2 + k);
  expected.h(0).h(1).measure(2, 0).measure(3, 1);
  ASSERT_EQ(circuit.operations().size(), expected.operations().size());
  for (std::size_t k = 0; k < expected.operations().size(); ++k) {
    EXPECT_EQ(circuit.operations()[k].gate, expected.operations()[k].gate);
    EXPECT_EQ(circuit.operations()[k].qubits, expected.operations()[k].qubits);
    EXPECT_EQ(circuit.operations()[k].parameters, expected.operations()[k].parameters);
  }
}

TEST(Qasm2, reads_conditions_reset_and_comments) {
  const Circuit circuit = two("// a comment\nqreg q[2]; /* and\nanother */ creg c[2];\nmeasure q[0] -> c[1]; "
                              "if (c==2) x q[1]; reset q[0];");
  ASSERT_EQ(circuit.operations().size(), 3U);
  ASSERT_EQ(circuit.operations()[1].conditions.size(), 1U);
  EXPECT_EQ(circuit.operations()[1].conditions[0].value, 2U);
  EXPECT_EQ(circuit.operations()[1].conditions[0].size, 2);
}

TEST(Qasm2, knows_only_U_and_CX_before_the_include) {
  EXPECT_NO_THROW(parse_qasm("OPENQASM 2.0; qreg q[2]; U(0.1,0.2,0.3) q[0]; CX q[0],q[1];"));
  expect_refused("OPENQASM 2.0;\nqreg q[2];\nh q[0];", 3, 1, "qelib1.inc");
}

TEST(Qasm2, says_line_column_and_what_was_expected) {
  expect_refused("OPENQASM 2.0;\nqreg q[2]\nh q[0];", 3, 1, "expected ';'");
  expect_refused("OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nfoo q[0];", 4, 1, "foo");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; h q[2];", 1, 37, "out of range");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; cx q[0];", 1, 34, "2 qubits");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; cx q[0],q[0];", 1, 34, "twice");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; rx q[0];", 1, 34, "1 angle");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; rx(1/0) q[0];", 1, 38, "zero");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; rx(ln(0)) q[0];", 1, 37, "finite");
  expect_refused("include \"qelib1.inc\"; qreg q[2]; rx(foo) q[0];", 1, 37, "foo");
  expect_refused("qreg q[2]; qreg q[3];", 1, 17, "declared");
  expect_refused("qreg q[0];", 1, 8, "1 to");
  expect_refused("qreg q[999999999];", 1, 8, "1 to");
  expect_refused("creg c[2];", 1, 1, "no qubits");
  expect_refused("", 1, 1, "no qubits");
  expect_refused("OPENQASM 4.0; qreg q[1];", 1, 10, "2 and 3");
  expect_refused("qreg q[1]; creg c[2]; measure q -> c;", 1, 31, "as many bits");
  expect_refused("qreg q[1]; creg c[1]; if (c) U(0,0,0) q[0]; if (d==1) U(0,0,0) q[0];", 1, 49, "d");
  expect_refused("include \"nowhere.inc\";", 1, 9, "nowhere.inc");
  expect_refused("qreg q[1]; /* never closed", 1, 12, "not closed");
  expect_refused("qreg q[1]; $", 1, 12, "unexpected character");
  expect_refused("opaque thing q; qreg q[1]; thing q[0];", 1, 28, "opaque");
  expect_refused("gate g a { g a; } qreg q[1]; g q[0];", 1, 12, "no gate");
  expect_refused("gate g(x) a { U(x,0,0) b; } qreg q[1];", 1, 24, "'b'");
}

TEST(Qasm2, bounds_what_a_small_program_can_ask_for) {
  std::string doubling = "include \"qelib1.inc\"; gate g0 a { x a; x a; }\n";
  for (int k = 1; k < 60; ++k)
    doubling += "gate g" + std::to_string(k) + " a { g" + std::to_string(k - 1) + " a; g" +
                std::to_string(k - 1) + " a; }\n";
  EXPECT_THROW(parse_qasm(doubling + "qreg q[1]; g59 q[0];", {.most_steps = 20000}), QasmError);
  std::string chain = "gate g0 a { }\n";
  for (int k = 1; k < 5000; ++k)
    chain += "gate g" + std::to_string(k) + " a { g" + std::to_string(k - 1) + " a; }\n";
  EXPECT_THROW(parse_qasm(chain), QasmError);
  EXPECT_THROW(parse_qasm("qreg q[1]; U(" + std::string(100000, '(') + "1", {}), QasmError);
  EXPECT_THROW(parse_qasm("qreg q[1]; U(" + std::string(100000, '-') + "1", {}), QasmError);
  EXPECT_THROW(three(std::string(100000, '{')), QasmError);
  EXPECT_THROW(three("qubit q; for int i in [0:1000000000] { x q; }"), QasmError);
  EXPECT_THROW(three("qubit q; for int i in [0:1000] for int j in [0:1000] for int k in [0:1000] ;"),
               QasmError);
}

TEST(Qasm2, reads_an_included_file_and_names_it_in_errors) {
  QasmOptions options;
  options.read_include = [](const std::string& name) -> std::optional<std::string> {
    if (name == "mine.inc") return "gate flip a { U(pi, 0, pi) a; }";
    if (name == "broken.inc") return "gate {";
    if (name == "loop.inc") return "include \"loop.inc\";";
    return std::nullopt;
  };
  EXPECT_EQ(parse_qasm("include \"mine.inc\"; qreg q[1]; flip q[0];", options).operations().size(), 1U);
  EXPECT_THROW(parse_qasm("include \"broken.inc\";", options), QasmError);
  EXPECT_THROW(parse_qasm("include \"loop.inc\";", options), QasmError);
}

TEST(Qasm3, reads_declarations_loops_and_assignments_of_measurements) {
  const Circuit circuit = three("const int n = 4; qubit[n] q; bit[n] c; float step = pi / 8;\n"
                                "h q[0]; for int i in [0:n-2] { cx q[i], q[i+1]; rz(step * i) q[i]; }\n"
                                "for uint i in {3, 1} x q[i];\nc = measure q;\nbit d = measure q[0];");
  EXPECT_EQ(circuit.qubits(), 4);
  EXPECT_EQ(circuit.bits(), 5);
  EXPECT_EQ(circuit.operations().size(), 1U + 6 + 2 + 4 + 1);
  EXPECT_EQ(circuit.operations()[7].qubits[0], 3);
}

TEST(Qasm3, applies_modifiers) {
  const std::string prepare = "qubit[3] q; U(0.4,0.2,0.9) q[0]; U(1.1,0.3,2) q[1]; U(2.1,-1,0.5) q[2]; ";
  expect_same(three(prepare + "ctrl @ x q[0], q[1];"), three(prepare + "cx q[0], q[1];"));
  expect_same(three(prepare + "ctrl(2) @ x q[0], q[1], q[2];"), three(prepare + "ccx q[0], q[1], q[2];"));
  expect_same(three(prepare + "negctrl @ x q[0], q[1];"), three(prepare + "x q[0]; cx q[0], q[1]; x q[0];"));
  expect_same(three(prepare + "inv @ U(0.1, 0.2, 0.3) q[0];"), three(prepare + "U(-0.1, -0.3, -0.2) q[0];"));
  expect_same(three(prepare + "pow(0.5) @ x q[0];"), three(prepare + "sx q[0];"));
  expect_same(three(prepare + "pow(-2) @ s q[0];"), three(prepare + "z q[0];"));
  expect_same(three(prepare + "ctrl @ gphase(0.7) q[1];"), three(prepare + "p(0.7) q[1];"));
  expect_same(three(prepare + "gate two a, b { h a; cx a, b; t b; } inv @ two q[0], q[1];"),
              three(prepare + "tdg q[1]; cx q[0], q[1]; h q[0];"));
  expect_same(three(prepare + "gate two a, b { h a; cx a, b; gphase(0.3); } ctrl @ two q[2], q[0], q[1];"),
              three(prepare + "ch q[2], q[0]; ccx q[2], q[0], q[1]; p(0.3) q[2];"));
  expect_same(three(prepare + "pow(2) @ inv @ ctrl @ t q[0], q[1];"), three(prepare + "cp(-pi/2) q[0], q[1];"));
}

TEST(Qasm3, reads_if_and_else_on_bits_and_constants) {
  const Circuit circuit = three("qubit[2] q; bit[2] c; c[0] = measure q[0];\n"
                                "if (c[0]) x q[1]; else { z q[1]; h q[1]; }\nif (c == 3) y q[0]; if (!c[1]) s "
                                "q[0]; if (2 > 1) t q[0]; else h q[0];");
  ASSERT_EQ(circuit.operations().size(), 7U);
  EXPECT_TRUE(circuit.operations()[1].conditions[0].equal);
  EXPECT_FALSE(circuit.operations()[2].conditions[0].equal);
  EXPECT_FALSE(circuit.operations()[3].conditions[0].equal);
  EXPECT_EQ(circuit.operations()[4].conditions[0].size, 2);
  EXPECT_FALSE(circuit.operations()[5].conditions[0].equal);
  EXPECT_TRUE(circuit.operations()[6].conditions.empty());
}

TEST(Qasm3, reads_ranges_sets_and_aliases) {
  const Circuit circuit =
      three("qubit[6] q; h q[0:2:4]; x q[{5, 1}]; y q[-1]; let pair = q[1:2] ++ q[5]; z pair; s pair[2];");
  std::vector<int> found;
  for (const Operation& operation : circuit.operations()) found.push_back(operation.qubits[0]);
  EXPECT_EQ(found, (std::vector<int>{0, 2, 4, 5, 1, 5, 1, 2, 5, 5}));
}

TEST(Qasm3, refuses_what_it_does_not_know_by_name) {
  const std::string head = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[2] q; bit[2] c;\n";
  expect_refused(head + "while (c[0]) { x q; }", 4, 1, "'while' on measured bits");
  expect_refused(head + "while (true) { x q; }", 4, 21, "steps");
  expect_refused(head + "def f(qubit a) { }", 4, 1, "def");
  expect_refused(head + "if (c[0]) { c[0] = measure q[0]; x q[1]; }", 4, 34, "must not go on");
  expect_refused(head + "ctrl @ x q[0];", 4, 8, "qubit");
  expect_refused(head + "let a = q[1:0];", 4, 10, "empty");
  expect_refused(head + "int k = 0.5;", 4, 9, "whole");
}

} // namespace
} // namespace bloch::quantum
