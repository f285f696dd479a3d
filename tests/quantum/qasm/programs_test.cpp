// Whole programs that people know, read from OpenQASM and compared with what theory says of them.
#include <cmath>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "quantum/circuits/draw.h"
#include "quantum/circuits/resources.h"
#include "quantum/qasm/qasm.h"
#include "quantum/qasm/write_qasm.h"
#include "quantum/simulators/expectation.h"
#include "quantum/simulators/simulate.h"

namespace bloch::quantum {
namespace {

constexpr const char* bell_program = R"(OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
cx q[0], q[1];
measure q -> c;
)";

constexpr const char* ghz_program = R"(OPENQASM 3.0;
include "stdgates.inc";
const int n = 5;
qubit[n] q;
bit[n] c;
h q[0];
for int i in [0:n-2] { cx q[i], q[i + 1]; }
c = measure q;
)";

constexpr const char* fourier_program = R"(OPENQASM 3.0;
include "stdgates.inc";
qubit[5] q;
x q[0];
x q[2];
x q[3];
for int k in [4:-1:0] {
  h q[k];
  for int j in [k-1:-1:0] { cp(pi / 2 ** (k - j)) q[j], q[k]; }
}
swap q[0], q[4];
swap q[1], q[3];
)";

// Cuccaro et al. 2004: b becomes a + b, the carry goes to `out`.
constexpr const char* adder_program = R"(OPENQASM 2.0;
include "qelib1.inc";
gate majority a,b,c { cx c,b; cx c,a; ccx a,b,c; }
gate unmaj a,b,c { ccx a,b,c; cx c,a; cx a,b; }
qreg carry[1];
qreg a[4];
qreg b[4];
qreg out[1];
creg sum[5];
PREPARE
majority carry[0],b[0],a[0];
majority a[0],b[1],a[1];
majority a[1],b[2],a[2];
majority a[2],b[3],a[3];
cx a[3],out[0];
unmaj a[2],b[3],a[3];
unmaj a[1],b[2],a[2];
unmaj a[0],b[1],a[1];
unmaj carry[0],b[0],a[0];
measure b[0] -> sum[0];
measure b[1] -> sum[1];
measure b[2] -> sum[2];
measure b[3] -> sum[3];
measure out[0] -> sum[4];
)";

// Looks for 101 among eight, two turns.
constexpr const char* grover_program = R"(OPENQASM 3;
include "stdgates.inc";
gate oracle a, b, c { x b; ctrl(2) @ z a, b, c; x b; }
gate spread a, b, c { h a; h b; h c; x a; x b; x c; ctrl(2) @ z a, b, c; x a; x b; x c; h a; h b; h c; }
qubit[3] q;
h q;
for int turn in [1:2] { oracle q[0], q[1], q[2]; spread q[0], q[1], q[2]; }
)";

// One layer on a ring of four at the best angles.
constexpr const char* qaoa_program = R"(OPENQASM 3.0;
include "stdgates.inc";
const float gamma = pi / 4;
const float beta = pi / 8;
gate cost(t) a, b { cx a, b; rz(-t) b; cx a, b; }
qubit[4] q;
h q;
for int i in [0:3] { cost(gamma) q[i], q[(i + 1) % 4]; }
rx(2 * beta) q;
)";

constexpr const char* teleport_2_program = R"(OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c0[1];
creg c1[1];
creg result[1];
u3(0.7, 0.3, 0) q[0];
h q[1];
cx q[1], q[2];
barrier q;
cx q[0], q[1];
h q[0];
measure q[0] -> c0[0];
measure q[1] -> c1[0];
if (c0 == 1) z q[2];
if (c1 == 1) x q[2];
u3(-0.7, 0, -0.3) q[2];
measure q[2] -> result[0];
)";

constexpr const char* teleport_3_program = R"(OPENQASM 3.0;
include "stdgates.inc";
qubit message; qubit[2] pair;
bit[2] c; bit result;
U(0.7, 0.3, 0) message;
h pair[0];
cx pair[0], pair[1];
cx message, pair[0];
h message;
c[0] = measure message;
c[1] = measure pair[0];
if (c[1] == true) { x pair[1]; }
if (c[0]) { z pair[1]; }
inv @ U(0.7, 0.3, 0) pair[1];
result = measure pair[1];
)";

