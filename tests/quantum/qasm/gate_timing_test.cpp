// Delays and boxes in the bodies of gates.
#include <cmath>

#include <gtest/gtest.h>

#include "quantum/circuits/draw.h"
#include "quantum/qasm/write_qasm.h"
#include "quantum/simulators/reference.h"
#include "tests/quantum/support/timed_program.h"

namespace bloch::quantum {
namespace {

/// "x 0; 100 1; { 0 1; } 0 1": gates by name, delays by ns, edges of boxes by braces, then their qubits.
std::string steps_of_gates(const std::string& body) {
  std::string text;
  const Circuit circuit = timed(body);
  for (const Operation& operation : circuit.operations()) {
    text += text.empty() ? "" : "; ";
    if (operation.adjoint) text += "inv ";
    text += operation.kind == OperationKind::delay       ? std::to_string(std::lround(operation.duration_ns))
            : operation.kind == OperationKind::barrier   ? "barrier"
            : operation.kind == OperationKind::box_begin ? "{"
            : operation.kind == OperationKind::box_end   ? "}"
                                                         : std::string(operation.gate->name);
    for (const int qubit : operation.qubits) text += " " + std::to_string(qubit);
  }
  return text;
}

TEST(QasmGateTiming, puts_delays_and_boxes_of_a_body_on_the_qubits_of_each_call) {
  const std::string gate = "const duration d = 3 * 10ns;\n"
                           "gate wait(t) a, b { delay[d] b; box[2 * d] { rx(t) a; delay[d / 2] a, b; } }\n";
  EXPECT_EQ(steps_of_gates(gate + "wait(0.1) q[2], q[0];"), "30 0; { 0 2; rx 2; 15 2 0; } 0 2");
  EXPECT_EQ(steps_of_gates(gate + "wait(0.1) q[0:1], q[2];"),
            "30 2; { 0 2; rx 0; 15 0 2; } 0 2; 30 2; { 1 2; rx 1; 15 1 2; } 1 2");
  EXPECT_EQ(
      steps_of_gates(gate + "gate outer a, b { box { wait(1) b, a; barrier; } delay[1ns]; } outer q[0], q[1];"),
      "{ 0 1; 30 0; { 0 1; rx 1; 15 1 0; } 0 1; barrier 0 1; } 0 1; 1 0 1");
  EXPECT_EQ(steps_of_gates("gate empty a { box[5ns] { } } empty q[0]; x q[1];"), "x 1");
  EXPECT_EQ(timed(gate + "wait(0.1) q[2], q[0];").operations()[1].duration_ns, 60);
}

TEST(QasmGateTiming, goes_through_modifiers) {
  const std::string gate = "gate g a { box[9ns] { s a; delay[5ns] a; } t a; }\n";
  EXPECT_EQ(steps_of_gates(gate + "inv @ g q[0];"), "inv t 0; { 0; 5 0; inv s 0; } 0");
  EXPECT_EQ(timed(gate + "inv @ g q[0];").operations()[1].duration_ns, 9);
  EXPECT_EQ(steps_of_gates(gate + "pow(2) @ g q[0];"), "{ 0; s 0; 5 0; } 0; t 0; { 0; s 0; 5 0; } 0; t 0");
  EXPECT_EQ(steps_of_gates(gate + "pow(-1) @ g q[0];"), steps_of_gates(gate + "inv @ g q[0];"));
  // the control is within the box, and waits for no delay
  EXPECT_EQ(steps_of_gates(gate + "ctrl @ g q[1], q[0];"), "{ 0 1; s 1 0; 5 0; } 0 1; t 1 0");
  EXPECT_EQ(steps_of_gates("gate w a { box { delay[5ns] a; } } negctrl @ w q[1], q[0];"),
            "x 1; { 0; 5 0; } 0; x 1");
  EXPECT_THROW(timed(gate + "pow(0.5) @ g q[0];"), QasmError);
}

TEST(QasmGateTiming, takes_the_condition_of_the_call) {
  const Circuit circuit =
      timed("gate g a { box { x a; delay[5ns] a; } } bit c; c = measure q[0]; if (c) g q[1];");
  ASSERT_EQ(circuit.operations().size(), 5U);
  for (const std::size_t k : {2U, 3U}) EXPECT_EQ(circuit.operations()[k].conditions.size(), 1U);
}

TEST(QasmGateTiming, changes_no_state_and_is_written_and_drawn_step_by_step) {
  const std::string plain = "gate g(t) a, b { h a; rx(t) b; cx a, b; }\n",
                    slow =
                        "gate g(t) a, b { h a; box[1us] { rx(t) b; delay[20ns] a; } barrier a, b; cx a, b; }\n",
                    calls = "g(0.3) q[0], q[1]; ctrl @ g(0.7) q[0], q[1], q[2]; inv @ g(1) q[2], q[0];";
  const Circuit circuit = timed(slow + calls);
  EXPECT_EQ(reference_state(circuit), reference_state(timed(plain + calls)));
  const std::string text = to_qasm3(circuit);
  EXPECT_EQ(to_qasm3(parse_qasm(text)), text);
  EXPECT_NE(text.find("box[1000ns] {\nrx(0.3) q[1];\ndelay[20ns] q[0];\n}\nbarrier q[0], q[1];\n"),
            std::string::npos)
      << text;
  // clang-format off
  EXPECT_EQ(draw_text(timed("gate e a { box[1500ns] { x a; delay[250ns] a; } } e q[1];")),
            "q[0] ───────────────────────────\n"
            "\n"
            "q[1] ─1.5us{─[X]─[wait 250ns]─}─\n"
            "\n"
            "q[2] ───────────────────────────\n");
  // clang-format on
}

TEST(QasmGateTiming, is_refused_at_its_place) {
  expect_refused_timing("gate g a { delay[5] a; }", 18, "such as 100ns");
  expect_refused_timing("gate g a { delay[5ns] q[0]; }", 23, "no qubit called 'q'");
  expect_refused_timing("gate g a, b { delay[5ns] a, b, a; }", 15, "twice");
  expect_refused_timing("gate g(t) a { delay[t] a; }", 21, "such as 100ns");
  expect_refused_timing("gate g a { delay[t] a; } const duration t = 5ns;", 18, "no number called 't'");
  expect_refused_timing("duration d = 5ns; gate g a { delay[d] a; }", 36, "'const'");
  expect_refused_timing("float t = 5; gate g a { rx(t) a; }", 28, "'const'");
  expect_refused_timing("const duration d = 5ns; d = 6ns;", 25, "cannot be set");
  expect_refused_timing("gate g a { box[0ns] { x a; } }", 16, "longer than zero");
  expect_refused_timing("gate g a { box[-5ns] { x a; } }", 16, "below zero");
  expect_refused_timing("gate g a { box { measure a; } }", 18, "outside gate definitions");
  expect_refused_timing("gate g a { duration d = 5ns; }", 12, "outside gate definitions");
  expect_refused_timing("gate g a { box { x a; ", 23, "expected '}'");
  EXPECT_THROW(parse_qasm("OPENQASM 2.0; gate g a { delay[5ns] a; } qreg q[1];"), QasmError);
}

TEST(QasmGateTiming, bounds_what_it_costs) {
  std::string nested = "x a;";
  for (int k = 0; k < 250; ++k) nested = "box {" + nested + "}";
  EXPECT_THROW(timed("gate g a {" + nested + "}"), QasmError);
  std::string names = "a0";
  for (int k = 1; k < 5000; ++k) names += ",a" + std::to_string(k);
  const std::string wide = "qubit[5000] r; gate g " + names + " { delay[1ns]; box { barrier; } }\n";
  std::string operands = "r[0]";
  for (int k = 1; k < 5000; ++k) operands += ",r[" + std::to_string(k) + "]";
  EXPECT_NO_THROW(timed(wide + "g " + operands + ";"));
  EXPECT_THROW(timed(wide + "pow(100000) @ g " + operands + ";"), QasmError);
  EXPECT_THROW(timed(wide + "for int k in [1:1000] g " + operands + ";"), QasmError);
}

} // namespace
} // namespace bloch::quantum
