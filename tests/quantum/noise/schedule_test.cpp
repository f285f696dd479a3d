// When things happen on a noisy machine, and what it does to qubits that wait.
#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/noise/noisy_simulation.h"
#include "quantum/noise/schedule.h"
#include "quantum/qasm/qasm.h"

namespace bloch::quantum {
namespace {

constexpr double t1_us = 50, t2_us = 30;

/// x lasts 100 ns, cx 400, a measurement 1000, a reset 500.
NoiseModel waiting_model(bool idle) {
  NoiseModel model;
  model.one_qubit.duration_ns = 100;
  model.more_qubits.duration_ns = 400;
  model.measurement_ns = 1000;
  model.reset_ns = 500;
  model.qubit.t1_us = t1_us;
  model.qubit.t2_us = t2_us;
  model.idle = idle;
  return model;
}

Circuit program_of(const std::string& body) {
  return parse_qasm("OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[3] q; bit[3] c;\n" + body);
}

/// "x 0; 100 1; measure 1": names or durations in ns, then qubits.
std::string steps_of(const Circuit& circuit) {
  std::string text;
  for (const Operation& operation : circuit.operations()) {
    text += text.empty() ? "" : "; ";
    for (const Condition& condition : operation.conditions) text += condition.equal ? "if " : "unless ";
    text += operation.kind == OperationKind::delay     ? std::to_string(std::lround(operation.duration_ns))
            : operation.kind == OperationKind::measure ? "measure"
            : operation.kind == OperationKind::reset   ? "reset"
                                                       : std::string(operation.gate->name);
    for (const int qubit : operation.qubits) text += " " + std::to_string(qubit);
  }
  return text;
}

std::string schedule_of(const std::string& body, bool idle = true) {
  return steps_of(scheduled(program_of(body), waiting_model(idle)));
}

Estimate expectation_of(const Circuit& circuit, const NoiseModel& model, const char* letters,
                        NoiseMethod method = NoiseMethod::density_matrix, std::size_t shots = 20000) {
  const std::vector<PauliSum> sums = {PauliSum().add(1, letters)};
  return noisy_expectations(circuit, model, sums,
                            {.shots = shots, .seed = 11, .precision = Precision::complex128}, method)[0];
}

TEST(Schedule, starts_steps_when_their_qubits_are_free_and_fills_the_rest_with_delays) {
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; x q[1]; cx q[0], q[1];"), "x 0; x 1; x 1; 100 0; cx 0 1");
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; barrier q[0], q[1]; cx q[1], q[2]; x q[0];"),
            "x 0; x 1; cx 1 2; x 0; 300 0");
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; x q[1]; barrier; x q[0];"), "x 0; x 1; x 1; 100 0; x 0; 100 1");
  // q[2] is still in 0: nothing happens to it while it waits
  EXPECT_EQ(schedule_of("x q[0]; cx q[0], q[2];"), "x 0; cx 0 2");
}

TEST(Schedule, lets_delays_on_several_qubits_begin_together) {
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; x q[1]; delay[50ns] q[0], q[1];"), "x 0; x 1; x 1; 100 0; 50 0 1");
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; x q[1]; delay[50ns] q[0]; delay[50ns] q[1];"),
            "x 0; x 1; x 1; 50 0; 50 1; 100 0");
  EXPECT_EQ(schedule_of("delay[50ns] q[0]; delay[1us] q[1]; x q[0]; cx q[0], q[1];"), "x 0; 850 0; cx 0 1");
}

TEST(Schedule, holds_boxes_together_for_as_long_as_they_last) {
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; box { x q[1]; } x q[0];"), "x 0; x 1; x 1; x 0");
  EXPECT_EQ(schedule_of("x q[0]; box[500ns] { x q[0]; x q[1]; x q[1]; } x q[0]; x q[1];"),
            "x 0; x 0; x 1; x 1; 400 0; 300 1; x 0; x 1");
  // 100 ns until q[0] is free, then 500 ns
  EXPECT_EQ(schedule_of("x q[0]; box[500ns] { box[450ns] { cx q[0], q[1]; } }"),
            "x 0; cx 0 1; 50 0; 50 1; 50 0; 50 1");
  EXPECT_THROW(schedule_of("box[300ns] { cx q[0], q[1]; }"), std::invalid_argument);
  EXPECT_EQ(schedule_of("box[300ns] { cx q[0], q[1]; }", false), "cx 0 1");
}