TEST(Programs, bell_and_ghz_give_all_zeros_or_all_ones) {
  for (const auto& [program, bits] : {std::pair{bell_program, 2}, {ghz_program, 5}}) {
    const Counts counts = run_shots(parse_qasm(program), {.shots = 2000, .seed = 1});
    ASSERT_EQ(counts.size(), 2U);
    EXPECT_NEAR(static_cast<double>(counts.at(std::string(static_cast<std::size_t>(bits), '0'))), 1000, 150);
    EXPECT_TRUE(counts.contains(std::string(static_cast<std::size_t>(bits), '1')));
  }
}

TEST(Programs, the_fourier_transform_of_13_is_its_wave) {
  const Statevector<double> state = final_state<double>(parse_qasm(fourier_program));
  for (std::size_t k = 0; k < 32; ++k)
    EXPECT_LT(std::abs(state.amplitude(k) - std::polar(std::sqrt(1.0 / 32), 2 * std::numbers::pi * 13 *
                                                                                static_cast<double>(k) / 32)),
              1e-12);
}

TEST(Programs, the_adder_adds) {
  for (int a = 0; a < 16; a += 3)
    for (int b = 1; b < 16; b += 2) {
      std::string prepare, program = adder_program;
      for (int bit = 0; bit < 4; ++bit) {
        if (a >> bit & 1) prepare += "x a[" + std::to_string(bit) + "]; ";
        if (b >> bit & 1) prepare += "x b[" + std::to_string(bit) + "]; ";
      }
      program.replace(program.find("PREPARE"), 7, prepare);
      const Counts counts = run_shots(parse_qasm(program), {.shots = 20});
      ASSERT_EQ(counts.size(), 1U);
      EXPECT_EQ(std::stoi(counts.begin()->first, nullptr, 2), a + b);
    }
}

TEST(Programs, grovers_search_finds_its_number) {
  const Statevector<double> state = final_state<double>(parse_qasm(grover_program));
  const double expected = std::pow(std::sin(5 * std::asin(std::sqrt(1.0 / 8))), 2);
  EXPECT_NEAR(std::norm(state.amplitude(5)), expected, 1e-12);
}

TEST(Programs, one_layer_of_qaoa_cuts_three_quarters_of_a_ring) {
  const Statevector<double> state = final_state<double>(parse_qasm(qaoa_program));
  PauliSum cut;
  for (const char* edge : {"IIZZ", "IZZI", "ZZII", "ZIIZ"}) cut.add(-0.5, edge).add(0.5, "IIII");
  EXPECT_NEAR(expectation(state, cut), 3, 1e-12);
}

TEST(Programs, teleportation_hands_the_state_over_in_both_versions) {
  const Counts by_two = run_shots(parse_qasm(teleport_2_program), {.shots = 4000, .seed = 2});
  for (const auto& [bits, times] : by_two)
    EXPECT_EQ(bits[0], '0') << bits << " " << times; // result is leftmost
  EXPECT_EQ(by_two.size(), 4U);
  const Counts by_three = run_shots(parse_qasm(teleport_3_program), {.shots = 4000, .seed = 2});
  for (const auto& [bits, times] : by_three) EXPECT_EQ(bits[0], '0') << bits << " " << times;
  EXPECT_EQ(by_three.size(), 4U);
}

TEST(Programs, mean_the_same_when_written_out_and_read_again) {
  std::string sums = adder_program;
  sums.replace(sums.find("PREPARE"), 7, "x a[0]; x b[1]; x b[0];");
  for (const std::string& program :
       {std::string(bell_program), std::string(ghz_program), std::string(fourier_program), sums,
        std::string(grover_program), std::string(qaoa_program), std::string(teleport_2_program),
        std::string(teleport_3_program)}) {
    const Circuit circuit = parse_qasm(program);
    const ShotOptions options{.shots = 500, .seed = 3};
    const Counts expected = run_shots(circuit, options);
    EXPECT_EQ(run_shots(parse_qasm(to_qasm3(circuit)), options), expected) << to_qasm3(circuit);
    EXPECT_NE(draw_svg(circuit).find("</svg>"), std::string::npos);
    EXPECT_FALSE(draw_text(circuit).empty());
    EXPECT_EQ(resources_of(circuit).qubits, circuit.qubits());
  }
  for (const std::string& program : {std::string(bell_program), sums, std::string(teleport_2_program)}) {
    const Circuit circuit = parse_qasm(program);
    const ShotOptions options{.shots = 500, .seed = 3};
    EXPECT_EQ(run_shots(parse_qasm(to_qasm2(circuit)), options), run_shots(circuit, options));
  }
}

} // namespace
} // namespace bloch::quantum
