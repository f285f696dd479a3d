#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/simulators/marginals.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

TEST(Marginals, add_up_the_squared_amplitudes) {
  std::mt19937 random(2);
  for (unsigned seed = 0; seed < 40; ++seed) {
    const int qubits = 1 + static_cast<int>(seed % 10), count = 1 + static_cast<int>(random() % qubits);
    const auto state = Statevector<double>::after(qubits, random_circuit(qubits, 20, seed).operations());
    const std::vector<int> chosen = some_qubits(qubits, count, random);
    std::vector<double> expected(std::size_t{1} << count);
    for (std::size_t index = 0; index < state.size(); ++index) {
      std::size_t outcome = 0;
      for (std::size_t k = 0; k < chosen.size(); ++k) outcome |= (index >> chosen[k] & 1) << k;
      expected[outcome] += std::norm(state.amplitude(index));
    }
    const std::vector<double> found = marginals(state, chosen);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) ASSERT_NEAR(found[k], expected[k], 1e-12) << "seed " << seed;
  }
}

TEST(Marginals, refuses_wrong_qubits) {
  const Statevector<float> state(3);
  EXPECT_THROW(marginals(state, std::vector<int>{}), std::invalid_argument);
  EXPECT_THROW(marginals(state, std::vector{3}), std::invalid_argument);
  EXPECT_THROW(marginals(state, std::vector{-1}), std::invalid_argument);
  EXPECT_THROW(marginals(state, std::vector{1, 1}), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
