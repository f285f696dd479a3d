#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "quantum/kernels/reduced_states.h"
#include "quantum/simulators/reference.h"

namespace bloch::quantum {
namespace {

Matrix random_table(int rows, int features, unsigned seed) {
  std::mt19937 random(seed);
  Matrix samples(rows, features);
  for (double& value : samples.reshaped()) value = 2.0 * random() / random.max() - 0.5;
  return samples;
}

/// <state| P_a Q_b |state> by the definition; letters 0, 1, 2 for X, Y, Z, -1 for none.
double reference_value(const std::vector<Complex>& state, int a, int p, int b = 0, int q = -1) {
  Complex sum{};
  for (std::size_t index = 0; index < state.size(); ++index) {
    std::size_t to = index;
    Complex factor = 1;
    const auto act = [&](int qubit, int letter) {
      const bool one = index >> qubit & 1;
      if (letter == 0 || letter == 1) to ^= std::size_t{1} << qubit;
      if (letter == 1) factor *= one ? Complex(0, -1) : Complex(0, 1);
      if (letter == 2 && one) factor = -factor;
    };
    act(a, p);
    act(b, q);
    sum += std::conj(state[to]) * factor * state[index];
  }
  return sum.real();
}

TEST(ReducedStates, agree_with_the_reference_simulator_for_every_map_and_entanglement) {
  for (const FeatureMap& map : feature_maps())
    for (const Entanglement entanglement : {Entanglement::linear, Entanglement::circular, Entanglement::full})
      for (const int reps : {1, 2}) {
        const FeatureMapOptions options{.reps = reps, .entanglement = entanglement, .bandwidth = 0.7};
        const Matrix samples = random_table(18, 5, 3);
        const int qubits = map.qubits(5);
        const Matrix reduced = reduced_states(map, options, samples, 2);
        ASSERT_EQ(reduced.cols(), 3 * qubits + 9 * qubits * (qubits - 1) / 2);
        for (const int row : {0, 17}) {
          const auto state = reference_state(map.circuit({samples.data() + row * 5, 5}, options));
          int column = 0;
          for (int a = 0; a < qubits; ++a)
            for (int p = 0; p < 3; ++p, ++column)
              ASSERT_NEAR(reduced(row, column), reference_value(state, a, p), 5e-6) << map.name;
          for (int a = 0; a < qubits; ++a)
            for (int b = a + 1; b < qubits; ++b)
              for (int word = 0; word < 9; ++word, ++column)
                ASSERT_NEAR(reduced(row, column), reference_value(state, a, word / 3, b, word % 3), 5e-6)
                    << map.name << " qubits " << a << " " << b << " word " << word;
        }
        EXPECT_LT(
            (reduced_states(map, options, samples, 1) - reduced.leftCols(3 * qubits)).cwiseAbs().maxCoeff(),
            5e-6);
      }
}

TEST(ReducedStates, by_light_cone_agree_with_whole_states) {
  for (const char* name : {"zz", "iqp"})
    for (const Entanglement entanglement : {Entanglement::linear, Entanglement::circular, Entanglement::pairs})
      for (const int features : {2, 4, 9})
        for (const int reps : {1, 2, 3}) {
          const FeatureMapOptions options{.reps = reps, .entanglement = entanglement, .bandwidth = 0.6};
          const FeatureMap& map = *find_feature_map(name);
          const Matrix samples = random_table(5, features, 8);
          ASSERT_LT((reduced_states(map, options, samples, 2, 1, ReducedMethod::light_cone) -
                     reduced_states(map, options, samples, 2, 1, ReducedMethod::states))
                        .cwiseAbs()
                        .maxCoeff(),
                    5e-6)
              << name << " features " << features << " reps " << reps;
        }
}

TEST(ReducedStates, of_product_maps_agree_with_whole_states) {
  for (const char* name : {"angle", "z", "basis"})
    EXPECT_LT(
        (reduced_states(*find_feature_map(name), {}, random_table(5, 4, 8), 2, 1, ReducedMethod::product) -
         reduced_states(*find_feature_map(name), {}, random_table(5, 4, 8), 2, 1, ReducedMethod::states))
            .cwiseAbs()
            .maxCoeff(),
        5e-6)
        << name;
}

TEST(ReducedStates, choose_their_way_and_take_any_number_of_qubits_along_a_chain) {
  const FeatureMap& zz = *find_feature_map("zz");
  const FeatureMapOptions linear{.entanglement = Entanglement::linear};
  EXPECT_EQ(reduced_method(*find_feature_map("angle"), {}, 50, 1), ReducedMethod::product);
  EXPECT_EQ(reduced_method(zz, {}, 8, 1), ReducedMethod::states);
  EXPECT_EQ(reduced_method(zz, linear, 14, 1), ReducedMethod::light_cone);
  EXPECT_THROW(reduced_method(zz, {}, 30, 1), std::invalid_argument);
  const Matrix samples = random_table(3, 60, 5), reduced = reduced_states(zz, linear, samples, 1);
  // The middle of a long chain does not know how long it is.
  const Matrix part = samples.middleCols(20, 11);
  const Matrix inside = reduced_states(zz, linear, part, 1, 1, ReducedMethod::states);
  EXPECT_LT((reduced.middleCols(3 * 25, 3) - inside.middleCols(3 * 5, 3)).cwiseAbs().maxCoeff(), 5e-6);
}

TEST(ReducedStates, refuse_what_makes_no_sense) {
  const FeatureMap& zz = *find_feature_map("zz");
  EXPECT_THROW(reduced_states(zz, {}, random_table(2, 3, 1), 3), std::invalid_argument);
  EXPECT_THROW(reduced_states(zz, {}, random_table(2, 1, 1), 2), std::invalid_argument);
  EXPECT_THROW(reduced_states(zz, {}, random_table(2, 3, 1), 1, 1, ReducedMethod::product),
               std::invalid_argument);
  Matrix bad = random_table(2, 3, 1);
  bad(1, 1) = std::nan("");
  EXPECT_THROW(reduced_states(zz, {}, bad, 1), std::invalid_argument);
}

/// sum |rho_k(x) - rho_k(y)|^2 by the density matrices themselves.
double reference_distance(const std::vector<Complex>& x, const std::vector<Complex>& y, int qubits, int order) {
  const auto reduced = [&](const std::vector<Complex>& state, std::size_t kept) {
    std::vector<Complex> rho(state.size() * state.size());
    for (std::size_t a = 0; a < state.size(); ++a)
      for (std::size_t b = 0; b < state.size(); ++b)
        if ((a & ~kept) == (b & ~kept))
          rho[(a & kept) * state.size() + (b & kept)] += state[a] * std::conj(state[b]);
    return rho;
  };
  double sum = 0;
  for (int a = 0; a < qubits; ++a)
    for (int b = order == 1 ? a : a + 1; b < (order == 1 ? a + 1 : qubits); ++b) {
      const std::size_t kept = std::size_t{1} << a | std::size_t{1} << b;
      const auto left = reduced(x, kept), right = reduced(y, kept);
      for (std::size_t k = 0; k < left.size(); ++k) sum += std::norm(left[k] - right[k]);
    }
  return sum;
}

TEST(ProjectedKernel, is_the_gaussian_of_the_distance_between_reduced_density_matrices) {
  const FeatureMap& map = *find_feature_map("zz");
  const FeatureMapOptions options{.bandwidth = 0.5};
  const Matrix samples = random_table(4, 4, 21);
  for (const int order : {1, 2}) {
    const Matrix reduced = reduced_states(map, options, samples, order);
    const Matrix kernel = projected_kernel(reduced, reduced, 4, order, 0.6);
    for (int a = 0; a < 4; ++a)
      for (int b = 0; b < 4; ++b) {
        const auto x = reference_state(map.circuit({samples.data() + a * 4, 4}, options));
        const auto y = reference_state(map.circuit({samples.data() + b * 4, 4}, options));
        EXPECT_NEAR(kernel(a, b), std::exp(-0.6 * reference_distance(x, y, 4, order)), 1e-5) << order;
      }
    EXPECT_GT(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(kernel).eigenvalues().minCoeff(), -1e-9);
    double mean = 0;
    const double gamma = projected_scale(reduced, 4, order);
    const Matrix typical = projected_kernel(reduced, reduced, 4, order, gamma);
    for (int a = 0; a < 4; ++a)
      for (int b = 0; b < 4; ++b)
        if (a != b) mean -= std::log(typical(a, b)) / 12;
    EXPECT_NEAR(mean, 1, 1e-9);
  }
  EXPECT_THROW(projected_kernel(Matrix::Zero(2, 5), Matrix::Zero(2, 5), 4, 1, 1), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
