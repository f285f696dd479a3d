#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/noise/channel.h"
#include "quantum/noise/density_matrix.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

/// A one-qubit state with coherences, and what a channel makes of it.
DensityMatrix<double> one_qubit_state() {
  DensityMatrix<double> state(1);
  state.apply(Circuit(1).ry(1.1, 0).rz(0.4, 0).operations());
  return state;
}

void expect_trace_preserving(const Channel& channel) {
  const std::size_t size = std::size_t{1} << channel.targets;
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = 0; b < size; ++b) {
      Complex sum{};
      for (const auto& kraus : channel.kraus)
        for (std::size_t k = 0; k < size; ++k) sum += std::conj(kraus[k * size + a]) * kraus[k * size + b];
      EXPECT_LT(std::abs(sum - Complex(a == b ? 1 : 0)), 1e-12);
    }
}

TEST(Channel, keeps_the_trace) {
  for (const double p : {0.0, 0.03, 0.5, 1.0}) {
    for (const int targets : {1, 2, 3}) expect_trace_preserving(depolarising_channel(p, targets));
    expect_trace_preserving(amplitude_damping_channel(p));
    expect_trace_preserving(phase_damping_channel(p));
  }
  expect_trace_preserving(relaxation_channel(50, 70, 3));
  expect_trace_preserving(pauli_channel(std::vector<PauliTerm>{{0.1, {1, 2}}, {0.2, {3, 3}}}, 2));
}

TEST(Channel, depolarising_shrinks_the_bloch_vector) {
  DensityMatrix<double> state = one_qubit_state();
  const auto before = [&](std::size_t r, std::size_t c) { return one_qubit_state().element(r, c); };
  state.apply(depolarising_channel(0.3, 1), std::vector{0});
  EXPECT_NEAR(state.element(0, 0).real(), 0.7 * before(0, 0).real() + 0.15, 1e-12);
  EXPECT_LT(std::abs(state.element(0, 1) - 0.7 * before(0, 1)), 1e-12);
}

TEST(Channel, whole_depolarising_of_two_qubits_leaves_noise) {
  DensityMatrix<double> state(2);
  state.apply(Circuit(2).h(0).cx(0, 1).operations());
  EXPECT_NEAR(state.purity(), 1, 1e-12);
  state.apply(depolarising_channel(1, 2), std::vector{0, 1});
  EXPECT_NEAR(state.purity(), 0.25, 1e-12);
  EXPECT_NEAR(state.trace(), 1, 1e-12);
}

TEST(Channel, relaxation_follows_its_exponentials) {
  for (const auto& [t1, t2] : {std::pair{40.0, 30.0}, {40.0, 40.0}, {40.0, 80.0}}) {
    DensityMatrix<double> state = one_qubit_state();
    const Complex coherence = state.element(0, 1);
    const double ones = state.element(1, 1).real();
    state.apply(relaxation_channel(t1, t2, 12), std::vector{0});
    EXPECT_NEAR(state.element(1, 1).real(), ones * std::exp(-12 / t1), 1e-12);
    EXPECT_LT(std::abs(state.element(0, 1) - coherence * std::exp(-12 / t2)), 1e-12);
  }
}

TEST(Channel, damping_channels_follow_their_definitions) {
  DensityMatrix<double> decayed = one_qubit_state(), dephased = one_qubit_state();
  const Complex coherence = decayed.element(0, 1);
  const double ones = decayed.element(1, 1).real();
  decayed.apply(amplitude_damping_channel(0.2), std::vector{0});
  EXPECT_NEAR(decayed.element(1, 1).real(), 0.8 * ones, 1e-12);
  EXPECT_LT(std::abs(decayed.element(0, 1) - std::sqrt(0.8) * coherence), 1e-12);
  dephased.apply(phase_damping_channel(0.2), std::vector{0});
  EXPECT_NEAR(dephased.element(1, 1).real(), ones, 1e-12);
  EXPECT_LT(std::abs(dephased.element(0, 1) - std::sqrt(0.8) * coherence), 1e-12);
}

TEST(Channel, refuses_what_is_no_channel) {
  const double nan = std::nan("");
  for (const double p : {-0.1, 1.1, nan}) {
    EXPECT_THROW(depolarising_channel(p, 1), std::invalid_argument);
    EXPECT_THROW(amplitude_damping_channel(p), std::invalid_argument);
    EXPECT_THROW(phase_damping_channel(p), std::invalid_argument);
  }
  EXPECT_THROW(depolarising_channel(0.1, 5), std::invalid_argument);
  EXPECT_THROW(pauli_channel(std::vector<PauliTerm>{{0.6, {1, 0}}, {0.6, {0, 1}}}, 1), std::invalid_argument);
  EXPECT_THROW(pauli_channel(std::vector<PauliTerm>{{0.6, {2, 0}}}, 1), std::invalid_argument);
  EXPECT_THROW(relaxation_channel(10, 21, 1), std::invalid_argument);
  EXPECT_THROW(relaxation_channel(0, 1, 1), std::invalid_argument);
  EXPECT_THROW(relaxation_channel(10, 10, -1), std::invalid_argument);
  EXPECT_NO_THROW(relaxation_channel(std::numeric_limits<double>::infinity(), 10, 1));
}

} // namespace
} // namespace bloch::quantum
