// What `lambda=auto` becomes, against sweeps.
#include "imaging/recon/cross_validation.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/io/kspace_file.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/fista.h"
#include "tests/imaging/recon/recon_support.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

const std::vector<std::string> weighted_methods{"cg-sense", "l1-wavelet", "tv", "l1-wavelet-tv"};

ReconstructionOutput solved(const std::string& method, const ReconstructionInput& input,
                            const std::vector<std::string>& settings = {}) {
  const auto found = find_reconstruction(method).value();
  return found->run(input, parse_settings(found->parameters, settings).value(), {}).value();
}

/// The same with the weights of another outcome times a factor.
ReconstructionOutput solved_around(const std::string& method, const ReconstructionInput& input,
                                   const ReconstructionOutput& automatic, double factor) {
  std::vector<std::string> settings{"lambda=" + std::to_string(factor * automatic.lambda)};
  if (automatic.lambda_tv) settings.push_back("lambda-tv=" + std::to_string(factor * *automatic.lambda_tv));
  return solved(method, input, settings);
}

std::vector<double> sweep_factors() { return {0.25, 0.354, 0.5, 0.707, 1.414, 2, 2.83, 4}; }

TEST(hold_out_, takes_a_part_of_the_samples_evenly_and_leaves_the_centre) {
  const Experiment experiment(120, 100, 2, 0.01, {"variable-density", 4, 16, 3});
  const HeldOutSamples parts = hold_out(experiment.input(), false);
  std::array<int, 2> held_of_half{};
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 120; ++x) {
      EXPECT_EQ(parts.kept.at(x, y, 0) + parts.held.at(x, y, 0), experiment.mask.at(x, y, 0) ? 1 : 0);
      if (std::abs(x - 60) < 8 && std::abs(y - 50) < 8) {
        EXPECT_TRUE(parts.central.at(x, y, 0) && !parts.held.at(x, y, 0));
      } else if (parts.held.at(x, y, 0)) {
        // Inside and outside of an ellipse of half the area.
        ++held_of_half[std::hypot((x - 60) / 120.0, (y - 50) / 100.0) < std::sqrt(0.5 / 3.14159) ? 0U : 1U];
      }
    }
  EXPECT_GT(parts.held.kept_count(), experiment.mask.kept_count() / 25);
  EXPECT_LT(parts.held.kept_count(), experiment.mask.kept_count() / 6);
  // The inner half has several times the samples.
  EXPECT_NEAR(static_cast<double>(held_of_half[0]) / held_of_half[1], 1, 0.35);
  EXPECT_NEAR(parts.density * 12000 / static_cast<double>(parts.held.kept_count()), 1, 0.25);
  const HeldOutSamples again = hold_out(experiment.input(), false);
  EXPECT_TRUE(std::ranges::equal(again.held.kept(), parts.held.kept()));
}

TEST(hold_out_, finds_its_samples_where_most_of_k_space_is_empty) {
  // A scan of half the resolution, filled up with zeros.
  std::vector<std::uint8_t> points(static_cast<std::size_t>(96) * 96, 0);
  for (int y = 24; y < 72; ++y)
    for (int x = 24; x < 72; ++x) points[static_cast<std::size_t>(y * 96 + x)] = (x + y) % 2 == 0 ? 1 : 0;
  const SamplingMask mask(96, 96, 1, points);
  const std::vector<Complex> samples(points.size(), Complex(1));
  const HeldOutSamples parts = hold_out({{96, 96, 1, 1, 1}, samples, &mask, nullptr, {}, 1}, false);
  EXPECT_GT(parts.held.kept_count(), mask.kept_count() / 20);
}

TEST(hold_out_, takes_whole_readouts_of_a_volume) {
  const SamplingMask mask = *make_mask({1, 40, 36}, {"poisson", 3, 8, 2});
  const std::vector<Complex> samples(static_cast<std::size_t>(12) * 40 * 36, Complex(1));
  const ReconstructionInput input{{12, 40, 36, 1, 1}, samples, &mask, nullptr, {}, 1};
  const HeldOutSamples parts = hold_out(input, true);
  EXPECT_EQ(parts.held.kx(), 1);
  EXPECT_TRUE(parts.held.fits(input.size) && parts.kept.fits(input.size));
  EXPECT_GT(parts.held.kept_count(), 10U);
  EXPECT_EQ(parts.held.kept_count() + parts.kept.kept_count(), mask.kept_count());
}

TEST(cross_validated_weight_, is_the_guess_where_too_little_was_sampled) {
  const Experiment experiment(16, 16, 3, 0.01, {"random", 2, 4, 4});
  const ReconstructionInput input = experiment.input();
  const SenseOperator sense(input.size, experiment.maps, experiment.mask, 1);
  const auto weight = cross_validated_weight(
      sense, input, {0.125},
      [](const auto&, const auto&, double, auto, const auto&) -> Result<std::vector<Complex>> {
        return failure(ErrorKind::failed, "not to be called");
      },
      {});
  EXPECT_EQ(weight.value(), 0.125);
}

