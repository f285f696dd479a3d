#include <bit>
#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/optimisers/exact_optimum.h"
#include "quantum/optimisers/qaoa.h"
#include "quantum/optimisers/simulated_annealing.h"
#include "quantum/simulators/reference.h"

namespace bloch::quantum {
namespace {

BinaryPolynomial random_problem(int variables, int degree, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> coefficient(-1, 1);
  BinaryPolynomial problem(variables);
  problem.add(0.25, {});
  for (int term = 0; term < variables * degree; ++term) {
    std::vector<int> product;
    for (int k = 0; k < 1 + term % degree; ++k) product.push_back(static_cast<int>(random() % variables));
    problem.add(coefficient(random), product);
  }
  return problem;
}

TEST(BinaryPolynomial, gathers_products_and_knows_every_value) {
  BinaryPolynomial problem(3);
  problem.add(1, std::vector{0, 1}).add(2, std::vector{1, 0}).add(-1, std::vector{2, 2}).add(5, {});
  ASSERT_EQ(problem.terms().size(), 2U);
  EXPECT_EQ(problem.degree(), 2);
  EXPECT_EQ(problem.value(0b011), 8);
  EXPECT_EQ(problem.value(0b111), 7);
  problem.add(1, std::vector{2});
  EXPECT_EQ(problem.terms().size(), 1U);
  for (const int degree : {1, 2, 4}) {
    const BinaryPolynomial other = random_problem(9, degree, 3);
    const auto values = other.values();
    const FlipTable flips(other);
    for (std::uint64_t bits = 0; bits < values.size(); ++bits) {
      ASSERT_NEAR(values[bits], other.value(bits), 1e-12);
      const int variable = static_cast<int>(bits % 9);
      ASSERT_NEAR(flips.change(bits, variable), other.value(bits ^ 1U << variable) - other.value(bits), 1e-12);
    }
  }
  EXPECT_THROW(BinaryPolynomial(0), std::invalid_argument);
  EXPECT_THROW(BinaryPolynomial(64), std::invalid_argument);
  EXPECT_THROW(problem.add(1, std::vector{3}), std::invalid_argument);
  EXPECT_THROW(problem.add(std::nan(""), {}), std::invalid_argument);
}

TEST(ExactOptimum, is_that_of_trying_every_string) {
  for (const int variables : {1, 2, 7, 13, 16})
    for (const int degree : {1, 2, 3})
      for (const int ones : {-1, variables / 2}) {
        const BinaryPolynomial problem =
            random_problem(variables, degree, static_cast<unsigned>(variables + degree));
        double minimum = 1e300, maximum = -1e300;
        for (std::uint64_t bits = 0; bits >> variables == 0; ++bits) {
          if (ones >= 0 && std::popcount(bits) != ones) continue;
          minimum = std::min(minimum, problem.value(bits));
          maximum = std::max(maximum, problem.value(bits));
        }
        const ExactOptimum found = exact_optimum(problem, ones);
        ASSERT_NEAR(found.minimum, minimum, 1e-9);
        ASSERT_NEAR(found.maximum, maximum, 1e-9);
        ASSERT_EQ(problem.value(found.minimiser), found.minimum);
        ASSERT_GE(found.minimisers, 1U);
      }
  // A cut of a ring of six: 2 strings cut all edges.
  BinaryPolynomial ring(6);
  for (int k = 0; k < 6; ++k)
    ring.add(-1, std::vector{k}).add(-1, std::vector{(k + 1) % 6}).add(2, std::vector{k, (k + 1) % 6});
  const ExactOptimum cut = exact_optimum(ring);
  EXPECT_EQ(cut.minimum, -6);
  EXPECT_EQ(cut.minimisers, 2U);
  EXPECT_EQ(cut.minimiser, 0b010101U);
  EXPECT_EQ(exact_optimum(ring, 6).minimum, 0);
  EXPECT_THROW(exact_optimum(ring, 7), std::invalid_argument);
  EXPECT_THROW(exact_optimum(BinaryPolynomial(27)), std::invalid_argument);
}

TEST(SimulatedAnnealing, finds_the_exact_optimum_and_keeps_the_number_of_ones) {
  for (const int ones : {-1, 5}) {
    const BinaryPolynomial problem = random_problem(14, 3, 5);
    const auto reads = simulated_annealing(problem, {.reads = 20, .sweeps = 200, .seed = 1, .ones = ones});
    double best = 1e300;
    for (const AnnealingRead& read : reads) {
      EXPECT_EQ(read.value, problem.value(read.bits));
      EXPECT_TRUE(ones < 0 || std::popcount(read.bits) == ones);
      best = std::min(best, read.value);
    }
    EXPECT_NEAR(best, exact_optimum(problem, ones).minimum, 1e-12);
    const auto again = simulated_annealing(problem, {.reads = 20, .sweeps = 200, .seed = 1, .ones = ones});
    for (std::size_t k = 0; k < reads.size(); ++k) EXPECT_EQ(reads[k].bits, again[k].bits);
  }
  EXPECT_THROW(simulated_annealing(BinaryPolynomial(3), {.reads = 0}), std::invalid_argument);
  EXPECT_THROW(simulated_annealing(BinaryPolynomial(3), {.ones = 4}), std::invalid_argument);
}

/// The final state by matrices of the definition: exp(-i gamma C) and the mixer's exponential.
std::vector<Complex> state_by_definition(const BinaryPolynomial& problem, const QaoaAngles& angles,
                                         double spread) {
  const int n = problem.variables();
  const std::size_t size = std::size_t{1} << n;
  std::vector<Complex> state(size, 1 / std::sqrt(static_cast<double>(size)));
  for (std::size_t layer = 0; layer < angles.gammas.size(); ++layer) {
    for (std::size_t bits = 0; bits < size; ++bits)
      state[bits] *= std::polar(1.0, -angles.gammas[layer] * problem.value(bits) / spread);
    for (int k = 0; k < n; ++k) // exp(i beta X)
      for (std::size_t bits = 0; bits < size; ++bits) {
        const std::size_t other = bits | std::size_t{1} << k;
        if (bits == other) continue;
        const Complex zero = state[bits], one = state[other], turn(0, std::sin(angles.betas[layer]));
        state[bits] = std::cos(angles.betas[layer]) * zero + turn * one;
        state[other] = std::cos(angles.betas[layer]) * one + turn * zero;
      }
  }
  return state;
}

TEST(Qaoa, makes_the_state_of_its_definition_for_every_degree) {
  for (const int degree : {1, 2, 3, 4}) {
    const BinaryPolynomial problem = random_problem(6, degree, 7);
    const Qaoa qaoa(problem, {.layers = 2});
    const QaoaAngles angles{{0.4, 0.9}, {0.6, 0.3}};
    const Statevector<float> state = qaoa.state(angles);
    const auto expected = state_by_definition(problem, angles, qaoa.spread());
    Complex overlap{};
    double value = 0;
    for (std::size_t bits = 0; bits < expected.size(); ++bits) {
      overlap += std::conj(expected[bits]) * state.amplitude(bits);
      value += std::norm(expected[bits]) * problem.value(bits);
    }
    EXPECT_NEAR(std::abs(overlap), 1, 1e-5) << degree;
    EXPECT_NEAR(qaoa.expectation(state), value, 1e-4) << degree;
  }
}

TEST(Qaoa, with_the_xy_mixer_keeps_the_number_of_ones_and_follows_the_circuit) {
  const BinaryPolynomial problem = random_problem(6, 2, 9);
  const Qaoa qaoa(problem, {.layers = 2, .mixer = QaoaMixer::xy, .ones = 2});
  const QaoaAngles angles{{0.4, 0.9}, {0.6, 0.3}};
  const Statevector<float> state = qaoa.state(angles);
  double inside = 0;
  for (std::size_t bits = 0; bits < 64; ++bits)
    if (std::popcount(bits) == 2) inside += std::norm(state.amplitude(bits));
  EXPECT_NEAR(inside, 1, 1e-5);
  // By linearity: the start is the sum of basis states, each through the circuit on the slow simulator.
  std::vector<Complex> expected(64);
  for (std::size_t start = 0; start < 64; ++start) {
    if (std::popcount(start) != 2) continue;
    Circuit circuit(6);
    for (int k = 0; k < 6; ++k)
      if (start >> k & 1) circuit.x(k);
    circuit.append(qaoa.layers(angles));
    const auto part = reference_state(circuit);
    for (std::size_t bits = 0; bits < 64; ++bits) expected[bits] += part[bits] / std::sqrt(15.0);
  }
  for (std::size_t bits = 0; bits < 64; ++bits)
    EXPECT_LT(std::abs(state.amplitude(bits) - expected[bits]), 1e-5) << bits;
}

TEST(Qaoa, comes_nearer_to_the_optimum_with_more_layers) {
  const BinaryPolynomial problem = random_problem(8, 2, 11);
  const ExactOptimum exact = exact_optimum(problem);
  double before = 0;
  for (const int layers : {1, 2, 4}) {
    const Qaoa qaoa(problem, {.layers = layers});
    const QaoaResult result = qaoa.run();
    EXPECT_EQ(result.angles.gammas.size(), static_cast<std::size_t>(layers));
    const Statevector<float> state = qaoa.state(result.angles);
    EXPECT_NEAR(qaoa.expectation(state), result.expectation, 1e-5);
    const double ratio = (exact.maximum - result.expectation) / (exact.maximum - exact.minimum);
    EXPECT_LE(ratio, 1 + 1e-6);
    EXPECT_GT(ratio, before);
    before = ratio;
    EXPECT_GT(qaoa.probability_at_most(state, exact.minimum + exact.tolerance), 1.0 / 256);
  }
  EXPECT_GT(before, 0.9);
}

TEST(Qaoa, of_one_layer_on_a_ring_reaches_the_known_three_quarters) {
  // Farhi 2014: one layer cuts 3/4 of the edges of a ring of at least 4; p layers, (2 p + 1) / (2 p + 2).
  BinaryPolynomial ring(8);
  for (int k = 0; k < 8; ++k)
    ring.add(-1, std::vector{k}).add(-1, std::vector{(k + 1) % 8}).add(2, std::vector{k, (k + 1) % 8});
  EXPECT_NEAR(Qaoa(ring, {.layers = 1}).run().expectation, -8 * 3.0 / 4, 2e-3);
  EXPECT_NEAR(Qaoa(ring, {.layers = 2}).run().expectation, -8 * 5.0 / 6, 1e-2);
}

TEST(Qaoa, starts_warm_at_the_relaxed_solution) {
  const BinaryPolynomial problem = random_problem(7, 2, 13);
  const Qaoa qaoa(problem, {.layers = 1, .warm_start = true, .warm_margin = 0});
  // Without a margin and with no mixing the start is the relaxed solution, a corner or between corners.
  const auto& chances = qaoa.relaxed();
  ASSERT_EQ(chances.size(), 7U);
  const Statevector<float> start = qaoa.state({{0}, {0}});
  for (int k = 0; k < 7; ++k)
    EXPECT_NEAR(start.probability_of_one(k), chances[static_cast<std::size_t>(k)], 1e-5);
  // The mixer keeps the start.
  EXPECT_NEAR(qaoa.expectation(qaoa.state({{0}, {0.7}})), qaoa.expectation(start), 1e-4);
  const Qaoa wide(problem, {.layers = 1, .warm_start = true});
  EXPECT_LE(wide.run().expectation, wide.expectation(wide.state({{0}, {0}})) + 1e-6);
}

TEST(Qaoa, refuses_what_makes_no_sense) {
  const BinaryPolynomial problem(4);
  EXPECT_THROW(Qaoa(problem, {.layers = 0}), std::invalid_argument);
  EXPECT_THROW(Qaoa(problem, {.mixer = QaoaMixer::xy}), std::invalid_argument);
  EXPECT_THROW(Qaoa(problem, {.mixer = QaoaMixer::xy, .ones = 5}), std::invalid_argument);
  EXPECT_THROW(Qaoa(problem, {.mixer = QaoaMixer::xy, .ones = 2, .warm_start = true}), std::invalid_argument);
  EXPECT_THROW(Qaoa(BinaryPolynomial(40), {}), std::invalid_argument);
  QaoaOptions unknown;
  unknown.minimiser.method = "magic";
  EXPECT_THROW(Qaoa(problem, unknown).run(), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