TEST(Schedule, reads_at_the_end_together_and_in_the_midst_at_once) {
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; c[0] = measure q[0]; x q[1]; x q[1]; c[1] = measure q[1];"),
            "x 0; x 1; x 1; x 1; 200 0; measure 0; measure 1");
  EXPECT_EQ(schedule_of("x q[0]; c[0] = measure q[0]; delay[1us] q[0]; x q[1]; x q[1];"),
            "x 0; x 1; x 1; 100 0; measure 0");
  EXPECT_EQ(schedule_of("x q; c[0] = measure q[0]; x q[0];"),
            "x 0; x 1; x 2; measure 0; 1000 0; x 0; 1100 1; 1100 2");
  EXPECT_EQ(schedule_of("x q[0]; reset q[0]; cx q[0], q[1]; x q[2];"), "x 0; reset 0; cx 0 1; x 2; 900 2");
  EXPECT_EQ(schedule_of("x q[0]; c[0] = measure q[0]; x q[0];", false), "x 0; measure 0; 1000 0; x 0");
}

TEST(Schedule, gives_a_step_its_time_whether_its_condition_holds_or_not) {
  EXPECT_EQ(schedule_of("x q[0]; c[0] = measure q[0]; if (c[0]) x q[1]; cx q[1], q[2];"),
            "x 0; measure 0; 1000 0; unless 100 1; if x 1; cx 1 2; 500 0");
  EXPECT_EQ(schedule_of("x q[0]; c[0] = measure q[0]; if (c[0] && c[1]) x q[1];"),
            "x 0; measure 0; 1000 0; unless 100 1; if unless 100 1; if if x 1; 100 0");
}

TEST(Schedule, starts_a_box_when_the_bits_that_it_reads_are_known) {
  const std::string read = "gate g a { box[300ns] { x a; } } x q; c[0] = measure q[0]; ";
  for (const char* box : {"if (c[0]) box[300ns] { x q[1]; }", "box[300ns] { if (c[0]) x q[1]; }",
                          "if (c[0]) g q[1];", "box[300ns] { box[200ns] { if (c[0]) x q[1]; } }"})
    EXPECT_EQ(schedule_of(read + box + " x q[1];"),
              std::string(box).find("200ns") == std::string::npos
                  ? "x 0; x 1; x 2; measure 0; 1000 0; 1000 1; unless 100 1; if x 1; 200 1; x 1; 400 0; 1400 2"
                  : "x 0; x 1; x 2; measure 0; 1000 0; 1000 1; unless 100 1; if x 1; 100 1; 100 1; x 1; 400 0; "
                    "1400 2")
        << box;
  // what is measured within takes the time of the box
  EXPECT_EQ(schedule_of("x q[0]; x q[1]; box[1500ns] { c[0] = measure q[0]; if (c[0]) x q[1]; } x q[0];"),
            "x 0; x 1; measure 0; 1000 0; 1000 1; unless 100 1; if x 1; 500 0; 400 1; x 0; 100 1");
  // an else follows its if
  EXPECT_EQ(
      schedule_of("x q[0]; c[0] = measure q[0]; if (c[0]) box[300ns] { x q[1]; } else box[200ns] { y q[1]; }"),
      "x 0; measure 0; 1000 0; unless 100 1; if x 1; 200 1; if 100 1; unless y 1; 100 1; 500 0");
}

TEST(Schedule, without_relaxation_or_idling_leaves_circuits_as_they_are) {
  EXPECT_EQ(schedule_of("x q[0]; delay[5ns] q[0]; cx q[0], q[1]; x q[2]; barrier q; c = measure q;", false),
            "x 0; 5 0; cx 0 1; x 2; measure 0; measure 1; measure 2");
  NoiseModel model = waiting_model(true);
  model.qubit = {};
  EXPECT_EQ(steps_of(scheduled(program_of("x q[0]; x q[1]; x q[1]; cx q[0], q[1];"), model)),
            "x 0; x 1; x 1; cx 0 1");
}

TEST(Idling, decays_by_t1_during_a_delay) {
  NoiseModel model = waiting_model(false);
  model.one_qubit.duration_ns = 0;
  for (const double delay_us : {0.0, 3.0, 40.0, 200.0}) {
    const Circuit circuit = Circuit(1).x(0).delay(delay_us * 1e3, 0);
    const double excited = std::exp(-delay_us / t1_us);
    EXPECT_NEAR(expectation_of(circuit, model, "Z").value, 1 - 2 * excited, 1e-12);
    const Estimate drawn = expectation_of(circuit, model, "Z", NoiseMethod::trajectories);
    EXPECT_NEAR(drawn.value, 1 - 2 * excited, 5 * drawn.standard_error + 1e-12);
    const Counts counts = run_noisy_shots(circuit, model, {.shots = 40000, .seed = 2});
    const double ones = counts.contains("1") ? static_cast<double>(counts.at("1")) : 0;
    EXPECT_NEAR(ones / 40000, excited, 0.012);
  }
}

