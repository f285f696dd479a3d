// Every quantum feature map: its kernel is a kernel.
#include <random>

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include "quantum/feature_maps/feature_map.h"
#include "quantum/kernels/kernel.h"

namespace bloch::quantum {
namespace {

class EveryFeatureMap : public ::testing::TestWithParam<std::string> {
 protected:
  const FeatureMap& map() const { return *find_feature_map(GetParam()); }
  static Matrix samples() {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> value(0.1, 2);
    Matrix x(12, 4);
    for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = value(random);
    return x;
  }
};

TEST_P(EveryFeatureMap, GivesASymmetricPositiveKernelWithOnesOnItsDiagonal) {
  for (const auto entanglement : {Entanglement::linear, Entanglement::circular, Entanglement::full}) {
    const Matrix gram = fidelity_kernel(map(), {2, entanglement, 0.7}, samples());
    EXPECT_EQ(gram, gram.transpose());
    for (Eigen::Index i = 0; i < gram.rows(); ++i) EXPECT_EQ(gram(i, i), 1);
    EXPECT_GE(gram.minCoeff(), 0);
    EXPECT_LE(gram.maxCoeff(), 1);
    const Eigen::MatrixXd copy = gram;
    EXPECT_GT(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(copy).eigenvalues().minCoeff(), -1e-5);
  }
}

TEST_P(EveryFeatureMap, GivesTheSameKernelForRowsAgainstColumns) {
  const Matrix x = samples();
  const Matrix gram = fidelity_kernel(map(), {}, x);
  const Matrix block = fidelity_kernel(map(), {}, x, x);
  EXPECT_LT((gram - block).cwiseAbs().maxCoeff(), 1e-5);
}

TEST_P(EveryFeatureMap, GivesTheSameKernelForAnyNumberOfThreads) {
  const Matrix x = samples();
  EXPECT_EQ(fidelity_kernel(map(), {}, x, x, 1), fidelity_kernel(map(), {}, x, x, 2));
}

TEST_P(EveryFeatureMap, RefusesWhatIsNotANumber) {
  Matrix x = samples();
  x(3, 2) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)fidelity_kernel(map(), {}, x), std::invalid_argument);
}

TEST_P(EveryFeatureMap, RefusesSamplesOfAnotherWidth) {
  EXPECT_THROW((void)fidelity_kernel(map(), {}, samples(), Matrix::Ones(3, 5)), std::invalid_argument);
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& map : feature_maps()) all.push_back(map.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, EveryFeatureMap, ::testing::ValuesIn(names()), [](const auto& one) {
  std::string name = one.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

} // namespace
} // namespace bloch::quantum
