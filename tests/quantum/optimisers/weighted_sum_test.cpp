#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/optimisers/weighted_sum.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

TEST(WeightedSum, is_that_of_probabilities_one_by_one) {
  for (const int qubits : {1, 2, 3, 4, 5, 6, 9, 15}) { // fewer than a vector, one vector, several chunks
    const Circuit circuit = random_circuit(qubits, 12, 40 + static_cast<unsigned>(qubits));
    Statevector<float> state(qubits);
    state.apply(circuit);
    std::mt19937 random(7);
    std::vector<double> weights(state.size());
    double expected = 0, scale = 0;
    for (std::size_t k = 0; k < weights.size(); ++k) {
      weights[k] = some_angle(random);
      expected += std::norm(state.amplitude(k)) * weights[k];
      scale += std::norm(state.amplitude(k)) * std::abs(weights[k]);
    }
    EXPECT_NEAR(weighted_sum(state, weights), expected, 2e-7 * scale) << qubits;
    weights.pop_back();
    EXPECT_THROW((void)weighted_sum(state, weights), std::invalid_argument);
  }
}

} // namespace
} // namespace bloch::quantum
