#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "imaging/recon/coil_mixing.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

/// Complex normal numbers of standard deviation 1.
std::vector<Complex> white_noise(std::size_t count) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, std::sqrt(0.5F));
  std::vector<Complex> noise(count);
  for (auto& value : noise) value = {normal(random), normal(random)};
  return noise;
}

/// `sources` independent signals seen by `coils` coils, two slices.
KSpace mixed_signals(int sources, int coils) {
  const KSpaceSize size{12, 10, 1, coils, 2};
  const auto signals = white_noise(static_cast<std::size_t>(sources) * 240);
  std::vector<Complex> samples(size.sample_count());
  for (int slice = 0; slice < 2; ++slice)
    for (int c = 0; c < coils; ++c)
      for (int i = 0; i < 120; ++i) {
        Complex sum = 0;
        for (int s = 0; s < sources; ++s)
          sum += signals[static_cast<std::size_t>(s * 240 + slice * 120 + i)] *
                 Complex(std::polar(1.0F / static_cast<float>(1 + s), 0.7F * static_cast<float>(c * (s + 1))));
        samples[static_cast<std::size_t>((slice * coils + c) * 120 + i)] = sum;
      }
  return {size, std::move(samples)};
}

double energy_of(std::span<const Complex> samples) {
  double sum = 0;
  for (const Complex& value : samples) sum += static_cast<double>(std::norm(value));
  return sum;
}

TEST(coil_compression_, to_the_number_of_independent_signals_loses_nothing) {
  const KSpace kspace = mixed_signals(3, 8);
  const auto mixing = coil_compression(kspace, 3);
  ASSERT_TRUE(mixing) << mixing.error().message;
  EXPECT_NEAR(mixing->kept_energy, 1, 1e-5);
  const KSpace compressed = mix_coils(kspace, *mixing);
  EXPECT_EQ(compressed.size(), (KSpaceSize{12, 10, 1, 3, 2}));
  EXPECT_NEAR(energy_of(compressed.samples()) / energy_of(kspace.samples()), 1, 1e-5);
}

TEST(coil_compression_, keeps_the_share_of_the_energy_that_it_says) {
  const KSpace kspace = mixed_signals(6, 8);
  for (const double wanted : {2.0, 0.9, 0.99}) {
    const auto mixing = coil_compression(kspace, wanted);
    ASSERT_TRUE(mixing) << mixing.error().message;
    const KSpace compressed = mix_coils(kspace, *mixing);
    EXPECT_NEAR(energy_of(compressed.samples()) / energy_of(kspace.samples()), mixing->kept_energy, 1e-5);
    if (wanted < 1) {
      EXPECT_GE(mixing->kept_energy, wanted);
    } else {
      EXPECT_EQ(mixing->to, 2);
    }
  }
  EXPECT_FALSE(coil_compression(kspace, 9));
  EXPECT_FALSE(coil_compression(kspace, 0));
}

TEST(coil_compression_, of_data_and_maps_alike_leaves_the_image) {
  const Experiment whole(64, 64, 8, 0.001, {"variable-density", 2, 20, 1});
  const KSpace kspace({64, 64, 1, 8, 1}, whole.samples);
  const auto mixing = coil_compression(kspace, 6);
  ASSERT_TRUE(mixing);
  EXPECT_GT(mixing->kept_energy, 0.97);
  ReconstructionTask task;
  task.method = "cg-sense";
  task.sensitivities = whole.maps;
  const auto before = reconstruct(kspace, task, {});
  task.sensitivities = mix_coils(whole.maps, *mixing);
  const auto after = reconstruct(mix_coils(kspace, *mixing), task, {});
  ASSERT_TRUE(before && after) << after.error().message;
  const auto a = before->image.samples<Complex>();
  EXPECT_LT(nrmse_of({a.begin(), a.end()}, to_float(magnitude(after->image))), 0.05);
}

TEST(noise_whitening_, of_data_and_maps_alike_leaves_the_values_of_the_image) {
  const Experiment whole(64, 64, 4, 0, {"equispaced", 1, 0, 1});
  const KSpace kspace({64, 64, 1, 4, 1}, whole.samples);
  // Coils of very different noise: one counts most, and is far from as sensitive everywhere.
  std::vector<Complex> noise = white_noise(4 * 1000);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] *= std::pow(4.0F, static_cast<float>(i / 1000));
  const auto mixing = noise_whitening(noise, 4);
  ASSERT_TRUE(mixing) << mixing.error().message;
  ReconstructionTask task;
  task.sensitivities = mix_coils(whole.maps, *mixing);
  for (const char* method : {"zero-filled", "cg-sense"}) {
    task.method = method;
    const auto after = reconstruct(mix_coils(kspace, *mixing), task, {});
    ASSERT_TRUE(after) << after.error().message;
    const auto image = after->image.samples<Complex>();
    EXPECT_LT(nrmse_of({image.begin(), image.end()}, whole.truth), 0.02) << method; // 4.9 with unit maps
  }
}

TEST(noise_whitening_, makes_correlated_noise_white_and_keeps_its_mean_strength) {
  constexpr int coils = 4, count = 20000;
  const auto white = white_noise(coils * count);
  std::vector<Complex> noise(white.size());
  for (int c = 0; c < coils; ++c)
    for (int i = 0; i < count; ++i)
      noise[static_cast<std::size_t>(c * count + i)] =
          static_cast<float>(1 + c) * white[static_cast<std::size_t>(c * count + i)] +
          Complex(0.3F, 0.8F) * white[static_cast<std::size_t>((c + 1) % coils * count + i)];
  const auto mixing = noise_whitening(noise, coils);
  ASSERT_TRUE(mixing) << mixing.error().message;
  const KSpace whitened = mix_coils(KSpace({count, 1, 1, coils, 1}, noise), *mixing);
  const double strength = energy_of(noise) / (coils * count);
  for (int a = 0; a < coils; ++a)
    for (int b = 0; b < coils; ++b) {
      std::complex<double> sum = 0;
      for (int i = 0; i < count; ++i)
        sum += std::complex<double>(whitened.samples()[static_cast<std::size_t>(a * count + i)]) *
               std::conj(std::complex<double>(whitened.samples()[static_cast<std::size_t>(b * count + i)]));
      EXPECT_NEAR(std::abs(sum) / count / strength, a == b ? 1 : 0, 1e-3) << a << " " << b;
    }
}

TEST(noise_whitening_, refuses_a_coil_without_noise_and_too_few_samples) {
  auto noise = white_noise(300);
  EXPECT_TRUE(noise_whitening(noise, 3));
  std::fill(noise.begin() + 100, noise.begin() + 200, Complex());
  EXPECT_FALSE(noise_whitening(noise, 3));
  EXPECT_FALSE(noise_whitening(std::span(noise).first(9), 3));
}

} // namespace
} // namespace bloch::imaging
