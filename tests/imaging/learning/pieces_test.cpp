#include <cmath>
#include <numbers>
#include <random>

#include <libsvm/svm.h>

#include <gmock/gmock.h>

#include "imaging/learning/angle_scaling.h"
#include "imaging/learning/kernel_twin.h"
#include "imaging/learning/one_class_svm.h"
#include "imaging/learning/roc.h"
#include "imaging/learning/score_quantile.h"

namespace bloch::imaging {
namespace {

SampleMatrix random_samples(int rows, int columns, unsigned seed) {
  std::mt19937 random(seed);
  SampleMatrix samples(rows, columns);
  for (Eigen::Index i = 0; i < samples.size(); ++i)
    samples.data()[i] = static_cast<double>(random() % 10000) / 5000 - 1;
  return samples;
}

TEST(OneClassSvm, OurOwnSumIsLibsvmsDecisionWithItsOwnRbf) {
  const SampleMatrix train = random_samples(120, 3, 1), test = random_samples(40, 3, 2);
  KernelTwin twin;
  twin.kernel.gamma = 0.7;
  const auto machine = fit_one_class_svm(*twin.kernel.gram(train), 0.2);
  ASSERT_TRUE(machine);
  twin.support.resize(static_cast<Eigen::Index>(machine->support.size()), 3);
  twin.coefficients.resize(twin.support.rows());
  for (std::size_t i = 0; i < machine->support.size(); ++i) {
    twin.support.row(static_cast<Eigen::Index>(i)) = train.row(machine->support[i]);
    twin.coefficients[static_cast<Eigen::Index>(i)] = machine->coefficients[i];
  }
  twin.offset = machine->offset;
  const auto scores = twin.scores(test);
  ASSERT_TRUE(scores);

  const auto nodes_of = [](const SampleMatrix& samples) {
    std::vector<std::vector<svm_node>> rows;
    for (Eigen::Index i = 0; i < samples.rows(); ++i)
      rows.push_back({{1, samples(i, 0)}, {2, samples(i, 1)}, {3, samples(i, 2)}, {-1, 0}});
    return rows;
  };
  auto train_nodes = nodes_of(train), test_nodes = nodes_of(test);
  std::vector<svm_node*> pointers;
  for (auto& row : train_nodes) pointers.push_back(row.data());
  std::vector<double> labels(120, 1);
  svm_problem problem{120, labels.data(), pointers.data()};
  svm_parameter parameter{};
  parameter.svm_type = ONE_CLASS;
  parameter.kernel_type = RBF;
  parameter.gamma = 0.7;
  parameter.nu = 0.2;
  parameter.eps = 1e-6;
  parameter.cache_size = 10;
  parameter.shrinking = 1;
  svm_model* model = svm_train(&problem, &parameter);
  for (std::size_t i = 0; i < test_nodes.size(); ++i) {
    double decision = 0;
    svm_predict_values(model, test_nodes[i].data(), &decision);
    EXPECT_NEAR((*scores)[i], -decision, 1e-4);
  }
  svm_free_and_destroy_model(&model);
}

TEST(OneClassSvm, NuBoundsTheShareOutsideAndOfSupport) {
  const SampleMatrix train = random_samples(200, 2, 5);
  PatchKernel kernel;
  const auto gram = *kernel.gram(train);
  const auto machine = fit_one_class_svm(gram, 0.25);
  ASSERT_TRUE(machine);
  EXPECT_GE(machine->support.size(), 50U);
  int outside = 0;
  for (Eigen::Index i = 0; i < 200; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < machine->support.size(); ++k)
      sum += machine->coefficients[k] * gram(i, machine->support[k]);
    outside += machine->offset - sum > 1e-4;
  }
  EXPECT_LE(outside, 50);
}

TEST(PatchKernelWidth, TheRuleReachesItsMeanForBothTwins) {
  const SampleMatrix rows = random_samples(80, 4, 8);
  PatchKernel rbf, zz;
  zz.kind = PatchKernel::Kind::quantum;
  zz.map = "zz";
  for (PatchKernel* kernel : {&rbf, &zz}) {
    const auto reached = set_width_by_mean(*kernel, rows, 0.4);
    ASSERT_TRUE(reached);
    EXPECT_TRUE(*reached);
    EXPECT_NEAR(off_diagonal_mean(*kernel->gram(rows)), 0.4, 1e-3);
  }
}

TEST(ScoreQuantile, IsTheShareOfLowerScoresWithinOneStep) {
  const SampleMatrix values = random_samples(500, 1, 4);
  const std::vector<double> scores(values.data(), values.data() + 500);
  const ScoreQuantile quantile(scores);
  for (double at = -0.95; at < 0.95; at += 0.05) {
    const auto below = std::count_if(scores.begin(), scores.end(), [&](double score) { return score < at; });
    EXPECT_NEAR(quantile(at), static_cast<double>(below) / 500, 1.5 / 500);
  }
}

TEST(ScoreQuantile, RisesStrictlyEvenBeyondEveryTrainingScore) {
  const ScoreQuantile quantile({0.1, 0.2, 0.2, 0.2, 0.5, 0.7});
  double last = 0;
  for (double score = -1; score < 2; score += 0.01) {
    const double value = quantile(score);
    EXPECT_GT(value, last);
    EXPECT_LT(value, 1);
    last = value;
  }
  EXPECT_DOUBLE_EQ(quantile(0.7), 6.0 / 7);
  EXPECT_DOUBLE_EQ(quantile(0.1), 1.0 / 7);
  EXPECT_GT(static_cast<float>(quantile(1.5)), static_cast<float>(quantile(1.4)));
}

TEST(Roc, TheAreaIsTheShareOfPairsInOrder) {
  const SampleMatrix values = random_samples(60, 1, 6);
  std::vector<double> scores(60);
  std::vector<std::uint8_t> truth(60);
  for (std::size_t i = 0; i < 60; ++i) {
    scores[i] = std::round(values.data()[i] * 5);
    truth[i] = i % 4 == 0;
  }
  double won = 0, pairs = 0;
  for (std::size_t i = 0; i < 60; ++i)
    for (std::size_t j = 0; j < 60; ++j)
      if (truth[i] && !truth[j]) {
        pairs += 1;
        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
      }
  EXPECT_NEAR(area_under_curve(scores, truth), won / pairs, 1e-12);
  EXPECT_TRUE(std::isnan(area_under_curve(scores, std::vector<std::uint8_t>(60, 1))));
}

TEST(Roc, TheCurveRunsFromCornerToCornerWithTheSameArea) {
  const SampleMatrix values = random_samples(5000, 1, 7);
  std::vector<double> scores(5000);
  std::vector<std::uint8_t> truth(5000);
  for (std::size_t i = 0; i < 5000; ++i) {
    truth[i] = i % 10 == 0;
    scores[i] = values.data()[i] + (truth[i] ? 0.6 : 0);
  }
  const auto curve = roc_curve(scores, truth, 200);
  ASSERT_LE(curve.size(), 200U);
  EXPECT_EQ(curve.front(), (std::array<double, 2>{0, 0}));
  EXPECT_EQ(curve.back(), (std::array<double, 2>{1, 1}));
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i)
    area += (curve[i][0] - curve[i - 1][0]) * (curve[i][1] + curve[i - 1][1]) / 2;
  EXPECT_NEAR(area, area_under_curve(scores, truth), 2e-3);
}

