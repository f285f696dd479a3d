// Durations, delays and boxes of OpenQASM 3.
#include <gtest/gtest.h>

#include "quantum/circuits/draw.h"
#include "quantum/circuits/resources.h"
#include "quantum/qasm/qasm.h"
#include "quantum/qasm/write_qasm.h"
#include "quantum/simulators/adjoint_gradient.h"
#include "quantum/simulators/reference.h"
#include "quantum/simulators/simulate.h"
#include "tests/quantum/support/timed_program.h"

namespace bloch::quantum {
namespace {

TEST(QasmDelay, lasts_what_every_unit_and_sum_says) {
  const std::pair<const char*, double> lengths[] = {
      {"100ns", 100},
      {"1.5us", 1500},
      {"2 \u00b5s", 2000}, // the micro sign
      {"2\u03bcs", 2000},  // the letter mu
      {".25ms", 250000},
      {"1e-3s", 1e6},
      {"400dt", 200},
      {"0ns", 0},
      {"100ns + 2 * 50ns - 1us / 10", 100},
      {"-(-30ns)", 30},
      {"(1us / 250ns) * 1ns", 4},
      {"wait", 300},
      {"2 * wait", 600},
      {"long", 1200},
  };
  for (const auto& [text, expected] : lengths) {
    const Circuit circuit = timed("duration wait = 3 * 100ns; const duration long = 4 * wait;\ndelay[" +
                                      std::string(text) + "] q[1];",
                                  0.5);
    ASSERT_EQ(circuit.operations().size(), 1U) << text;
    EXPECT_EQ(circuit.operations()[0].kind, OperationKind::delay);
    EXPECT_NEAR(circuit.operations()[0].duration_ns, expected, 1e-9) << text;
    EXPECT_EQ(circuit.operations()[0].qubits, std::vector{1});
  }
  const Circuit changed =
      timed("duration d; d += 10ns; d *= 3; d /= 2; d -= 5ns; delay[d] q[0];\n"
            "for int k in [1:3] { if (k * 1ns > 1ns) { delay[k * d] q[0:1], q[2]; } } delay[1ns];");
  ASSERT_EQ(changed.operations().size(), 4U);
  EXPECT_DOUBLE_EQ(changed.operations()[0].duration_ns, 10);
  EXPECT_DOUBLE_EQ(changed.operations()[2].duration_ns, 30);
  EXPECT_EQ(changed.operations()[2].qubits, (std::vector{0, 1, 2})); // one step: they wait for each other
  EXPECT_EQ(changed.operations()[3].qubits, (std::vector{0, 1, 2}));
}

TEST(QasmDelay, is_refused_with_the_place_of_what_is_wrong) {
  expect_refused_timing("delay[100] q[0];", 7, "such as 100ns");
  expect_refused_timing("delay[100dt] q[0];", 10, "dt-ns");
  expect_refused_timing("delay[10ns - 20ns] q[0];", 7, "below zero");
  expect_refused_timing("delay[10ns + 20] q[0];", 12, "such as 100ns");
  expect_refused_timing("delay[10ns * 20ns] q[0];", 12, "multiplied");
  expect_refused_timing("delay[10 / 20ns] q[0];", 10, "divided");
  expect_refused_timing("delay[10ns / 0] q[0];", 12, "zero");
  expect_refused_timing("delay[2ns ** 2] q[0];", 11, "not durations");
  expect_refused_timing("delay[1e300s * 1e300] q[0];", 7, "finite");
  expect_refused_timing("delay[10ns] q[0], q[0];", 1, "twice");
  expect_refused_timing("delay[10ns] q[3];", 14, "out of range");
  expect_refused_timing("delay q[0];", 7, "expected '['");
  expect_refused_timing("stretch s;", 1, "stretch");
  expect_refused_timing("rx(100ns) q[0];", 4, "not a duration");
  expect_refused_timing("rx(sin(1ns)) q[0];", 8, "not a duration");
  expect_refused_timing("duration d = 5;", 14, "such as 100ns");
  expect_refused_timing("float d = 5ns;", 11, "found a duration");
  expect_refused_timing("duration d; d *= 2ns;", 15, "multiplied or divided by a number");
  expect_refused_timing("if (5ns > 3) x q[0];", 9, "such as 100ns");
  expect_refused_timing("box[0ns] { }", 5, "longer than zero");
  expect_refused_timing("box x q[0];", 5, "expected '{'");
  expect_refused_timing("box { duration d = 1ns; } delay[d] q[0];", 33, "no number called 'd'");
  EXPECT_THROW(parse_qasm("OPENQASM 2.0; qreg q[1]; delay[5ns] q[0];"), QasmError);
}

TEST(QasmDelay, and_a_box_change_no_state) {
  const std::string gates[] = {"h q[0];", "cx q[0], q[1];", "rx(0.3) q[1];", "cx q[1], q[2];"};
  std::string plain, spread = "delay[1us];";
  for (const std::string& gate : gates) {
    plain += gate;
    spread += "box[5us] {" + gate + "delay[20ns] q[0], q[2]; }";
  }
  const Circuit with = timed(spread), without = timed(plain);
  const auto expected = reference_state(without);
  EXPECT_EQ(reference_state(with), expected);
  const Statevector<double> state = final_state<double>(with);
  for (std::size_t k = 0; k < expected.size(); ++k)
    EXPECT_LT(std::abs(state.amplitude(k) - expected[k]), 1e-12);
  EXPECT_EQ(run_shots(with, {.shots = 200, .seed = 3}), run_shots(without, {.shots = 200, .seed = 3}));
  PauliSum sum;
  sum.add(1, "ZII");
  EXPECT_EQ(adjoint_gradient<double>(with, sum).gradient.size(), 1U);
  const CircuitResources resources = resources_of(with);
  EXPECT_EQ(resources.gates, 4U);
  EXPECT_EQ(resources.delays, 5U);
  EXPECT_EQ(resources.depth, 4U);
  EXPECT_EQ(resources.by_name.size(), 3U);
}

TEST(QasmDelay, after_a_measurement_leaves_it_the_last_word) {
  const Circuit circuit = timed("bit[3] c; h q; c = measure q; delay[1us] q; box { barrier q; }");
  EXPECT_EQ(run_shots(circuit, {.shots = 500, .seed = 1}).size(), 8U);
  EXPECT_NO_THROW(final_state<double>(circuit));
}

TEST(QasmBox, keeps_its_qubits_together_and_its_names_to_itself) {
  const Circuit circuit =
      timed("x q[0]; box[1us] { duration d = 5ns; let p = q[2]; x q[0]; box { delay[d] p; } }\n"
            "box { } float d = 1; rx(d) q[1];");
  std::vector<OperationKind> kinds;
  for (const Operation& operation : circuit.operations()) kinds.push_back(operation.kind);
  EXPECT_EQ(kinds, (std::vector{OperationKind::gate, OperationKind::box_begin, OperationKind::gate,
                                OperationKind::box_begin, OperationKind::delay, OperationKind::box_end,
                                OperationKind::box_end, OperationKind::gate}));
  EXPECT_EQ(circuit.operations()[1].qubits, (std::vector{0, 2}));
  EXPECT_EQ(circuit.operations()[6].qubits, (std::vector{0, 2}));
  EXPECT_EQ(circuit.operations()[1].duration_ns, 1000);
  EXPECT_EQ(circuit.operations()[3].qubits, std::vector{2});
  EXPECT_EQ(circuit.operations()[3].duration_ns, 0);
}

TEST(QasmBox, under_a_condition_puts_the_condition_on_its_steps) {
  const Circuit circuit =
      timed("bit c; c = measure q[0]; if (c) box { x q[1]; delay[3ns] q[1]; } else { box { y q[1]; } }");
  ASSERT_EQ(circuit.operations().size(), 8U);
  EXPECT_TRUE(circuit.operations()[1].conditions.empty());
  EXPECT_EQ(circuit.operations()[2].conditions.size(), 1U);
  EXPECT_EQ(circuit.operations()[3].conditions.size(), 1U);
  EXPECT_FALSE(circuit.operations()[6].conditions[0].equal);
  EXPECT_EQ(timed("if (1 > 2) box[5ns] { x q[0]; } x q[1];").operations().size(), 1U);
}

TEST(QasmBox, bounds_what_nested_boxes_cost) {
  std::string nested = "qubit[100000] r; delay[1ns] r;";
  for (int k = 0; k < 150; ++k) nested = "box {" + nested + "}";
  EXPECT_THROW(timed(nested), QasmError);
  EXPECT_THROW(timed("qubit[100000] r; for int k in [0:99999] delay[1ns];"), QasmError);
}

TEST(WriteTiming, says_delays_and_boxes_in_version_3_and_barriers_in_version_2) {
  const std::string body =
      "bit c; h q[0]; delay[1us / 3] q[0], q[2]; box[2.5us] { x q[1]; box { delay[7ns] q[1]; } }\n"
      "c = measure q[0]; if (c) { delay[1s] q[1]; } delay[0.1ns] q;";
  const Circuit circuit = timed(body);
  const std::string text = to_qasm3(circuit);
  EXPECT_NE(text.find("box[2500ns] {\nx q[1];\nbox {\ndelay[7ns] q[1];\n}\n}\n"), std::string::npos) << text;
  EXPECT_NE(text.find("if (c[0] == 1) { delay["), std::string::npos) << text;
  const Circuit again = parse_qasm(text);
  EXPECT_EQ(to_qasm3(again), text);
  ASSERT_EQ(again.operations().size(), circuit.operations().size());
  for (std::size_t k = 0; k < again.operations().size(); ++k) {
    EXPECT_EQ(again.operations()[k].duration_ns, circuit.operations()[k].duration_ns);
    EXPECT_EQ(again.operations()[k].qubits, circuit.operations()[k].qubits);
  }
  const std::string old = to_qasm2(circuit);
  EXPECT_NE(old.find("barrier q[1]; // delay[7ns]\n"), std::string::npos) << old;
  EXPECT_NE(old.find("barrier q[1]; // box[2500ns]\n"), std::string::npos) << old;
  EXPECT_NE(old.find("\nbarrier q[1]; // delay[1e+09ns]\n"), std::string::npos)
      << old; // no barrier has a condition
  EXPECT_EQ(resources_of(parse_qasm(old)).gates, 2U);
}

TEST(WriteTiming, closes_what_a_part_of_a_circuit_leaves_open) {
  const Circuit whole = timed("box { x q[0]; }");
  Circuit head_only(3), tail_only(3);
  head_only.add(whole.operations()[0]).add(whole.operations()[1]);
  tail_only.add(whole.operations()[1]).add(whole.operations()[2]);
  EXPECT_EQ(resources_of(parse_qasm(to_qasm3(head_only))).gates, 1U);
  EXPECT_EQ(resources_of(parse_qasm(to_qasm3(tail_only))).gates, 1U);
}

TEST(DrawTiming, shows_how_long_a_delay_lasts_and_where_a_box_ends) {
  const Circuit circuit = timed("h q[0]; box[1500ns] { delay[250ns] q[0], q[2]; }");
  // clang-format off
  EXPECT_EQ(draw_text(circuit),
            "q[0] ─[H]─1.5us{─[wait 250ns]─}─\n"
            "                      │\n"
            "q[1] ─────────────────┼─────────\n"
            "                      │\n"
            "q[2] ─────1.5us{─[wait 250ns]─}─\n");
  // clang-format on
  EXPECT_NE(draw_svg(circuit).find("1.5us{"), std::string::npos);
}

TEST(CircuitTiming, refuses_wrong_durations_and_places) {
  Circuit circuit(2);
  EXPECT_THROW(circuit.delay(-1, 0), std::invalid_argument);
  EXPECT_THROW(circuit.delay(1, 2), std::invalid_argument);
  EXPECT_THROW(circuit.delay(1, std::vector{0, 0}), std::invalid_argument);
  EXPECT_THROW(circuit.delay(1, std::vector<int>{}), std::invalid_argument);
  circuit.x(0).delay(10, std::vector{0, 1});
  EXPECT_THROW(circuit.box(3), std::invalid_argument);
  EXPECT_THROW(circuit.box(0, -1), std::invalid_argument);
  EXPECT_EQ(circuit.box(2).operations().size(), 2U);
  EXPECT_EQ(circuit.box(1, 20).operations().size(), 4U);
}

} // namespace
} // namespace bloch::quantum
