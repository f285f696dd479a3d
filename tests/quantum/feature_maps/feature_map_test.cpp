#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "quantum/feature_maps/feature_map.h"
#include "quantum/simulators/reference.h"

namespace bloch::quantum {
namespace {

TEST(FeatureMap, zz_on_two_qubits_has_the_amplitudes_worked_out_by_hand) {
  // One repetition: every amplitude 1/2; phases 2 x_0 q_0 + 2 x_1 q_1, and 2 (pi - x_0)(pi - x_1) where q_0
  // differs from q_1.
  const std::vector<double> x = {0.3, 1.1};
  const auto state = reference_state(find_feature_map("zz")->circuit(x, FeatureMapOptions{.reps = 1}));
  const double pair = 2 * (std::numbers::pi - x[0]) * (std::numbers::pi - x[1]);
  const double phases[4] = {0, 2 * x[0] + pair, 2 * x[1] + pair, 2 * x[0] + 2 * x[1]};
  for (int k = 0; k < 4; ++k) EXPECT_LT(std::abs(state[k] - std::polar(0.5, phases[k])), 1e-14) << k;
}

TEST(FeatureMap, zz_follows_the_steps_of_qiskit) {
  const std::vector<double> x = {0.1, 0.2, 0.3};
  const Circuit circuit = find_feature_map("zz")->circuit(x, FeatureMapOptions{});
  std::string names;
  for (const Operation& operation : circuit.operations()) names += std::string(operation.gate->name) + " ";
  const std::string layer = "h h h p p p cx p cx cx p cx cx p cx ";
  EXPECT_EQ(names, layer + layer);
  EXPECT_EQ(circuit.operations()[3].parameters[0], 0.2);
  EXPECT_EQ(circuit.operations()[6].qubits, (std::vector<int>{0, 1}));
  EXPECT_EQ(circuit.operations()[7].qubits, (std::vector<int>{1}));
}

TEST(FeatureMap, amplitude_prepares_its_features_with_signs) {
  const std::vector<double> x = {1, -2, 0, 4, -0.5};
  const auto state = reference_state(find_feature_map("amplitude")->circuit(x, FeatureMapOptions{}));
  ASSERT_EQ(state.size(), 8U);
  const double length = std::sqrt(1 + 4 + 16 + 0.25);
  for (int k = 0; k < 8; ++k) EXPECT_LT(std::abs(state[k] - Complex(k < 5 ? x[k] / length : 0)), 1e-12) << k;
}

TEST(FeatureMap, entanglements_name_their_pairs) {
  using Pairs = std::vector<std::pair<int, int>>;
  EXPECT_EQ(entangled_pairs(4, Entanglement::linear), (Pairs{{0, 1}, {1, 2}, {2, 3}}));
  EXPECT_EQ(entangled_pairs(4, Entanglement::circular), (Pairs{{3, 0}, {0, 1}, {1, 2}, {2, 3}}));
  EXPECT_EQ(entangled_pairs(4, Entanglement::pairs), (Pairs{{0, 1}, {2, 3}}));
  EXPECT_EQ(entangled_pairs(4, Entanglement::full).size(), 6U);
  EXPECT_EQ(entangled_pairs(2, Entanglement::circular), (Pairs{{0, 1}}));
  EXPECT_TRUE(entangled_pairs(1, Entanglement::full).empty());
}

TEST(FeatureMap, explicit_pairs_replace_the_entanglement) {
  FeatureMapOptions options;
  options.coupled = {{0, 3}, {2, 1}};
  EXPECT_EQ(entangled_pairs(4, options), options.coupled);
  const std::vector<double> x = {0.1, 0.2, 0.3, 0.4};
  for (const char* name : {"zz", "iqp", "hardware-efficient", "pauli"}) {
    const FeatureMap& map = *find_feature_map(name);
    int coupling = 0;
    const Circuit circuit = map.circuit(x, options);
    for (const Operation& operation : circuit.operations())
      if (operation.qubits.size() == 2) {
        ++coupling;
        const std::pair<int, int> pair = std::minmax(operation.qubits[0], operation.qubits[1]);
        EXPECT_TRUE((pair == std::pair(0, 3) || pair == std::pair(1, 2))) << name;
      }
    EXPECT_GE(coupling, 4) << name;
    for (const std::pair<int, int>& wrong :
         {std::pair(0, 4), std::pair(-1, 0), std::pair(2, 2), std::pair(3, 0)}) {
      FeatureMapOptions bad = options;
      bad.coupled.push_back(wrong);
      EXPECT_THROW(map.circuit(x, bad), std::invalid_argument) << name;
    }
  }
  EXPECT_EQ(parse_pairs("0-3,2-1"), options.coupled);
  EXPECT_TRUE(parse_pairs("").empty());
  for (const char* wrong : {"0", "0-", "-1-2", "0-1,", "0-1,,1-2", "a-b", "0-1-2", "0-99999999999", ","})
    EXPECT_THROW(parse_pairs(wrong), std::invalid_argument) << wrong;
}

TEST(FeatureMap, groups_of_three_are_combinations_runs_or_a_ring) {
  using Groups = std::vector<std::vector<int>>;
  FeatureMapOptions options;
  EXPECT_EQ(entangled_groups(4, 3, options), (Groups{{0, 1, 2}, {0, 1, 3}, {0, 2, 3}, {1, 2, 3}}));
  EXPECT_TRUE(entangled_groups(2, 3, options).empty());
  options.entanglement = Entanglement::linear;
  EXPECT_EQ(entangled_groups(4, 3, options), (Groups{{0, 1, 2}, {1, 2, 3}}));
  options.entanglement = Entanglement::circular;
  EXPECT_EQ(entangled_groups(4, 3, options), (Groups{{2, 3, 0}, {0, 1, 2}, {1, 2, 3}}));
  EXPECT_EQ(entangled_groups(3, 3, options), (Groups{{0, 1, 2}}));
  options.entanglement = Entanglement::pairs;
  EXPECT_THROW(entangled_groups(4, 3, options), std::invalid_argument);
}

TEST(FeatureMap, a_pauli_word_turns_its_eigenstates_apart) {
  // exp(i angle (1 - P) / 2) = ((1 + e^(i angle)) + (1 - e^(i angle)) P) / 2 on the state after the H layer.
  const std::vector<double> x = {0.4, -0.3, 0.9};
  for (const std::string word : {"X", "Y", "Z", "XY", "ZX", "YY", "ZZZ", "XYZ", "YZY"}) {
    FeatureMapOptions options{.reps = 1, .entanglement = Entanglement::full};
    options.paulis = word;
    const int letters = static_cast<int>(word.size());
    std::vector<Complex> expected(8, std::sqrt(1.0 / 8));
    for (const std::vector<int>& group :
         letters == 1 ? std::vector<std::vector<int>>{{0}, {1}, {2}} : entangled_groups(3, letters, options)) {
      double angle = 2;
      for (const int k : group) angle *= letters == 1 ? x[k] : std::numbers::pi - x[k];
      std::vector<Complex> turned(8);
      for (int index = 0; index < 8; ++index) {
        int to = index;
        Complex factor = 1;
        for (int k = 0; k < letters; ++k) { // a word is read from the right
          const char letter = word[letters - 1 - k];
          const int bit = index >> group[k] & 1;
          if (letter != 'Z') to ^= 1 << group[k];
          if (letter == 'Z') factor *= bit ? -1 : 1;
          if (letter == 'Y') factor *= bit ? Complex(0, -1) : Complex(0, 1);
        }
        turned[to] += factor * expected[index];
      }
      const Complex turn = std::polar(1.0, angle);
      for (int index = 0; index < 8; ++index)
        expected[index] = ((1.0 + turn) * expected[index] + (1.0 - turn) * turned[index]) / 2.0;
    }
    const auto state = reference_state(find_feature_map("pauli")->circuit(x, options));
    for (int k = 0; k < 8; ++k) EXPECT_LT(std::abs(state[k] - expected[k]), 1e-13) << word << " " << k;
  }
}

TEST(FeatureMap, basis_writes_the_bits_above_the_threshold) {
  const auto state = reference_state(find_feature_map("basis")->circuit(std::vector{0.7, 0.5, 1.0}, {}));
  EXPECT_EQ(state[0b101], Complex(1));
}

TEST(FeatureMap, reuploading_holds_three_features_a_qubit_and_depends_on_every_one) {
  const FeatureMap& map = *find_feature_map("re-uploading");
  EXPECT_EQ(map.qubits(3), 1);
  EXPECT_EQ(map.qubits(7), 3);
  const std::vector<double> x = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7};
  FeatureMapOptions options{.reps = 1};
  const auto state = reference_state(map.circuit(x, options));
  const auto fidelity_to = [&](const std::vector<Complex>& other) {
    Complex overlap{};
    for (std::size_t k = 0; k < state.size(); ++k) overlap += std::conj(state[k]) * other[k];
    return std::norm(overlap);
  };
  EXPECT_NEAR(fidelity_to(reference_state(map.circuit(x, options))), 1, 1e-12);
  for (std::size_t k = 0; k < x.size(); ++k) {
    std::vector<double> moved = x;
    moved[k] += 0.5;
    EXPECT_LT(fidelity_to(reference_state(map.circuit(moved, options))), 0.999) << k;
  }
  options.layer_seed = 1;
  EXPECT_LT(fidelity_to(reference_state(map.circuit(x, options))), 0.99);
}

TEST(FeatureMap, angle_rotates_about_the_axis_asked_for) {
  const std::vector<double> x = {0.8};
  for (const auto& [axis, zero, one] :
       {std::tuple(RotationAxis::x, Complex(std::cos(0.4)), Complex(0, -std::sin(0.4))),
        std::tuple(RotationAxis::y, Complex(std::cos(0.4)), Complex(std::sin(0.4))),
        std::tuple(RotationAxis::z, std::polar(std::sqrt(0.5), -0.4), std::polar(std::sqrt(0.5), 0.4))}) {
    FeatureMapOptions options;
    options.rotation = axis;
    const auto state = reference_state(find_feature_map("angle")->circuit(x, options));
    EXPECT_LT(std::abs(state[0] - zero) + std::abs(state[1] - one), 1e-14) << static_cast<int>(axis);
  }
}

TEST(FeatureMap, every_descriptor_is_complete) {
  for (const FeatureMap& map : feature_maps()) {
    EXPECT_EQ(find_feature_map(map.name), &map);
    EXPECT_FALSE(map.label.empty() || map.summary.empty() || map.source.empty()) << map.name;
    EXPECT_THROW(map.qubits(0), std::invalid_argument) << map.name;
    EXPECT_THROW(map.circuit({}, {}), std::invalid_argument) << map.name;
  }
  EXPECT_EQ(find_feature_map("nosuch"), nullptr);
}

} // namespace
} // namespace bloch::quantum
