#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "quantum/kernels/kernel.h"
#include "quantum/simulators/reference.h"

namespace bloch::quantum {
namespace {

Matrix random_samples(int rows, int features, unsigned seed) {
  std::mt19937 random(seed);
  Matrix samples(rows, features);
  for (double& value : samples.reshaped()) value = 2.0 * random() / random.max() - 0.5;
  return samples;
}

double reference_fidelity(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples, int a,
                          const Matrix& others, int b) {
  const auto state_of = [&](const Matrix& table, int row) {
    return reference_state(
        map.circuit({table.data() + row * table.cols(), static_cast<std::size_t>(table.cols())}, options));
  };
  const auto left = state_of(samples, a), right = state_of(others, b);
  Complex overlap{};
  for (std::size_t k = 0; k < left.size(); ++k) overlap += std::conj(left[k]) * right[k];
  return std::norm(overlap);
}

TEST(FidelityKernel, agrees_with_the_reference_simulator_for_every_map_and_entanglement) {
  for (const FeatureMap& map : feature_maps())
    for (const Entanglement entanglement :
         {Entanglement::linear, Entanglement::circular, Entanglement::full, Entanglement::pairs})
      for (const int features : {1, 2, 3, 5, 6})
        for (const int reps : {1, 2, 3}) {
          const FeatureMapOptions options{.reps = reps, .entanglement = entanglement, .bandwidth = 0.7};
          const Matrix rows = random_samples(5, features, 1), columns = random_samples(19, features, 2);
          const Matrix kernel = fidelity_kernel(map, options, rows, columns);
          ASSERT_EQ(kernel.rows(), 5);
          ASSERT_EQ(kernel.cols(), 19);
          for (int a = 0; a < 5; ++a)
            for (int b = 0; b < 19; b += 6)
              ASSERT_NEAR(kernel(a, b), reference_fidelity(map, options, rows, a, columns, b), 5e-6)
                  << map.name << " features " << features << " reps " << reps << " entanglement "
                  << static_cast<int>(entanglement);
        }
}

TEST(FidelityKernel, of_a_table_with_itself_is_symmetric_positive_and_one_on_the_diagonal) {
  for (const FeatureMap& map : feature_maps()) {
    const Matrix gram = fidelity_kernel(map, {}, random_samples(300, 4, 3));
    EXPECT_EQ(gram, gram.transpose()) << map.name;
    EXPECT_EQ(gram.diagonal(), Eigen::VectorXd::Ones(300)) << map.name;
    EXPECT_GE(gram.minCoeff(), 0) << map.name;
    EXPECT_LE(gram.maxCoeff(), 1 + 1e-5) << map.name;
    EXPECT_GT(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(gram).eigenvalues().minCoeff(), -1e-4) << map.name;
  }
}

TEST(FidelityKernel, of_the_angle_map_has_its_closed_form) {
  const Matrix rows = random_samples(4, 9, 4), columns = random_samples(3, 9, 5);
  const Matrix kernel = fidelity_kernel(*find_feature_map("angle"), {.bandwidth = 1.5}, rows, columns);
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 3; ++b) {
      double product = 1;
      for (int k = 0; k < 9; ++k) product *= std::pow(std::cos(1.5 * (rows(a, k) - columns(b, k)) / 2), 2);
      EXPECT_NEAR(kernel(a, b), product, 1e-14);
    }
}

TEST(FidelityKernel, of_explicit_pairs_agrees_with_the_reference_whatever_the_method) {
  FeatureMapOptions options{.bandwidth = 0.6};
  const Matrix rows = random_samples(4, 5, 4), columns = random_samples(17, 5, 5);
  for (const auto& pairs : {std::vector<std::pair<int, int>>{{3, 0}, {1, 4}},
                            std::vector<std::pair<int, int>>{{1, 0}, {2, 3}, {4, 0}}}) {
    options.coupled = pairs;
    for (const char* name : {"zz", "iqp", "hardware-efficient"}) {
      const FeatureMap& map = *find_feature_map(name);
      const Matrix kernel = fidelity_kernel(map, options, rows, columns);
      for (int a = 0; a < 4; ++a)
        ASSERT_NEAR(kernel(a, 16), reference_fidelity(map, options, rows, a, columns, 16), 5e-6) << name;
    }
  }
  // The second set is part of a ring: the transfer matrix takes it.
  EXPECT_LT(
      (fidelity_kernel(*find_feature_map("zz"), options, rows, columns, 1, KernelMethod::transfer_matrix) -
       fidelity_kernel(*find_feature_map("zz"), options, rows, columns, 1, KernelMethod::states))
          .cwiseAbs()
          .maxCoeff(),
      1e-5);
}

TEST(FidelityKernel, of_the_angle_map_agrees_with_the_reference_about_every_axis) {
  const Matrix rows = random_samples(3, 4, 4);
  for (const RotationAxis axis : {RotationAxis::x, RotationAxis::y, RotationAxis::z}) {
    FeatureMapOptions options;
    options.rotation = axis;
    const FeatureMap& map = *find_feature_map("angle");
    EXPECT_NEAR(fidelity_kernel(map, options, rows)(2, 0), reference_fidelity(map, options, rows, 2, rows, 0),
                1e-12);
  }
}

TEST(FidelityKernel, of_the_amplitude_map_is_the_squared_cosine_between_samples) {
  const Matrix rows = random_samples(4, 11, 4), columns = random_samples(3, 11, 5);
  const Matrix kernel = fidelity_kernel(*find_feature_map("amplitude"), {}, rows, columns);
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 3; ++b)
      EXPECT_NEAR(kernel(a, b),
                  std::pow(rows.row(a).dot(columns.row(b)), 2) / rows.row(a).squaredNorm() /
                      columns.row(b).squaredNorm(),
                  1e-14);
  EXPECT_THROW(fidelity_kernel(*find_feature_map("amplitude"), {}, Matrix::Zero(2, 3)), std::invalid_argument);
}

