#include <random>

#include <gtest/gtest.h>

#include "imaging/operators/fft.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/map_coverage.h"
#include "imaging/recon/map_sets.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

TEST(scarce_maps_warning_, names_the_share_and_the_slices) {
  Sensitivities maps{2, 1, 4, 5, std::vector<Complex>(40), 1};
  EXPECT_EQ(empty_share(maps), 1);
  std::vector<Complex> samples(40);
  samples[3] = samples[23] = samples[39] = Complex(1);
  maps.samples = std::move(samples);
  EXPECT_DOUBLE_EQ(empty_share(maps), 0.9);
  EXPECT_FALSE(scarce_maps_warning({0.2, 0.9}, {0, 1}));
  EXPECT_NE(scarce_maps_warning({0.981}, {})->find("the coil maps are zero on 98.1 %"), std::string::npos);
  EXPECT_TRUE(scarce_maps_warning({0.5, 0.98, 0.99}, {4, 5, 6})->starts_with("slices 5 and 6: "));
  EXPECT_EQ(slices_text({3}), "slice 3");
  EXPECT_EQ(slices_text({0, 3, 7}), "slices 0, 3 and 7");
  EXPECT_EQ(slices_text({0, 1, 2, 3, 4, 5, 6}), "slices 0, 1, 2, 3, 4 and 2 others");
}

/// A field of view of half the body's height: rows y and y + ny lie on top of each other. Both have details of
/// their own, which no single smooth map follows.
class SmallFieldOfView : public testing::Test {
 protected:
  static constexpr int nx = 128, ny = 96, coils = 8;

  SmallFieldOfView() {
    set_fft_planning(FftPlanning::estimate);
    std::vector<float> body = ellipses(nx, 2 * ny);
    std::mt19937 random(3);
    std::vector<float> texture(body.size());
    for (float& value : texture) value = std::uniform_real_distribution<float>(0.2F, 1.8F)(random);
    for (std::size_t i = 0; i < body.size(); ++i) body[i] *= texture[i / nx / 2 * nx + i % nx / 2];
    const Sensitivities maps = simulated_coils({nx, 2 * ny, 1}, coils);
    samples_.resize(maps.samples.size() / 2);
    images_.resize(samples_.size());
    for (std::size_t i = 0; i < maps.samples.size(); ++i) {
      const std::size_t x = i % nx;
      const std::size_t y = i / nx % (2 * ny);
      // The middle of the body stays in the middle.
      const std::size_t folded = (y + ny / 2) % ny;
      images_[(i / (2 * nx * ny) * ny + folded) * nx + x] += maps.samples[i] * body[y * nx + x];
    }
    ComplexBuffer transformed(images_.begin(), images_.end());
    centred_fft(transformed, {nx, ny, 1}, {true, true, true}, false);
    samples_.assign(transformed.begin(), transformed.end());
  }

  ReconstructionInput input() const { return {{nx, ny, 1, coils, 1}, samples_, &mask_, nullptr, {}, 1}; }

  /// What the maps leave of the coil images unexplained, relative.
  double unexplained(const Sensitivities& maps) const {
    const std::size_t pixels = nx * ny;
    double left = 0, energy = 0;
    for (std::size_t i = 0; i < pixels; ++i) {
      for (std::size_t c = 0; c < coils; ++c) {
        Complex rest = images_[c * pixels + i];
        energy += std::norm(rest);
        for (std::size_t set = 0; set < static_cast<std::size_t>(maps.sets); ++set) {
          const Complex* map = maps.samples.data() + set * coils * pixels + i;
          Complex along{};
          for (std::size_t other = 0; other < coils; ++other)
            along += std::conj(map[other * pixels]) * images_[other * pixels + i];
          rest -= map[c * pixels] * along;
        }
        left += std::norm(rest);
      }
    }
    return std::sqrt(left / energy);
  }

  std::vector<Complex> samples_, images_;
  const SamplingMask mask_ = SamplingMask(1, 1, 1, {1});
};