TEST(cross_validated_weight_, finds_the_least_of_a_curve_wherever_the_guess_lies) {
  // Of one coil and no noise an image scaled by a(w) mispredicts by (1 - a)^2: least at w = 0.3.
  const Experiment experiment(64, 64, 1, 0, {"random", 2, 12, 4});
  const ReconstructionInput input = experiment.input();
  const SenseOperator sense(input.size, experiment.maps, experiment.mask, 1);
  const ComplexBuffer truth = with_smooth_phase(experiment.truth, {64, 64, 1});
  for (const double guess : {0.05, 0.1, 0.31, 1.0, 2.5}) {
    const auto weight = cross_validated_weight(
        sense, input, {guess},
        [&](const auto&, const auto&, double tried, auto, const auto&) -> Result<std::vector<Complex>> {
          std::vector<Complex> image(truth.begin(), truth.end());
          for (Complex& value : image) value *= static_cast<float>(1 + 0.1 * std::log(tried / 0.3));
          return image;
        },
        {});
    EXPECT_NEAR(weight.value(), 0.3, 0.003) << guess;
  }
}

TEST(lambda_auto, comes_near_the_best_of_a_sweep) {
  for (const double noise : {0.01, 0.04})
    for (const MaskRequest& request : {MaskRequest{"variable-density", 4, 20, 3},
                                       MaskRequest{"poisson", 4, 20, 3}, MaskRequest{"random", 3, 16, 3}}) {
      const Experiment experiment(128, 120, 6, noise, request);
      for (const std::string& method : weighted_methods) {
        const auto automatic = solved(method, experiment.input());
        const double found = nrmse_of(automatic.image, experiment.truth);
        double best = found;
        for (const double factor : sweep_factors())
          best = std::min(best, nrmse_of(solved_around(method, experiment.input(), automatic, factor).image,
                                         experiment.truth));
        EXPECT_LT(found, 1.1 * best) << method << ", noise " << noise << ", " << to_text(request);
      }
    }
}

TEST(lambda_auto, comes_near_the_best_of_a_sweep_on_a_real_brain) {
  const auto data = tests::test_data();
  if (data.empty()) GTEST_SKIP() << "BLOCH_TEST_DATA is not set";
  const auto kspace = read_kspace(data / "kspace/sigpy_tutorial/cartesian_ksp.npy").value();
  const SamplingMask mask = sampled_points(kspace);
  const KSpaceSize size = kspace.size();
  const ReconstructionInput whole{size, kspace.samples(), &mask, nullptr, {}, 1};
  const Sensitivities maps = espirit(whole, {}).value();
  // Judged by other samples than those that it chooses by: a tenth of the points, by a draw of its own.
  std::vector<std::uint8_t> seen(mask.kept().begin(), mask.kept().end()), hidden(seen.size(), 0);
  std::mt19937 random(77);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto x = static_cast<int>(i) % size.kx, y = static_cast<int>(i) / size.kx;
    if (seen[i] == 0 || random() % 10 != 0) continue;
    if (std::abs(x - size.kx / 2) < 12 && std::abs(y - size.ky / 2) < 12) continue;
    seen[i] = 0;
    hidden[i] = 1;
  }
  const SamplingMask known(size.kx, size.ky, 1, seen), everything(1, 1, 1, {1});
  ReconstructionInput input = whole;
  input.mask = &known;
  input.sensitivities = &maps;
  const SenseOperator all(size, maps, everything, 1);
  const auto error_of = [&](const ReconstructionOutput& output) {
    const ComplexBuffer predicted = all.forward(output.image);
    double error = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i)
      if (hidden[i % hidden.size()] != 0) error += std::norm(predicted[i] - kspace.samples()[i]);
    return std::sqrt(error);
  };
  for (const std::string& method : weighted_methods) {
    const auto automatic = solved(method, input);
    const double found = error_of(automatic);
    double best = found;
    for (const double factor : sweep_factors())
      best = std::min(best, error_of(solved_around(method, input, automatic, factor)));
    EXPECT_LT(found, 1.02 * best) << method;
  }
}

TEST(fista_, goes_on_from_a_start) {
  const Experiment experiment(48, 40, 3, 0.02, {"variable-density", 3, 8, 2});
  const ReconstructionInput input = experiment.input();
  const SenseOperator sense(input.size, experiment.maps, experiment.mask, 1);
  const Proximal shrink = [](Complex* image, float step, int) {
    double sum = 0;
    for (int i = 0; i < 48 * 40; ++i) {
      const float size = std::abs(image[i]);
      image[i] *= size > 0.02F * step ? 1 - 0.02F * step / size : 0;
      sum += static_cast<double>(std::abs(image[i]));
    }
    return 0.02 * sum;
  };
  const auto settled = fista(sense, input, shrink, {400, 1e-6}, {}).value();
  FistaSettings one{1, 0};
  EXPECT_GT(fista(sense, input, shrink, one, {}).value().residual, 0.5); // from zero everything is change
  one.start = settled.image;
  const auto next = fista(sense, input, shrink, one, {}).value();
  EXPECT_LT(next.residual, 1e-5);
}

} // namespace
} // namespace bloch::imaging
