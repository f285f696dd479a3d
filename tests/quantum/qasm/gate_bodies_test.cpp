// Loops and nop in the bodies of gates.
#include <cmath>

#include <gtest/gtest.h>

#include "quantum/circuits/draw.h"
#include "quantum/circuits/resources.h"
#include "quantum/qasm/write_qasm.h"
#include "quantum/simulators/reference.h"
#include "tests/quantum/support/timed_program.h"

namespace bloch::quantum {
namespace {

/// The same steps in the same order on the same qubits, by the same angles.
void expect_same_steps(const std::string& left, const std::string& right) {
  EXPECT_EQ(to_qasm3(timed(left)), to_qasm3(timed(right))) << left;
}

TEST(QasmGateLoop, is_written_out_turn_by_turn) {
  expect_same_steps("gate g(t) a { for int k in [1:3] rx(t / k) a; } g(0.6) q[1];",
                    "rx(0.6) q[1]; rx(0.6 / 2) q[1]; rx(0.6 / 3) q[1];");
  expect_same_steps("gate g a { for uint[8] k in {0, 2, 5} { rx(k) a; z a; } } g q[0:1];",
                    "rx(0) q[0]; z q[0]; rx(2) q[0]; z q[0]; rx(5) q[0]; z q[0];"
                    "rx(0) q[1]; z q[1]; rx(2) q[1]; z q[1]; rx(5) q[1]; z q[1];");
  expect_same_steps("const int n = 2; gate g a { for int k in [2 * n:-n:0] rx(2 ** k) a; } g q[0];",
                    "rx(16) q[0]; rx(4) q[0]; rx(1) q[0];");
  expect_same_steps("gate g a { for float t in {pi / 2, 0.25,} rx(t) a; } g q[0];",
                    "rx(pi / 2) q[0]; rx(0.25) q[0];");
  expect_same_steps(
      "gate g a, b { for int k in [1:2] { for int j in [k:2] cp(k + j) a, b; h a; } } g q[0], q[2];",
      "cp(2) q[0], q[2]; cp(3) q[0], q[2]; h q[0]; cp(4) q[0], q[2]; h q[0];");
  expect_same_steps("gate g a { for int k in [1:2] { { x a; } delay[k * 5ns] a; pow(k) @ z a; } } g q[0];",
                    "x q[0]; delay[5ns] q[0]; z q[0]; x q[0]; delay[10ns] q[0]; z q[0]; z q[0];");
  expect_same_steps("gate g a { x a; for int k in [1:0] { for int j in {1, 2} y a; } z a; } g q[0];",
                    "x q[0]; z q[0];");
}

TEST(QasmGateLoop, goes_through_modifiers) {
  const std::string gate = "gate g(t) a, b { for int k in [1:2] { rx(k * t) a; cx a, b; } }\n";
  expect_same_steps(gate + "inv @ g(0.5) q[0], q[1];",
                    "inv @ cx q[0], q[1]; inv @ rx(1.0) q[0]; inv @ cx q[0], q[1]; inv @ rx(0.5) q[0];");
  expect_same_steps(gate + "pow(2) @ g(0.5) q[0], q[1];", gate + "g(0.5) q[0], q[1]; g(0.5) q[0], q[1];");
  expect_same_steps(gate + "ctrl @ g(0.5) q[2], q[0], q[1];",
                    "ctrl @ rx(0.5) q[2], q[0]; ctrl @ cx q[2], q[0], q[1];"
                    "ctrl @ rx(1.0) q[2], q[0]; ctrl @ cx q[2], q[0], q[1];");
  const auto state = reference_state(timed(gate + "h q; g(0.7) q[0], q[1]; inv @ g(0.7) q[0], q[1]; h q;"));
  EXPECT_NEAR(std::abs(state[0]), 1, 1e-12);
}

TEST(QasmGateLoop, keeps_its_variable_to_itself) {
  const std::string inner = "const int k = 7; gate inner a { rx(k) a; }\n"; // this k, whoever calls
  expect_same_steps(inner + "gate g a { for int k in [1:2] { inner a; rz(k) a; } } g q[0];",
                    "rx(7) q[0]; rz(1) q[0]; rx(7) q[0]; rz(2) q[0];");
  expect_same_steps("gate g a { for int k in [1:1] { for int k in [2:2] rx(k) a; rx(k) a; } } "
                    "const int k = 9; g q[0];",
                    "rx(2) q[0]; rx(1) q[0];");
  expect_refused_timing("gate g a { for int k in [1:2] x a; rx(k) a; }", 39, "no number called 'k'");
  expect_refused_timing("gate g a { rx(k) a; } for int k in [1:2] g q[0];", 15, "no number called 'k'");
  expect_refused_timing("gate g a { for int a in [1:2] x a; }", 20, "a name of the gate already");
  expect_refused_timing("gate g(t) a { for int t in [1:2] x a; }", 23, "a name of the gate already");
}

TEST(QasmGateLoop, is_refused_at_its_place) {
  expect_refused_timing("gate g(t) a { for int k in [0:t] x a; }", 31, "expected a whole number");
  expect_refused_timing("int n = 2; gate g a { for int k in [0:n] x a; }", 39, "declare 'n' with 'const'");
  expect_refused_timing("gate g a { for int k in [0:0:4] x a; }", 25, "cannot be 0");
  expect_refused_timing("gate g a { for int k in q x a; }", 25, "expected '['");
  expect_refused_timing("gate g a { for int k in [0:1] { x a; ", 38, "expected '}'");
  expect_refused_timing("gate g a { for int k in [0:1] measure a; }", 31, "expected a gate, for");
  expect_refused_timing("gate g a { if (true) x a; }", 12, "'if' stands outside gate definitions");
  expect_refused_timing("gate g a { while (true) x a; }", 12, "'while' stands outside gate definitions");
  expect_refused_timing("gate g a { for int k in [0:1] g a; }", 31, "no gate called 'g'");
  EXPECT_THROW(parse_qasm("OPENQASM 2.0; gate g a { for int k in [0:1] U(0,0,0) a; } qreg q[1];"), QasmError);
}

TEST(QasmGateLoop, bounds_what_it_costs) {
  const std::string head = "for int i in [0:1000]";
  expect_refused_timing("gate g a { for int k in [0:1000000000] x a; }", 25, "too many turns");
  EXPECT_THROW(timed("gate g a { " + head + " for int j in [0:1000] for int k in [0:1000] ; }"), QasmError);
  EXPECT_THROW(timed("gate g a { " + head + " x a; } gate f a { for int j in [0:1000] g a; } f q[0];"),
               QasmError);
  std::string nested = "x a;", chain = "gate g0 a { x a; }\n";
  for (int k = 0; k < 250; ++k) nested = "for int k" + std::to_string(k) + " in [1:1] " + nested;
  EXPECT_THROW(timed("gate g a {" + nested + "}"), QasmError);
  for (int k = 1; k < 1000; ++k) {
    const std::string number = std::to_string(k);
    chain +=
        "gate g" + number + " a { for int i in [1:1] for int j in [i:1] g" + std::to_string(k - 1) + " a; }\n";
  }
  EXPECT_THROW(timed(chain + "g999 q[0];"), QasmError);
}

TEST(QasmNop, has_no_effect_but_in_a_box_which_its_qubits_wait_for) {
  expect_same_steps("nop; nop q; x q[0]; nop q[0], q[0], q[1:2],;", "x q[0];");
  expect_same_steps("gate g a, b { nop a; x a; nop; nop a, b; } g q[0], q[1];", "x q[0];");
  expect_same_steps("gate g a { nop a; x a; } pow(1/2.0) @ g q[0];", "pow(0.5) @ x q[0];");
  const Circuit boxed = timed("box[50ns] { x q[0]; nop q[2]; nop; }");
  EXPECT_EQ(boxed.operations()[0].qubits, (std::vector{0, 2}));
  EXPECT_EQ(resources_of(boxed).depth, 1U);
  const Circuit of_gate = timed("gate g a, b { box { x a; nop b; } } g q[2], q[1];");
  EXPECT_EQ(of_gate.operations()[0].qubits, (std::vector{1, 2}));
  // clang-format off
  EXPECT_EQ(draw_text(boxed), "q[0] ─50ns{─[X]─}─\n"
                              "\n"
                              "q[1] ─────────────\n"
                              "\n"
                              "q[2] ─50ns{──░──}─\n");
  // clang-format on
  const std::string text = to_qasm3(boxed);
  EXPECT_EQ(to_qasm3(parse_qasm(text)), text);
  expect_refused_timing("nop q[3];", 6, "out of range");
  expect_refused_timing("nop r;", 5, "no qubits called 'r'");
  expect_refused_timing("gate g a { nop b; }", 16, "no qubit called 'b'");
  expect_refused_timing("nop q", 6, "expected ';'");
}

} // namespace
} // namespace bloch::quantum