TEST(Idling, loses_coherence_by_t2_in_a_ramsey_experiment) {
  for (const double t2 : {20.0, t1_us, 80.0}) { // below, at and above T1
    NoiseModel model = waiting_model(false);
    model.one_qubit.duration_ns = 0;
    model.qubit.t2_us = t2;
    for (const double delay_us : {1.0, 25.0}) {
      Circuit circuit(1);
      circuit.h(0).delay(delay_us * 1e3 / 2, 0).rz(0.4, 0).delay(delay_us * 1e3 / 2, 0).h(0);
      const double expected = std::exp(-delay_us / t2) * std::cos(0.4);
      EXPECT_NEAR(expectation_of(circuit, model, "Z").value, expected, 1e-12);
      const Estimate drawn = expectation_of(circuit, model, "Z", NoiseMethod::trajectories, 8000);
      EXPECT_NEAR(drawn.value, expected, 5 * drawn.standard_error + 1e-12);
    }
  }
}

TEST(Idling, relaxes_in_delays_and_boxes_of_a_gate) {
  const std::string gates = "const duration d = 2us;\n"
                            "gate echo(t) a { delay[d] a; x a; delay[d] a; x a; rz(t) a; }\n"
                            "gate slow a { box[5us] { x a; } }\n";
  NoiseModel model = waiting_model(false);
  model.one_qubit.duration_ns = 0;
  const double coherence = std::exp(-2 * 2 / t2_us) * std::cos(0.4);
  for (const char* call : {"echo(0.4)", "inv @ echo(-0.4)"}) {
    const Circuit ramsey = program_of(gates + "h q[0]; " + call + " q[0]; h q[0];");
    EXPECT_NEAR(expectation_of(ramsey, model, "IIZ").value, coherence, 1e-12) << call;
    const Estimate drawn = expectation_of(ramsey, model, "IIZ", NoiseMethod::trajectories, 8000);
    EXPECT_NEAR(drawn.value, coherence, 5 * drawn.standard_error) << call;
  }
  const Circuit thrice = program_of(gates + "h q[0]; pow(3) @ echo(0.1) q[0]; h q[0];");
  EXPECT_NEAR(expectation_of(thrice, model, "IIZ").value, std::exp(-12 / t2_us) * std::cos(0.3), 1e-12);
  // a box holds a qubit for 5 us, and its control too
  EXPECT_NEAR(expectation_of(program_of(gates + "slow q[0];"), waiting_model(true), "IIZ").value,
              1 - 2 * std::exp(-5 / t1_us), 1e-12);
  EXPECT_NEAR(
      expectation_of(program_of(gates + "x q[1]; ctrl @ slow q[1], q[0];"), waiting_model(true), "IZI").value,
      1 - 2 * std::exp(-5.1 / t1_us), 1e-12);
}

TEST(Idling, a_box_under_a_condition_lasts_as_long_whether_it_is_done_or_not) {
  NoiseModel model = waiting_model(true);
  model.qubits[0] = {}; // so that what is read is certain
  for (const bool done : {false, true}) {
    const Circuit circuit = program_of(std::string(done ? "x" : "id") +
                                       " q[0]; x q[1]; c[0] = measure q[0]; if (c[0]) box[20us] { x q[1]; }\n"
                                       "c[1] = measure q[1];");
    // x until 0.1 us, the measurement until 1.1, then the box
    const double before = std::exp(-1.1 / t1_us),
                 expected = (done ? 1 - before : before) * std::exp(-20 / t1_us);
    for (const NoiseMethod method : {NoiseMethod::density_matrix, NoiseMethod::trajectories}) {
      double ones = 0;
      for (const auto& [bits, times] : run_noisy_shots(circuit, model, {.shots = 40000, .seed = 3}, method))
        if (bits[1] == '1') ones += static_cast<double>(times);
      EXPECT_NEAR(ones / 40000, expected, 5 * std::sqrt(expected * (1 - expected) / 40000)) << done;
    }
  }
}