TEST(Roc, IndependentBlocksGiveTheTextbookWidth) {
  // One voxel a block: the bootstrap must agree with Hanley and McNeil 1982.
  const SampleMatrix values = random_samples(1000, 1, 9);
  std::vector<double> scores(1000), noise(1000);
  std::vector<std::uint8_t> truth(1000);
  std::vector<std::uint32_t> blocks(1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    truth[i] = i % 10 == 0;
    scores[i] = values.data()[i] + (truth[i] ? 0.5 : 0);
    noise[i] = values.data()[(i * 7) % 1000];
    blocks[i] = static_cast<std::uint32_t>(i);
  }
  const PairedRoc roc = compare_roc(scores, noise, truth, blocks, 1, 200);
  const double a = roc.first, q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
  const double deviation = std::sqrt((a * (1 - a) + 99 * (q1 - a * a) + 899 * (q2 - a * a)) / (100.0 * 900));
  EXPECT_NEAR((roc.first_interval[1] - roc.first_interval[0]) / (2 * 1.96), deviation, 0.25 * deviation);
  EXPECT_GT(roc.difference_interval[0], 0);
  EXPECT_EQ(roc.resamples, 200);
}

TEST(Roc, CorrelatedVoxelsWidenTheInterval) {
  std::vector<double> scores, truth_scores;
  std::vector<std::uint8_t> truth;
  std::vector<std::uint32_t> alone, together;
  const SampleMatrix values = random_samples(100, 1, 10);
  for (std::uint32_t block = 0; block < 100; ++block)
    for (int copy = 0; copy < 20; ++copy) {
      truth.push_back(block % 5 == 0);
      scores.push_back(values.data()[block] + (truth.back() ? 0.4 : 0) + 1e-6 * copy);
      alone.push_back(static_cast<std::uint32_t>(alone.size()));
      together.push_back(block);
    }
  const auto narrow = compare_roc(scores, scores, truth, alone, 1, 200),
             wide = compare_roc(scores, scores, truth, together, 1, 60);
  EXPECT_GT(wide.first_interval[1] - wide.first_interval[0],
            2 * (narrow.first_interval[1] - narrow.first_interval[0]));
  EXPECT_EQ(wide.difference_interval, (std::array<double, 2>{0, 0}));
}

TEST(AngleScaling, TwoCorrelatedFeaturesLieOnTheirDiagonal) {
  SampleMatrix features(101, 2);
  for (Eigen::Index i = 0; i < 101; ++i)
    features.row(i) << 10 + 0.1 * static_cast<double>(i), 100 + 2 * static_cast<double>(i);
  const auto scaling = fit_angle_scaling(features, 1);
  ASSERT_TRUE(scaling);
  EXPECT_DOUBLE_EQ(scaling->centre[0], 15);
  EXPECT_DOUBLE_EQ(scaling->centre[1], 200);
  EXPECT_NEAR(scaling->spread[1], 100 / 1.349, 1e-9);
  EXPECT_NEAR(std::abs(scaling->axes(0, 0)), std::sqrt(0.5), 1e-9);
  EXPECT_NEAR(scaling->explained_variance, 1, 1e-9);
  const SampleMatrix components = scaling->components(features);
  EXPECT_NEAR(components.col(0).array().square().mean(), 1, 1e-9);
  EXPECT_NEAR(scaling->angles(features)(100, 0), std::numbers::pi / 2 * std::tanh(components(100, 0) / 3),
              1e-12);
}

TEST(AngleScaling, OutliersStayWithinAQuarterTurn) {
  SampleMatrix features = random_samples(100, 3, 12);
  const auto scaling = fit_angle_scaling(features, 3);
  SampleMatrix odd = SampleMatrix::Constant(1, 3, 1e9);
  EXPECT_LT(scaling->angles(odd).cwiseAbs().maxCoeff(), std::numbers::pi / 2 + 1e-12);
  EXPECT_FALSE(fit_angle_scaling(SampleMatrix::Constant(50, 3, 2.0), 2));
}

} // namespace
} // namespace bloch::imaging