TEST_F(SmallFieldOfView, two_sets_of_maps_explain_what_one_cannot) {
  const auto one = espirit(input(), {});
  const auto two =
      espirit(input(), parse_settings(coil_parameters(), std::vector<std::string>{"maps=2"}).value());
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->sets, 1);
  EXPECT_EQ(two->sets, 2);
  EXPECT_TRUE(std::equal(one->samples.begin(), one->samples.end(), two->samples.begin()));
  EXPECT_GT(unexplained(*one), 0.1);
  EXPECT_LT(unexplained(*two), 0.5 * unexplained(*one));
}

TEST_F(SmallFieldOfView, sets_are_orthonormal_where_both_are) {
  const auto maps =
      espirit(input(), parse_settings(coil_parameters(), std::vector<std::string>{"maps=2"}).value());
  ASSERT_TRUE(maps);
  const std::size_t pixels = nx * ny;
  int both = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    double norm[2] = {0, 0};
    Complex mixed{};
    for (std::size_t c = 0; c < coils; ++c) {
      const Complex first = maps->samples[c * pixels + i];
      const Complex second = maps->samples[(coils + c) * pixels + i];
      norm[0] += static_cast<double>(std::norm(first));
      norm[1] += static_cast<double>(std::norm(second));
      mixed += std::conj(first) * second;
    }
    if (norm[0] > 0) {
      EXPECT_NEAR(norm[0], 1, 1e-4);
    }
    if (norm[1] <= 0) continue;
    ++both;
    EXPECT_NEAR(norm[1], 1, 1e-4);
    EXPECT_LT(std::abs(mixed), 0.02F);
  }
  EXPECT_GT(both, 300);
}

TEST_F(SmallFieldOfView, every_iterative_method_is_better_by_soft_sense) {
  const auto one = espirit(input(), {});
  const auto two =
      espirit(input(), parse_settings(coil_parameters(), std::vector<std::string>{"maps=2"}).value());
  ASSERT_TRUE(one && two);
  // Under-sampled, against the root-sum-of-squares of everything.
  const SamplingMask mask = make_mask({nx, ny, 1}, {"variable-density", 1.5, 20, 1}).value();
  std::vector<Complex> kept = samples_;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (!mask.at(static_cast<int>(i % nx), static_cast<int>(i / nx % ny), 0)) kept[i] = {};
  std::vector<float> truth;
  for (std::size_t i = 0; i < nx * ny; ++i) {
    float energy = 0;
    for (std::size_t c = 0; c < coils; ++c) energy += std::norm(images_[c * nx * ny + i]);
    truth.push_back(std::sqrt(energy));
  }
  for (const char* name : {"cg-sense", "l1-wavelet", "tv", "l1-wavelet-tv"}) {
    std::vector<std::string> weak{"lambda=0.0005"};
    if (name == std::string("l1-wavelet-tv")) weak.emplace_back("lambda-tv=0.0001");
    const auto settings = parse_settings(find_reconstruction(name).value()->parameters, weak).value();
    double error[2];
    for (const Sensitivities* maps : {&*one, &*two}) {
      ReconstructionInput under = input();
      under.samples = kept;
      under.mask = &mask;
      under.sensitivities = maps;
      under.reference = truth;
      const auto output = find_reconstruction(name).value()->run(under, settings, {});
      ASSERT_TRUE(output) << name;
      ASSERT_EQ(output->image.size(), truth.size());
      error[maps->sets - 1] = nrmse_of(output->image, truth);
      EXPECT_NEAR(output->nrmse.back(), error[maps->sets - 1], 1e-5) << name;
    }
    EXPECT_LT(error[1], 0.6 * error[0]) << name;
    EXPECT_LT(error[1], 0.12) << name;
  }
}

TEST(combined_sets_, adds_energies_and_keeps_the_first_phase) {
  const ComplexBuffer images{{3, 0}, {0, -2}, {0, 0}, {0, 4}, {0, 0}, {1, 0}};
  const auto image = combined_sets(images, 2);
  ASSERT_EQ(image.size(), 3U);
  EXPECT_NEAR(std::abs(image[0] - Complex(5, 0)), 0, 1e-6);
  EXPECT_NEAR(std::abs(image[1] - Complex(0, -2)), 0, 1e-6);
  EXPECT_NEAR(std::abs(image[2] - Complex(1, 0)), 0, 1e-6);
}

} // namespace
} // namespace bloch::imaging