TEST(Idling, relaxes_the_qubit_that_waits_when_asked_to) {
  Circuit circuit(2);
  circuit.x(0).h(1);
  for (int k = 0; k < 50; ++k) circuit.x(0); // 5 us more, in which qubit 1 waits
  for (const bool idle : {false, true}) {
    const double waits_us = idle ? 5.1 : 0.1;
    EXPECT_NEAR(expectation_of(circuit, waiting_model(idle), "XI").value, std::exp(-waits_us / t2_us), 1e-12);
    EXPECT_NEAR(expectation_of(circuit, waiting_model(idle), "ZI").value, 1 - std::exp(-waits_us / t1_us),
                1e-12);
    const Estimate drawn = expectation_of(circuit, waiting_model(idle), "XI", NoiseMethod::trajectories, 4000);
    EXPECT_NEAR(drawn.value, std::exp(-waits_us / t2_us), 5 * drawn.standard_error);
  }
}

TEST(Idling, is_the_same_by_trajectories_and_by_the_density_matrix) {
  const Circuit circuit =
      program_of("h q; cx q[0], q[1]; rx(0.4) q[2]; delay[2us] q[1]; cx q[1], q[2];\n"
                 "box[3us] { ry(1.1) q[0]; cx q[0], q[1]; } x q[2]; delay[1us]; ry(0.3) q;");
  for (const double t2 : {10.0, 70.0}) {
    NoiseModel model = waiting_model(true);
    model.qubit.t2_us = t2;
    model.qubits[1] = {8, 5, 0, 0};
    for (const char* letters : {"IIZ", "IXX", "ZYI"}) {
      const double exact = expectation_of(circuit, model, letters).value;
      const Estimate drawn = expectation_of(circuit, model, letters, NoiseMethod::trajectories, 6000);
      EXPECT_NEAR(drawn.value, exact, 4.5 * drawn.standard_error) << letters;
    }
  }
}

TEST(Idling, counts_of_a_circuit_that_measures_in_its_midst_agree_by_both_methods) {
  const Circuit circuit =
      program_of("h q[0]; x q[1]; x q[2]; c[0] = measure q[0]; if (c[0]) { x q[1]; delay[4us] q[1]; }\n"
                 "reset q[0]; cx q[1], q[0]; c[1] = measure q[1]; c[2] = measure q[2];");
  NoiseModel model = waiting_model(true);
  model.qubit.t1_us = 10;
  model.qubit.t2_us = 8;
  const std::size_t shots = 20000;
  const Counts exact =
                   run_noisy_shots(circuit, model, {.shots = shots, .seed = 1}, NoiseMethod::density_matrix),
               drawn = run_noisy_shots(circuit, model, {.shots = shots, .seed = 2}, NoiseMethod::trajectories);
  double held = 0;
  for (const auto& [bits, times] : exact) {
    const double other = drawn.contains(bits) ? static_cast<double>(drawn.at(bits)) : 0;
    EXPECT_NEAR(static_cast<double>(times), other, 6 * std::sqrt(static_cast<double>(times) + 10)) << bits;
    if (bits[0] == '1') held += static_cast<double>(times);
  }
  // q[2] waits from 0.1 us until all is done: measurement at 1.1, x at 1.2, delay to 5.2, cx at 5.6.
  EXPECT_NEAR(held / static_cast<double>(shots), std::exp(-5.6 / 10), 0.02);
}

TEST(Idling, refuses_wrong_times) {
  NoiseModel model = waiting_model(true);
  model.measurement_ns = -1;
  EXPECT_THROW(run_noisy_shots(Circuit(1).x(0), model, {}), std::invalid_argument);
  model = waiting_model(true);
  model.dt_ns = -1;
  EXPECT_THROW(run_noisy_shots(Circuit(1).x(0), model, {}), std::invalid_argument);
}

TEST(Schedule, tells_how_long_a_circuit_lasts) {
  const std::pair<const char*, double> lengths[] = {
      {"", 0},
      {"x q[0]; x q[0]; x q[1];", 200},
      {"x q[0]; cx q[0], q[1]; delay[50ns] q;", 550},
      {"box[1us] { x q[0]; } x q[1];", 1000},
      {"x q[0]; c[0] = measure q[0];", 1100},
      {"c[0] = measure q[0]; x q[0];", 1100},
  };
  for (const auto& [program, expected] : lengths)
    EXPECT_DOUBLE_EQ(length_ns(program_of(program), waiting_model(true)), expected) << program;
  EXPECT_THROW(length_ns(program_of("box[50ns] { x q[0]; }"), waiting_model(true)), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
