#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "quantum/kernels/alignment.h"
#include "quantum/kernels/classical_kernel.h"
#include "quantum/kernels/nystroem.h"
#include "quantum/kernels/quantum_kernel.h"
#include "quantum/kernels/reduced_states.h"
#include "quantum/simulators/reference.h"

namespace bloch::quantum {
namespace {

Matrix random_rows(int rows, int features, unsigned seed) {
  std::mt19937 random(seed);
  Matrix samples(rows, features);
  for (double& value : samples.reshaped()) value = 2.0 * random() / random.max() - 0.5;
  return samples;
}

QuantumKernel kernel_of_map(const char* name, double bandwidth = 0.5) {
  QuantumKernel kernel;
  kernel.map = find_feature_map(name);
  kernel.options.bandwidth = bandwidth;
  return kernel;
}

TEST(QuantumKernel, without_shots_or_noise_is_the_fidelity_or_projected_kernel) {
  const Matrix rows = random_rows(5, 4, 1), columns = random_rows(7, 4, 2);
  QuantumKernel kernel = kernel_of_map("zz");
  EXPECT_EQ(evaluate(kernel, rows, columns), fidelity_kernel(*kernel.map, kernel.options, rows, columns));
  EXPECT_EQ(evaluate(kernel, rows), fidelity_kernel(*kernel.map, kernel.options, rows));
  kernel.kind = KernelKind::projected;
  kernel.order = 2;
  const Matrix gram = evaluate(kernel, rows);
  EXPECT_EQ(gram, gram.transpose());
  EXPECT_EQ(gram.diagonal(), Eigen::VectorXd::Ones(5));
  EXPECT_LT((gram - evaluate(kernel, rows, rows)).cwiseAbs().maxCoeff(), 1e-12);
  kernel.gamma = 0;
  EXPECT_THROW(evaluate(kernel, rows), std::invalid_argument);
}

TEST(QuantumKernel, with_shots_scatters_as_a_binomial_does_and_is_the_same_for_the_same_seed) {
  const Matrix rows = random_rows(60, 3, 1);
  QuantumKernel kernel = kernel_of_map("zz", 0.3);
  const Matrix exact = evaluate(kernel, rows);
  kernel.shots = 400;
  kernel.seed = 9;
  const Matrix estimate = evaluate(kernel, rows);
  EXPECT_EQ(estimate, estimate.transpose());
  EXPECT_EQ(estimate, evaluate(kernel, rows));
  double chi_squared = 0;
  int entries = 0;
  for (int a = 0; a < 60; ++a)
    for (int b = 0; b < a; ++b) {
      const double variance = exact(a, b) * (1 - exact(a, b)) / 400;
      if (variance < 1e-5) continue;
      chi_squared += std::pow(estimate(a, b) - exact(a, b), 2) / variance;
      ++entries;
    }
  ASSERT_GT(entries, 500);
  EXPECT_NEAR(chi_squared / entries, 1, 5 * std::sqrt(2.0 / entries));
  kernel.seed = 10;
  EXPECT_NE(estimate, evaluate(kernel, rows));
  // A block of the matrix has the entries of the whole.
  Matrix block = exact.block(20, 5, 10, 30);
  add_shot_noise(block, 400, 9, true, 20, 5);
  EXPECT_EQ(block, estimate.block(20, 5, 10, 30));
}

TEST(QuantumKernel, in_blocks_has_the_numbers_of_the_whole_matrix) {
  const Matrix rows = random_rows(12, 3, 1), others = random_rows(7, 3, 2);
  for (const KernelKind kind : {KernelKind::fidelity, KernelKind::projected}) {
    QuantumKernel kernel = kernel_of_map("zz", 0.3);
    kernel.kind = kind;
    kernel.shots = 50;
    const KernelBlocks own(kernel, rows), with(kernel, others, rows);
    EXPECT_LT((own.block(4, 5, 0, 4) - own.whole().block(4, 0, 5, 4)).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((own.block(0, 4, 4, 5) - own.whole().block(0, 4, 4, 5)).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((own.block(3, 6, 3, 6) - own.whole().block(3, 3, 6, 6)).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((with.block(2, 3, 5, 7) - with.whole().block(2, 5, 3, 7)).cwiseAbs().maxCoeff(), 1e-12);
  }
}

TEST(QuantumKernel, projected_with_shots_comes_near_the_exact_one) {
  const Matrix rows = random_rows(6, 3, 1);
  QuantumKernel kernel = kernel_of_map("zz", 0.3);
  kernel.kind = KernelKind::projected;
  const Matrix exact = evaluate(kernel, rows);
  kernel.shots = 1'000'000;
  const Matrix estimate = evaluate(kernel, rows);
  EXPECT_NE(exact, estimate);
  EXPECT_LT((estimate - exact).cwiseAbs().maxCoeff(), 0.02);
}

/// rho after a circuit whose every gate depolarises its qubits with a chance, by the definition.
Eigen::MatrixXcd noisy_density(const Circuit& circuit, double rate) {
  const Eigen::Index size = Eigen::Index{1} << circuit.qubits();
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(size, size);
  rho(0, 0) = 1;
  for (const Operation& operation : circuit.operations()) {
    Eigen::MatrixXcd unitary(size, size);
    for (Eigen::Index column = 0; column < size; ++column) {
      Circuit prepared(circuit.qubits());
      for (int k = 0; k < circuit.qubits(); ++k)
        if (column >> k & 1) prepared.x(k);
      prepared.add(operation);
      const auto state = reference_state(prepared);
      for (Eigen::Index row = 0; row < size; ++row) unitary(row, column) = state[static_cast<std::size_t>(row)];
    }
    rho = unitary * rho * unitary.adjoint();
    Eigen::Index touched = 0;
    for (const int qubit : operation.qubits) touched |= Eigen::Index{1} << qubit;
    Eigen::MatrixXcd mixed = Eigen::MatrixXcd::Zero(size, size);
    for (Eigen::Index a = 0; a < size; ++a)
      for (Eigen::Index b = 0; b < size; ++b) {
        if ((a & touched) != (b & touched)) continue;
        for (Eigen::Index value = touched;; value = (value - 1) & touched) {
          mixed(a, b) += rho((a & ~touched) | value, (b & ~touched) | value) /
                         std::ldexp(1.0, static_cast<int>(operation.qubits.size()));
          if (value == 0) break;
        }
      }
    rho = (1 - rate) * rho + rate * mixed;
  }
  return rho;
}

TEST(QuantumKernel, with_depolarising_noise_is_exact_without_entanglement) {
  const Matrix rows = random_rows(3, 3, 4);
  for (const char* name : {"angle", "z"}) {
    QuantumKernel kernel = kernel_of_map(name);
    kernel.noise = {0.05, 0.1};
    const Matrix noisy = evaluate(kernel, rows);
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) {
        const auto left = noisy_density(kernel.map->circuit({rows.data() + 3 * a, 3}, kernel.options), 0.05);
        const auto right = noisy_density(kernel.map->circuit({rows.data() + 3 * b, 3}, kernel.options), 0.05);
        EXPECT_NEAR(noisy(a, b), (left * right).trace().real(), 1e-12) << name;
      }
  }
}

TEST(QuantumKernel, with_depolarising_noise_is_the_overlap_of_density_matrices_on_few_qubits) {
  const Matrix rows = random_rows(3, 3, 4), columns = random_rows(2, 3, 5);
  QuantumKernel kernel = kernel_of_map("zz");
  kernel.noise = {0.02, 0.02};
  const Matrix noisy = evaluate(kernel, rows, columns);
  const auto density = [&](const Matrix& table, int row) {
    return noisy_density(kernel.map->circuit({table.data() + 3 * row, 3}, kernel.options), 0.02);
  };
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 2; ++b)
      EXPECT_NEAR(noisy(a, b), (density(rows, a) * density(columns, b)).trace().real(), 1e-10);
  const Matrix gram = evaluate(kernel, rows);
  EXPECT_EQ(gram, gram.transpose());
  EXPECT_NEAR(gram(1, 1), (density(rows, 1) * density(rows, 1)).trace().real(), 1e-10);
  kernel.noise = {0.01, 0.05}; // one-qubit and two-qubit gates apart: less noise, nearer to the exact kernel
  EXPECT_LT(evaluate(kernel, rows)(0, 0), 1);
}

TEST(QuantumKernel, under_global_depolarising_mixes_with_the_uniform_state) {
  const Matrix rows = random_rows(4, 7, 4);
  QuantumKernel kernel = kernel_of_map("zz");
  kernel.options.entanglement = Entanglement::linear;
  const Matrix exact = evaluate(kernel, rows);
  kernel.noise = {0.001, 0.01};
  const Matrix noisy = evaluate(kernel, rows);
  // Two repetitions of 7 H, 7 P, and 6 times CX P CX.
  const double alive = std::pow(std::pow(0.999, 2 * 20) * std::pow(0.99, 2 * 12), 2);
  EXPECT_LT((noisy.array() - (alive * exact.array() + (1 - alive) / 128)).abs().maxCoeff(), 1e-12);
  kernel.noise = {1, 1};
  EXPECT_LT((evaluate(kernel, rows).array() - 1.0 / 128).abs().maxCoeff(), 1e-12);
  kernel.noise = {-0.1, 0};
  EXPECT_THROW(evaluate(kernel, rows), std::invalid_argument);
  kernel.noise = {0.3, 0.3};
  kernel.kind = KernelKind::projected;
  const Matrix projected = evaluate(kernel, rows);
  EXPECT_GT(projected.minCoeff(), 0.9); // hardly told apart any more
}

TEST(Bandwidth, trials_find_the_kernel_that_follows_the_labels) {
  // Labels are stripes of x_0: a small bandwidth cannot see them, a large one makes the identity.
  Matrix rows = random_rows(80, 2, 5);
  std::vector<std::string> labels;
  for (int k = 0; k < 80; ++k) labels.push_back(std::sin(8 * rows(k, 0)) > 0 ? "benign" : "malignant");
  const Matrix target = label_kernel(labels);
  const QuantumKernel kernel = kernel_of_map("angle", 8);
  const auto trials = try_bandwidths(kernel, rows, target);
  const BandwidthTrial& best = best_trial(trials);
  EXPECT_GT(best.bandwidth, 2);
  EXPECT_LT(best.bandwidth, 30);
  QuantumKernel tuned = kernel;
  tuned.options.bandwidth = best.bandwidth;
  EXPECT_NEAR(best.score, kernel_alignment(centred(evaluate(tuned, rows)), centred(target)), 1e-12);
  for (const BandwidthTrial& trial : trials) EXPECT_LE(trial.score, best.score);
  const auto spread = try_bandwidths(kernel, rows, {});
  EXPECT_EQ(best_trial(spread).score, best_trial(spread).off_diagonal_deviation);
  EXPECT_THROW(try_bandwidths(kernel_of_map("amplitude"), rows, {}), std::invalid_argument);
  EXPECT_THROW(try_bandwidths(kernel, rows.topRows(1), {}), std::invalid_argument);
}

TEST(Alignment, of_a_label_kernel_with_itself_is_one_and_of_two_classes_is_their_product) {
  const std::vector<std::string> labels = {"a", "b", "a", "a"};
  const Matrix target = label_kernel(labels);
  const Eigen::Vector4d y(1, -1, 1, 1);
  EXPECT_EQ(target, Matrix(y * y.transpose()));
  EXPECT_NEAR(kernel_alignment(target, target), 1, 1e-14);
  EXPECT_NEAR(kernel_alignment(Matrix::Identity(4, 4), target), 0.5, 1e-14); // 4 / (2 * 4)
  EXPECT_LT(centred(target).rowwise().sum().cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_THROW(label_kernel(std::vector<std::string>{"a", "a"}), std::invalid_argument);
}

TEST(Alignment, weights_beat_every_other_combination) {
  std::vector<std::string> labels;
  const Matrix rows = random_rows(30, 4, 6);
  for (int k = 0; k < 30; ++k) labels.push_back(rows(k, 0) * rows(k, 1) > 0.1 ? "a" : "b");
  std::vector<Matrix> grams;
  for (const double bandwidth : {0.1, 0.7, 2.0})
    grams.push_back(evaluate(kernel_of_map("angle", bandwidth), rows));
  grams.push_back(evaluate(kernel_of_map("zz", 0.4), rows));
  const Matrix target = label_kernel(labels);
  const auto weights = alignment_weights(grams, target);
  double sum = 0;
  for (const double weight : weights) {
    EXPECT_GE(weight, 0);
    sum += weight;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  const auto score = [&](const std::vector<double>& w) {
    return kernel_alignment(centred(combine(grams, w)), centred(target));
  };
  const double best = score(weights);
  std::mt19937 random(1);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<double> other(4);
    for (double& weight : other) weight = std::pow(random() / 4294967296.0, 3);
    EXPECT_LE(score(other), best + 1e-9);
  }
  EXPECT_THROW(combine(grams, std::vector<double>{1, 1, 1}), std::invalid_argument);
  EXPECT_THROW(combine(grams, std::vector<double>{1, 1, 1, -1}), std::invalid_argument);
  EXPECT_THROW(alignment_weights(std::vector<Matrix>{Matrix::Ones(30, 30)}, target), std::invalid_argument);
}

TEST(GeometricDifference, is_one_between_equal_kernels_and_grows_with_what_the_classical_cannot_see) {
  const Matrix rows = random_rows(20, 3, 7);
  const Matrix gaussian = gaussian_kernel(rows, rows, gaussian_scale(rows));
  EXPECT_NEAR(geometric_difference(Matrix::Identity(20, 20), Matrix::Identity(20, 20), 1e-9), 1, 1e-6);
  EXPECT_NEAR(geometric_difference(gaussian, gaussian, 1e-12), 1, 1e-3);
  // Against diag(1.5, 0.5) the identity's g is sqrt(1 / 0.5).
  Matrix uneven = Matrix::Zero(2, 2);
  uneven.diagonal() << 1.5, 0.5;
  EXPECT_NEAR(geometric_difference(Matrix::Identity(2, 2), uneven, 1e-12), std::sqrt(2.0), 1e-9);
  EXPECT_GT(geometric_difference(evaluate(kernel_of_map("zz", 1), rows), gaussian, 1e-3), 3);
  EXPECT_THROW(geometric_difference(gaussian, Matrix::Identity(3, 3), 0.1), std::invalid_argument);
  EXPECT_THROW(geometric_difference(gaussian, gaussian, 0), std::invalid_argument);
}

TEST(Nystroem, features_give_back_the_gram_matrix_when_every_sample_is_a_landmark) {
  const Matrix rows = random_rows(25, 4, 8);
  const QuantumKernel kernel = kernel_of_map("zz", 0.4);
  const Matrix gram = evaluate(kernel, rows);
  const NystroemMap all = nystroem_map(gram);
  const Matrix features = nystroem_features(all, gram);
  EXPECT_LT((features * features.transpose() - gram).cwiseAbs().maxCoeff(), 1e-4);
  // A kernel of low rank needs few landmarks.
  const QuantumKernel low = kernel_of_map("angle", 0.02);
  const Matrix whole = evaluate(low, rows);
  const auto chosen = choose_landmarks(25, 15, 3);
  ASSERT_EQ(chosen.size(), 15U);
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
  EXPECT_EQ(std::adjacent_find(chosen.begin(), chosen.end()), chosen.end());
  EXPECT_EQ(chosen, choose_landmarks(25, 15, 3));
  const Matrix landmarks = rows(chosen, Eigen::all);
  const Matrix approximate =
      nystroem_features(nystroem_map(evaluate(low, landmarks), 1e-12), evaluate(low, rows, landmarks));
  EXPECT_LT((approximate * approximate.transpose() - whole).cwiseAbs().maxCoeff(), 1e-4);
  EXPECT_THROW(choose_landmarks(5, 6, 1), std::invalid_argument);
  EXPECT_THROW(nystroem_map(Matrix(2, 3)), std::invalid_argument);
}

TEST(GramDiagnostics, say_how_many_shots_are_needed) {
  Matrix gram = Matrix::Constant(3, 3, 0.5);
  gram.diagonal().setOnes();
  EXPECT_EQ(shots_for_error(gram, 0.05), 100);
  EXPECT_TRUE(std::isinf(shots_for_spread(gram)));
  gram(0, 1) = gram(1, 0) = 0.2;
  // Off the diagonal: 0.2 0.2 0.5 0.5 0.5 0.5; variance 0.02, mean shot variance (2 * 0.16 + 4 * 0.25) / 6.
  EXPECT_EQ(shots_for_spread(gram), std::ceil((0.32 + 1.0) / 6 / (0.01 * 0.02)));
  EXPECT_NEAR(diagnose(gram).identity_distance, std::sqrt(2 * 0.04 + 4 * 0.25) / 3, 1e-12);
  EXPECT_THROW(shots_for_error(gram, 0), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
