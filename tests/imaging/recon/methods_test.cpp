#include <gtest/gtest.h>

#include <random>

#include <Eigen/Dense>

#include "imaging/operators/finite_difference.h"
#include "imaging/operators/sense.h"
#include "imaging/operators/wavelet.h"
#include "imaging/recon/calibration.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

TEST(methods, zero_filled_returns_the_image_when_everything_was_acquired) {
  const Experiment experiment(48, 40, 4, 0, {"variable-density", 1, 8, 1});
  EXPECT_LT(nrmse_of(reconstructed("zero-filled", experiment, {}).image, experiment.truth), 1e-5);
  EXPECT_LT(nrmse_of(reconstructed("root-sum-of-squares", experiment, {}).image, experiment.truth), 1e-5);
}

TEST(methods, cg_sense_solves_the_normal_equations) {
  // The slow reference: A^H A as a dense matrix, and a Cholesky factorisation.
  const Experiment experiment(12, 10, 3, 0.05, {"random", 2, 2, 4});
  const ReconstructionInput input = experiment.input();
  const SenseOperator sense(input.size, experiment.maps, experiment.mask, 1);
  const auto n = static_cast<Eigen::Index>(sense.pixels());
  Eigen::MatrixXcf matrix(n, n);
  for (Eigen::Index column = 0; column < n; ++column) {
    ComplexBuffer unit(sense.pixels());
    unit[static_cast<std::size_t>(column)] = 1;
    const ComplexBuffer back = sense.adjoint(sense.forward(unit));
    for (Eigen::Index row = 0; row < n; ++row) matrix(row, column) = back[static_cast<std::size_t>(row)];
  }
  matrix.diagonal().array() += 0.02F;
  const ComplexBuffer right = sense.adjoint(experiment.samples);
  const Eigen::VectorXcf solution = matrix.ldlt().solve(Eigen::Map<const Eigen::VectorXcf>(right.data(), n));
  const auto output =
      reconstructed("cg-sense", experiment, {"lambda=0.02", "iterations=200", "tolerance=1e-6"});
  const Eigen::Map<const Eigen::VectorXcf> found(output.image.data(), n);
  EXPECT_LT((found - solution).norm() / solution.norm(), 1e-4);
  EXPECT_TRUE(output.converged);
  EXPECT_LT(output.objective.back(), output.objective.front());
}

/// Plain proximal gradients with many steps: slow and without momentum.
ComplexBuffer slow_proximal_gradients(const Experiment& experiment,
                                      const std::function<void(ComplexBuffer&)>& proximal, int steps) {
  const ReconstructionInput input = experiment.input();
  const SenseOperator sense(input.size, experiment.maps, experiment.mask, 1);
  const ComplexBuffer right = sense.adjoint(experiment.samples);
  ComplexBuffer image(sense.pixels());
  for (int step = 0; step < steps; ++step) {
    const ComplexBuffer product = sense.adjoint(sense.forward(image));
    for (std::size_t i = 0; i < image.size(); ++i) image[i] -= product[i] - right[i];
    proximal(image);
  }
  return image;
}

double difference_of(const std::vector<Complex>& a, const ComplexBuffer& b) {
  double error = 0, energy = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    error += std::norm(a[i] - b[i]);
    energy += std::norm(b[i]);
  }
  return std::sqrt(error / energy);
}

TEST(methods, tv_reaches_the_minimum_of_slow_proximal_gradients) {
  const Experiment experiment(40, 36, 3, 0.02, {"variable-density", 3, 8, 2});
  const auto weight = static_cast<float>(0.01 * data_scale(experiment.input()));
  const ComplexBuffer slow = slow_proximal_gradients(
      experiment,
      [&](ComplexBuffer& image) {
        TotalVariation({40, 36, 1}).proximal(image.data(), weight, 100);
      },
      300);
  const auto output = reconstructed("tv", experiment, {"lambda=0.01", "iterations=200", "tolerance=0"});
  EXPECT_LT(difference_of(output.image, slow), 2e-3);
}

TEST(methods, l1_wavelet_comes_near_slow_proximal_gradients_without_shifts) {
  // The random shifts make it another, better problem: near, not equal, and nearer to the truth.
  const Experiment experiment(64, 64, 4, 0.02, {"variable-density", 3, 12, 2});
  const auto weight = static_cast<float>(0.01 * data_scale(experiment.input()));
  Wavelet wavelet({64, 64, 1});
  const ComplexBuffer slow = slow_proximal_gradients(
      experiment, [&](ComplexBuffer& image) { wavelet.threshold(image.data(), weight, {}); }, 300);
  const auto output = reconstructed("l1-wavelet", experiment, {"lambda=0.01", "iterations=100", "tolerance=0"});
  EXPECT_LT(difference_of(output.image, slow), 0.1);
  EXPECT_LT(nrmse_of(output.image, experiment.truth), nrmse_of({slow.begin(), slow.end()}, experiment.truth));
}