TEST(FidelityKernel, of_the_pauli_map_with_Z_and_ZZ_is_that_of_the_zz_map) {
  const Matrix rows = random_samples(6, 5, 4);
  const FeatureMapOptions options{.bandwidth = 0.8};
  EXPECT_LT((fidelity_kernel(*find_feature_map("pauli"), options, rows) -
             fidelity_kernel(*find_feature_map("zz"), options, rows))
                .cwiseAbs()
                .maxCoeff(),
            1e-5);
  FeatureMapOptions wrong;
  wrong.paulis = "Z,ZQ";
  EXPECT_THROW(fidelity_kernel(*find_feature_map("pauli"), wrong, rows), std::invalid_argument);
}

TEST(FidelityKernel, along_a_chain_or_ring_agrees_with_whole_states) {
  for (const char* name : {"zz", "iqp"})
    for (const Entanglement entanglement : {Entanglement::linear, Entanglement::circular, Entanglement::pairs})
      for (const int features : {1, 2, 3, 4, 7, 9})
        for (const int reps : {1, 2, 3, 4}) {
          const FeatureMapOptions options{.reps = reps, .entanglement = entanglement, .bandwidth = 0.4};
          const Matrix rows = random_samples(3, features, 11), columns = random_samples(18, features, 12);
          const FeatureMap& map = *find_feature_map(name);
          const Matrix chain = fidelity_kernel(map, options, rows, columns, 1, KernelMethod::transfer_matrix);
          const Matrix states = fidelity_kernel(map, options, rows, columns, 1, KernelMethod::states);
          ASSERT_LT((chain - states).cwiseAbs().maxCoeff(), 1e-5)
              << name << " " << features << " features, " << reps << " reps";
        }
}

TEST(FidelityKernel, takes_any_number_of_qubits_along_a_chain) {
  const FeatureMapOptions options{.entanglement = Entanglement::linear, .bandwidth = 0.05};
  const FeatureMap& map = *find_feature_map("zz");
  const Matrix samples = random_samples(20, 100, 3), gram = fidelity_kernel(map, options, samples);
  EXPECT_LE(gram.maxCoeff(), 1);
  EXPECT_GT(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(gram).eigenvalues().minCoeff(), -1e-9);
  EXPECT_NEAR(fidelity_kernel(map, options, samples, samples)(7, 7), 1, 1e-9);
  EXPECT_THROW(fidelity_kernel(map, {}, samples), std::invalid_argument);
}

