// What OpenQASM 3 allows and people seldom write.
#include <gtest/gtest.h>

#include "quantum/qasm/qasm.h"
#include "quantum/qasm/write_qasm.h"
#include "quantum/simulators/simulate.h"

namespace bloch::quantum {
namespace {

const std::string odd_head = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[4] q; bit[4] c;\n";

Circuit odd(const std::string& body) { return parse_qasm(odd_head + body); }

/// The same steps in the same order.
void expect_means(const std::string& body, const std::string& plain) {
  EXPECT_EQ(to_qasm3(odd(body)), to_qasm3(odd(plain))) << body;
}

/// On line 4.
void expect_refused_odd(const std::string& body, int column, const std::string& word) {
  try {
    odd(body);
    FAIL() << "accepted: " << body;
  } catch (const QasmError& error) {
    EXPECT_EQ(error.line(), 4) << error.what();
    EXPECT_EQ(error.column(), column) << error.what();
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(QasmOdd, ranges_end_with_their_register) {
  expect_means("x q[:2]; y q[1:]; z q[:];", "x q[0:2]; y q[1:3]; z q[0:3];");
  expect_means("x q[:2:3]; x q[::2]; y q[:-1:0]; z q[:-1:1]; h q[-2:];",
               "x q[{0, 2}]; x q[0:2]; y q[{3, 2, 1, 0}]; z q[{3, 2, 1}]; h q[2:3];");
  expect_means("c[:1] = measure q[2:];", "c[0] = measure q[2]; c[1] = measure q[3];");
  expect_refused_odd("x q[0:1:];", 9, "expected");
  EXPECT_THROW(parse_qasm("OPENQASM 2.0; qreg q[2]; U(0,0,0) q[:1];"), QasmError);
}

TEST(QasmOdd, lists_may_end_with_a_comma) {
  expect_means("x q[0],; cx q[0], q[1],; barrier q[0],; delay[1ns] q[0],; h q[{0, 1,}];",
               "x q[0]; cx q[0], q[1]; barrier q[0]; delay[1ns] q[0]; h q[0:1];");
  expect_means("gate g(a, b,) x, y, { rx(a + b) x; } g(1, 2,) q[0], q[1];", "rx(3) q[0];");
}

TEST(QasmOdd, whole_numbers_have_bits_shifts_and_casts) {
  const std::pair<const char*, const char*> values[] = {
      {"2 ^ 3", "1"},
      {"1 | 2 ^ 3 & 1 << 2", "3"},
      {"~1", "-2"},
      {"-7 >> 1", "-4"},
      {"2 ** 3 ** 2 % 100", "12"},
      {"7 / 2 * 2.0", "6"},
      {"uint[4](9)", "9"},
      {"float[64](3) / 2", "1.5"},
      {"bool(0.5) + bool(0)", "1"},
      {"int(-3.7)", "-3"},
      {"popcount(13)", "3"},
      {"five[0] + five[1] + five[2]", "2"},
      {"five << 62", "5 * 2.0 ** 62"},
  };
  for (const auto& [written, meant] : values)
    expect_means("uint[4] five = 5; rx(" + std::string(written) + ") q[0];",
                 "rx(" + std::string(meant) + ") q[0];");
  expect_means("uint a = 1; a <<= 3; a |= 1; a ^= 8; a **= 2; a += 13; a %= 8; a &= 4; rx(a) q[0];",
               "rx(4) q[0];");
  expect_means("uint a = 5; for int k in [0:3] { if (bool(a[k])) x q[k]; }", "x q[0]; x q[2];");
  EXPECT_EQ(parse_qasm("OPENQASM 2.0; qreg q[1]; U(2^3,0,0) q[0];").operations()[0].parameters[0], 8);
  expect_refused_odd("rx(1.5 | 1) q[0];", 8, "whole numbers on both sides of '|'");
  expect_refused_odd("rx(1 << -1) q[0];", 6, "below zero");
  expect_refused_odd("rx(~0.5) q[0];", 4, "whole number after '~'");
  expect_refused_odd("int a = -1; rx(a[0]) q[0];", 17, "not below zero");
}

TEST(QasmOdd, a_power_of_whole_numbers_is_a_fraction) {
  EXPECT_EQ(to_qasm3(odd("pow(1/2) @ x q[0]; pow(-3/2) @ s q[0];")),
            to_qasm3(odd("pow(0.5) @ x q[0]; pow(-1.5) @ s q[0];")));
  expect_means("rx(1/2) q[0];", "rx(0) q[0];");
}

TEST(QasmOdd, names_of_a_block_end_with_it) {
  expect_means("for int i in [0:2] { float t = pi / 2 ** i; let p = q[i:i+1]; rx(t) p[1]; }",
               "rx(pi) q[1]; rx(pi / 2) q[2]; rx(pi / 4) q[3];");
  const Circuit circuit =
      odd("for int i in [0:1] { bit[2] b = measure q[i:i+1]; if (b == 3) x q[3]; } bit b = measure q[0];");
  ASSERT_EQ(circuit.bit_registers().size(), 3U); // one for both turns
  EXPECT_EQ(circuit.bit_registers()[1].name, "b");
  EXPECT_EQ(circuit.bit_registers()[2].name, "b_");
  EXPECT_EQ(to_qasm3(parse_qasm(to_qasm3(circuit))), to_qasm3(circuit));
  expect_means("for int i in [0:1] float t = i; { bit b; } x q[0];", "bit b; x q[0];");
  expect_refused_odd("{ int k = 1; } rx(k) q[0];", 19, "no number called 'k'");
  expect_refused_odd("if (true) { bit b; } b = measure q[0];", 24, "expected a qubit");
}

TEST(QasmOdd, what_is_not_done_is_passed_over_whole) {
  expect_means("if (false) for int k in {0, 1} x q[k]; y q[0];", "y q[0];");
  expect_means("if (false) x q[{0, 1}]; y q[0];", "y q[0];");
  expect_means("if (false) if (true) x q[0]; else y q[0]; else z q[0];", "z q[0];");
  expect_means("for int k in [1:0] if (c == 1) { x q[0]; } else { y q[0]; } z q[0];", "z q[0];");
  expect_means("if (false) box[5ns] { x q[0]; } else while (false) { } z q[0];", "z q[0];");
  expect_means("if (true) x q[0]; else switch (1) { case 1 { y q[0]; } } z q[0];", "x q[0]; z q[0];");
}

TEST(QasmOdd, loops_run_while_variables_say_so) {
  expect_means("int k = 3; while (k > 0) { x q[k]; k -= 1; }", "x q[3]; x q[2]; x q[1];");
  expect_means("uint p = 1; while (p < 8) p <<= 1; rx(p) q[0];", "rx(8) q[0];");
  expect_means("for float t in {0.5, pi} rx(t) q[0]; for duration d in {5ns, 1us} delay[d] q[0];",
               "rx(0.5) q[0]; rx(pi) q[0]; delay[5ns] q[0]; delay[1us] q[0];");
  expect_refused_odd("for bit b in c x q[0];", 14, "measured bits is not supported");
}

TEST(QasmOdd, conditions_join_constants_and_bits) {
  expect_means("bool b = true; if (b && 2 > 1) x q[0]; if (b || false) y q[0]; if ((1 + 1) * 2 == 4) z q[0];",
               "x q[0]; y q[0]; z q[0];");
  expect_means("if (c[0] && true) x q[0]; if (c[0] || true) y q[0]; if (c[0] && 1 > 2) z q[0];",
               "if (c[0]) x q[0]; y q[0];");
  expect_means("if (c) x q[0]; if (!c) y q[0];", "if (c != 0) x q[0]; if (c == 0) y q[0];");
  expect_means("if (int[4](c) == 3) x q[0]; if (bool(c[1])) y q[0]; if (uint(c[0:1]) != 2) z q[0];",
               "if (c == 3) x q[0]; if (c[1]) y q[0]; if (c[0:1] != 2) z q[0];");
}

/// Bits of every outcome of two qubits under a condition on both, "condition: outcomes in which it holds".
TEST(QasmOdd, conditions_on_bits_hold_when_they_should) {
  const std::pair<const char*, int> held[] = {
      {"c[0] == 1 && c[1] == 0", 0b0010},
      {"c[0] || c[1]", 0b1110},
      {"!(c[0] || c[1])", 0b0001},
      {"!(c[0] && c[1])", 0b0111},
      {"c[0] && !c[1] || !c[0] && c[1]", 0b0110},
      {"c[0:1] < 2", 0b0011},
      {"c[0:1] >= 1", 0b1110},
      {"c[0:1] > 3", 0},
      {"c[0:1] <= 9", 0b1111},
      {"c[0:1]", 0b1110},
      {"c[0] != c_one", 0b0101},
  };
  for (const auto& [condition, outcomes] : held)
    for (int outcome = 0; outcome < 4; ++outcome) {
      std::string program = "const int c_one = 1;";
      for (int bit = 0; bit < 2; ++bit)
        if (outcome >> bit & 1) program += "x q[" + std::to_string(bit) + "];";
      program += "c[0:1] = measure q[0:1]; if (" + std::string(condition) +
                 ") x q[2]; else x q[3]; c[2:3] = measure q[2:3];";
      const Counts counts = run_shots(odd(program), {.shots = 3});
      ASSERT_EQ(counts.size(), 1U);
      EXPECT_EQ(counts.begin()->first.substr(0, 2), outcomes >> outcome & 1 ? "01" : "10")
          << condition << " " << outcome;
    }
  expect_refused_odd("if (c[0] || c[1]) { c[1] = measure q[0]; }", 1, "write an if for each");
  expect_refused_odd("bit[40] d; if (d < 1000) x q[0];", 18, "lowest or highest 16");
  std::string many = "c[0]";
  for (int k = 0; k < 40; ++k) many += " || c == " + std::to_string(k);
  EXPECT_THROW(odd("if (" + many + ") x q[0];"), QasmError);
}

TEST(QasmOdd, a_switch_takes_the_case_of_its_number_or_bits) {
  expect_means("switch (2 + 1) { case 1, 2 { x q[0]; } case 3 { y q[0]; } default { z q[0]; } }", "y q[0];");
  expect_means("int k = -1; switch (k) { case 1 { x q[0]; } case -1, { y q[0]; } }", "y q[0];");
  expect_means("switch (9) { case 1 { x q[0]; } default { z q[0]; } } switch (9) { case 1 { x q[0]; } }",
               "z q[0];");
  expect_means("switch (int(c)) { case 1, 2 { x q[0]; } case 0b11 { y q[0]; } default { z q[0]; } }",
               "if (c == 1) x q[0]; if (c == 2) x q[0]; if (c == 3) y q[0]; "
               "if (c != 1 && c != 2 && c != 3) z q[0];");
  expect_refused_odd("switch (c) { case 1 { } case 1 { } }", 30, "twice");
  expect_refused_odd("switch (c) { default { } }", 14, "expected 'case'");
  expect_refused_odd("switch (c) { x q[0]; }", 14, "expected 'case'");
  expect_refused_odd("switch (0.5) { case 1 { } }", 9, "whole number");
  expect_refused_odd("switch (c) { case 1 { c[0] = measure q[0]; } default { x q[0]; } }", 46,
                     "measured again");
}

TEST(QasmOdd, inputs_are_numbers_that_come_with_the_program) {
  QasmOptions options;
  options.inputs = {{"theta", 0.25}, {"n", 3}};
  const Circuit circuit = parse_qasm(
      odd_head + "input float[64] theta; input int n; rx(n * theta) q[0]; output bit[4] r; r = measure q;",
      options);
  EXPECT_EQ(circuit.operations()[0].parameters[0], 0.75);
  EXPECT_EQ(circuit.bit_registers()[1].name, "r");
  expect_refused_odd("input float theta;", 13, "no value is given for the input 'theta'");
  options.inputs["n"] = 0.5;
  EXPECT_THROW(parse_qasm(odd_head + "input int n;", options), QasmError);
}

TEST(QasmOdd, hardware_qubits_are_a_register) {
  const Circuit circuit =
      parse_qasm("OPENQASM 3.0;\ninclude \"stdgates.inc\";\nh $0; cx $0, $2; bit c = measure $2;");
  EXPECT_EQ(circuit.qubits(), 3);
  EXPECT_EQ(circuit.operations()[1].qubits, (std::vector{0, 2}));
  EXPECT_EQ(to_qasm3(parse_qasm(to_qasm3(circuit))), to_qasm3(circuit));
  expect_refused_odd("gate g a { x $0; }", 14, "no qubit called '$0'");
  expect_refused_odd("x $100000;", 3, "hardware qubits are numbered");
  expect_refused_odd("int $0 = 3;", 5, "expected a name");
  EXPECT_EQ(odd("x $1; x q[0];").operations()[0].qubits[0], 5);
}

TEST(QasmOdd, pragmas_and_annotations_are_passed_over) {
  expect_means("@first a { ;\nx q[0];\npragma simulator x q[1];\n#pragma old\n  @deep.er b\n  y q[1]; ctrl\n@ "
               "x q[0], q[1];",
               "x q[0]; y q[1]; ctrl @ x q[0], q[1];");
}

TEST(QasmOdd, declarations_may_be_old_or_begin_as_zero) {
  expect_means("bit[2] z = \"00\"; bit k = 0; bit m = false; x q[0];", "bit[2] z; bit k; bit m; x q[0];");
  expect_refused_odd("bit[2] z = \"01\";", 12, "only a measurement sets them");
  const Circuit circuit = odd("qreg s; creg e; qreg t[2]; x s; e = measure s;");
  EXPECT_EQ(circuit.qubits(), 7);
  EXPECT_EQ(circuit.bits(), 5);
}

TEST(QasmOdd, a_program_without_a_version_tells_it_by_what_it_says) {
  EXPECT_EQ(parse_qasm("include \"stdgates.inc\"; bit c; qubit[2] q; ctrl @ x q[0], q[1];").qubits(), 2);
  EXPECT_EQ(parse_qasm("qubit q; U(0, 0, 0) q;").qubits(), 1);
  EXPECT_EQ(parse_qasm("qreg q[1]; U(1/2, 0, 0) q;").operations()[0].parameters[0], 0.5);
  EXPECT_THROW(parse_qasm("OPENQASM 2.0; qubit q;"), QasmError);
}

} // namespace
} // namespace bloch::quantum
