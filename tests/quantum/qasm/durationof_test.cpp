// durationof({ … }): how long a part of a program takes.
#include <gtest/gtest.h>

#include "quantum/noise/noise_model.h"
#include "tests/quantum/support/timed_program.h"

namespace bloch::quantum {
namespace {

/// x takes 30 ns, cx 300.
NoiseModel machine_of_30_ns() {
  NoiseModel model;
  model.one_qubit.duration_ns = 30;
  model.more_qubits.duration_ns = 300;
  return model;
}

double length_of_last_delay(const std::string& body, const NoiseModel* machine = nullptr) {
  const Circuit circuit = parse_qasm(timed_head + body, {.machine = machine});
  return circuit.operations().back().duration_ns;
}

TEST(QasmDurationof, is_the_time_until_the_last_qubit_is_done) {
  const std::pair<const char*, double> lengths[] = {
      {"", 0},
      {"delay[10ns] q[0]; delay[20ns] q[0]; delay[25ns] q[1];", 30},
      {"delay[10ns] q[0]; barrier q; delay[25ns] q[1];", 35},
      {"delay[10ns] q[0]; barrier; delay[25ns] q[1];", 35},
      {"delay[10ns] q[0]; delay[5ns];", 15},
      {"box[100ns] { x q[0]; cx q[1], q[2]; box { z q[0]; } }", 100},
      {"delay[10ns] q[0]; box[100ns] { x q[1]; } delay[5ns] q[1];", 105},
      {"delay[10ns] q[0]; box[100ns] { x q[1]; nop q[0]; } delay[5ns] q[1];", 115},
      {"box { delay[10ns] q[0]; delay[20ns] q[1]; } delay[5ns] q[0];", 25},
      {"for int k in [1:3] delay[k * 10ns] q[0];", 60},
      {"w q[0], q[1]; inv @ w q[1], q[0];", 60},
      {"delay[durationof({ delay[10ns] q[0]; }) * 2] q[0];", 20},
  };
  for (const auto& [part, expected] : lengths)
    EXPECT_DOUBLE_EQ(length_of_last_delay("gate w a, b { delay[20ns] a, b; box[20ns] { x b; } }\n"
                                          "duration d = durationof({" +
                                          std::string(part) + "}) + 1ns; delay[d] q[2];"),
                     expected + 1)
        << part;
}

TEST(QasmDurationof, stands_in_gates_loops_and_conditions) {
  EXPECT_DOUBLE_EQ(length_of_last_delay("gate g a, b { delay[durationof({ delay[10ns] b; delay[5ns]; })] a; } "
                                        "g q[2], q[0];"),
                   15);
  EXPECT_DOUBLE_EQ(length_of_last_delay("gate g a { for int k in [1:3] box[durationof({ for int j in [1:k] "
                                        "delay[k * 1ns] a; })] { x a; } } g q[2];"),
                   9);
  EXPECT_DOUBLE_EQ(length_of_last_delay("bit c; c = measure q[0]; if (c) { box[9ns] { "
                                        "delay[durationof({ box[4ns] { x q[1]; } })] q[1]; } }"),
                   9);
}

TEST(QasmDurationof, knows_the_gate_times_of_a_noise_model) {
  const NoiseModel machine = machine_of_30_ns();
  EXPECT_DOUBLE_EQ(length_of_last_delay("delay[durationof({x q[0]; cx q[0], q[1]; x q[2];})] q[0];", &machine),
                   330);
  EXPECT_DOUBLE_EQ(
      length_of_last_delay("gate g a { x a; x a; } delay[1us - durationof({g q[1];})] q[1];", &machine), 940);
  EXPECT_THROW(length_of_last_delay("delay[durationof({box[20ns] { x q[0]; }})] q[0];", &machine), QasmError);
}

TEST(QasmDurationof, is_refused_at_its_place) {
  expect_refused_timing("delay[durationof({x q[0];})] q[0];", 19, "how long gate 'x' takes is not known");
  expect_refused_timing("gate g a { box[1ns] { x a; } x a; } delay[durationof({g q[0];})] q[0];", 30,
                        "gate 'x'");
  expect_refused_timing("gate g a { delay[durationof({ x a; })] a; }", 31, "gate 'x'");
  expect_refused_timing("delay[durationof({box[5ns] { delay[6ns] q; }})] q[0];", 7, "a box lasts 5 ns");
  expect_refused_timing("delay[durationof({measure q[0];})] q[0];", 19, "no place in durationof");
  expect_refused_timing("delay[durationof({int k = 2;})] q[0];", 19, "no place in durationof");
  expect_refused_timing("delay[durationof({delay[5ns] q[3];})] q[0];", 31, "out of range");
  expect_refused_timing("delay[durationof(x)] q[0];", 18, "expected '{'");
  expect_refused_timing("delay[durationof({ delay[5ns] q;)] q[0];", 33, "expected a gate");
  expect_refused_timing("rx(durationof({})) q[0];", 4, "not a duration");
}

} // namespace
} // namespace bloch::quantum