TEST(FidelityKernel, of_more_qubits_than_are_batched_agrees_with_the_chain) {
  for (const int features : {13, 14}) {
    const FeatureMapOptions options{.entanglement = Entanglement::linear, .bandwidth = 0.3};
    const FeatureMap& map = *find_feature_map("zz");
    const Matrix rows = random_samples(5, features, 1), columns = random_samples(40, features, 2);
    EXPECT_LT((fidelity_kernel(map, options, rows, columns, 0, KernelMethod::states) -
               fidelity_kernel(map, options, rows, columns, 0, KernelMethod::transfer_matrix))
                  .cwiseAbs()
                  .maxCoeff(),
              1e-5);
    EXPECT_LT((fidelity_kernel(map, options, columns, 0, KernelMethod::states) -
               fidelity_kernel(map, options, columns, 0, KernelMethod::transfer_matrix))
                  .cwiseAbs()
                  .maxCoeff(),
              1e-5);
  }
  const FeatureMap& hardware = *find_feature_map("hardware-efficient");
  const Matrix samples = random_samples(4, 13, 5);
  EXPECT_NEAR(fidelity_kernel(hardware, {}, samples)(3, 1),
              reference_fidelity(hardware, {}, samples, 3, samples, 1), 1e-5);
}

TEST(FidelityKernel, chooses_its_method_by_what_the_map_allows_and_by_cost) {
  const FeatureMapOptions linear{.entanglement = Entanglement::linear};
  EXPECT_EQ(kernel_method(*find_feature_map("angle"), {}, 8), KernelMethod::product);
  EXPECT_EQ(kernel_method(*find_feature_map("amplitude"), {}, 8), KernelMethod::amplitudes);
  EXPECT_EQ(kernel_method(*find_feature_map("zz"), {}, 8), KernelMethod::states);
  EXPECT_EQ(kernel_method(*find_feature_map("zz"), linear, 4), KernelMethod::states);
  EXPECT_EQ(kernel_method(*find_feature_map("zz"), linear, 16), KernelMethod::transfer_matrix);
  EXPECT_THROW(
      fidelity_kernel(*find_feature_map("zz"), {}, random_samples(2, 4, 1), 0, KernelMethod::transfer_matrix),
      std::invalid_argument);
  EXPECT_THROW(fidelity_kernel(*find_feature_map("zz"), {}, random_samples(2, 4, 1), 0, KernelMethod::product),
               std::invalid_argument);
}

TEST(FidelityKernel, does_not_depend_on_the_number_of_threads) {
  const Matrix rows = random_samples(600, 5, 6), columns = random_samples(40, 5, 7);
  for (const char* name : {"zz", "angle"}) {
    const FeatureMap& map = *find_feature_map(name);
    EXPECT_EQ(fidelity_kernel(map, {}, rows, columns, 1), fidelity_kernel(map, {}, rows, columns, 2)) << name;
  }
}

TEST(FidelityKernel, refuses_what_makes_no_sense) {
  const FeatureMap& zz = *find_feature_map("zz");
  Matrix bad = random_samples(3, 4, 8);
  EXPECT_THROW(fidelity_kernel(zz, {}, bad, random_samples(3, 5, 9)), std::invalid_argument);
  EXPECT_THROW(fidelity_kernel(zz, {.reps = 0}, bad), std::invalid_argument);
  EXPECT_THROW(fidelity_kernel(zz, {}, Matrix(3, 0)), std::invalid_argument);
  bad(1, 2) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(fidelity_kernel(zz, {}, bad), std::invalid_argument);
  EXPECT_EQ(fidelity_kernel(zz, {}, Matrix(0, 4), random_samples(3, 4, 9)).rows(), 0);
}

TEST(GramDiagnostics, know_the_identity_and_the_constant_matrix) {
  const GramDiagnostics identity = diagnose(Matrix::Identity(8, 8));
  EXPECT_NEAR(identity.off_diagonal_mean, 0, 1e-15);
  EXPECT_NEAR(identity.effective_rank, 8, 1e-9);
  const GramDiagnostics constant = diagnose(Matrix::Ones(8, 8));
  EXPECT_NEAR(constant.off_diagonal_mean, 1, 1e-15);
  EXPECT_NEAR(constant.off_diagonal_deviation, 0, 1e-7);
  EXPECT_NEAR(constant.effective_rank, 1, 1e-6);
  EXPECT_NEAR(constant.eigenvalues[0], 8, 1e-12);
  EXPECT_THROW(diagnose(Matrix(2, 3)), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