TEST(methods, l1_wavelet_tv_is_tv_without_wavelets_and_l1_wavelet_without_variation) {
  const Experiment experiment(64, 48, 4, 0.02, {"variable-density", 3, 12, 2});
  const auto as_buffer = [](const ReconstructionOutput& output) {
    return ComplexBuffer(output.image.begin(), output.image.end());
  };
  const std::vector<std::string> common{"iterations=150", "tolerance=0", "inner-steps=20"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), common.begin(), common.end());
    return more;
  };
  const auto only_tv = reconstructed("l1-wavelet-tv", experiment, with({"lambda=0", "lambda-tv=0.01"}));
  EXPECT_LT(difference_of(only_tv.image, as_buffer(reconstructed("tv", experiment, with({"lambda=0.01"})))),
            1e-3);
  // The same seed gives the same shifts.
  const auto only_wavelet = reconstructed("l1-wavelet-tv", experiment, with({"lambda=0.01", "lambda-tv=0"}));
  const auto wavelet =
      reconstructed("l1-wavelet", experiment, {"lambda=0.01", "iterations=150", "tolerance=0"});
  EXPECT_LT(difference_of(only_wavelet.image, as_buffer(wavelet)), 1e-5);
}

TEST(methods, l1_wavelet_tv_comes_near_slow_proximal_gradients_with_many_sweeps) {
  const Experiment experiment(48, 48, 4, 0.02, {"variable-density", 3, 12, 2});
  const auto weight = static_cast<float>(0.006 * data_scale(experiment.input()));
  Wavelet wavelet({48, 48, 1});
  TotalVariation variation({48, 48, 1});
  std::mt19937 random(5);
  // Dykstra's alternation from zero, to its end, with shifts of its own.
  const ComplexBuffer slow = slow_proximal_gradients(
      experiment,
      [&](ComplexBuffer& image) {
        const std::array<int, 3> shift{static_cast<int>(random() % 48), static_cast<int>(random() % 48), 0};
        const ComplexBuffer start = image;
        ComplexBuffer taken(image.size());
        for (int sweep = 0; sweep < 8; ++sweep) {
          for (std::size_t i = 0; i < image.size(); ++i) image[i] = start[i] - taken[i];
          wavelet.threshold(image.data(), weight, shift);
          for (std::size_t i = 0; i < image.size(); ++i) taken[i] = image[i] += taken[i];
          variation.proximal(image.data(), weight, 20);
          for (std::size_t i = 0; i < image.size(); ++i) taken[i] -= image[i];
        }
      },
      150);
  const auto output = reconstructed("l1-wavelet-tv", experiment,
                                    {"lambda=0.006", "lambda-tv=0.006", "iterations=150", "tolerance=0"});
  EXPECT_LT(difference_of(output.image, slow), 0.02);
}

TEST(methods, regularised_methods_beat_zero_filling_and_report_by_iteration) {
  const Experiment experiment(96, 80, 6, 0.005, {"variable-density", 3, 16, 3});
  const double zero_filled = nrmse_of(reconstructed("zero-filled", experiment, {}).image, experiment.truth);
  for (const char* method : {"cg-sense", "l1-wavelet", "tv", "l1-wavelet-tv"}) {
    const auto output = reconstructed(method, experiment, {});
    const double found = nrmse_of(output.image, experiment.truth);
    EXPECT_LT(found, 0.5 * zero_filled) << method;
    ASSERT_EQ(output.nrmse.size(), static_cast<std::size_t>(output.iterations)) << method;
    EXPECT_NEAR(output.nrmse.back(), found, 1e-6) << method;
    EXPECT_GT(output.lambda, 0) << method;
    ASSERT_GE(output.objective.size(), 2U) << method;
    EXPECT_LT(output.objective.back(), output.objective.front()) << method;
  }
}

TEST(methods, give_the_same_bits_twice) {
  const Experiment experiment(64, 50, 5, 0.02, {"random", 3, 12, 3});
  for (const auto& method : reconstructions())
    EXPECT_EQ(reconstructed(method.name, experiment, {}).image,
              reconstructed(method.name, experiment, {}).image)
        << method.name;
}

TEST(methods, agree_to_rounding_for_one_and_two_workers) {
  // Large enough to be cut into pieces.
  const Experiment experiment(224, 160, 4, 0.02, {"variable-density", 3, 16, 3});
  for (const char* name : {"cg-sense", "l1-wavelet", "tv", "l1-wavelet-tv"}) {
    const auto method = find_reconstruction(name).value();
    const auto settings =
        parse_settings(method->parameters, std::vector<std::string>{"iterations=8", "tolerance=0"}).value();
    ReconstructionInput input = experiment.input();
    input.reference = {};
    const auto alone = method->run(input, settings, {});
    input.workers = 2;
    const auto together = method->run(input, settings, {});
    ASSERT_TRUE(alone && together);
    EXPECT_LT(difference_of(together->image, ComplexBuffer(alone->image.begin(), alone->image.end())), 1e-5)
        << name;
  }
}

TEST(methods, stop_when_they_are_cancelled) {
  const Experiment experiment(64, 50, 5, 0.02, {"random", 3, 12, 3});
  for (const char* name : {"cg-sense", "l1-wavelet", "tv", "l1-wavelet-tv"}) {
    const Progress progress([](double, const std::string&) {});
    progress.cancel();
    const auto output = find_reconstruction(name).value()->run(experiment.input(), {}, progress);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, ErrorKind::cancelled);
  }
}

TEST(methods, an_unknown_name_names_the_nearest) {
  const auto found = find_reconstruction("l1-wavlet");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("l1-wavelet"), std::string::npos);
}

TEST(noise_level_, is_found_at_the_edge_of_k_space) {
  const Experiment experiment(128, 128, 6, 0.03, {"variable-density", 3, 16, 3});
  EXPECT_NEAR(noise_level(experiment.input()), 0.03, 0.004);
}

} // namespace
} // namespace bloch::imaging
