#include <gtest/gtest.h>

#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"
#include "tests/imaging/operators/operator_support.h"

namespace bloch::imaging {
namespace {

struct SenseCase {
  const char* name;
  KSpaceSize size;
  std::array<int, 3> mask; ///< extents; 1 broadcasts
  int sets = 1;            ///< of maps
};

class SenseOperatorTest : public testing::TestWithParam<SenseCase> {
 protected:
  void SetUp() override { set_fft_planning(FftPlanning::estimate); }

  const KSpaceSize size_ = GetParam().size;
  const SamplingMask mask_ = random_mask_of(GetParam().mask[0], GetParam().mask[1], GetParam().mask[2], 5);
  const Sensitivities maps_ = make_maps();

 private:
  /// Rows at the top are outside the body. Of 10 bits, so that halves hold them exactly.
  Sensitivities make_maps() const {
    const auto rounded = [](float value) { return std::round(value * 256) / 256; };
    const ComplexBuffer values =
        random_samples(size_.samples_per_slice() * static_cast<std::size_t>(GetParam().sets), 6);
    std::vector<Complex> samples;
    for (const Complex& value : values) samples.emplace_back(rounded(value.real()), rounded(value.imag()));
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (i / static_cast<std::size_t>(size_.kx) % static_cast<std::size_t>(size_.ky) < 2) samples[i] = {};
    return {size_.coils, size_.kz, size_.ky, size_.kx, std::move(samples), GetParam().sets};
  }
};

TEST_P(SenseOperatorTest, adjoint_is_the_adjoint) {
  const SenseOperator sense(size_, maps_, mask_, 2);
  const ComplexBuffer image = random_samples(sense.pixels(), 7);
  const ComplexBuffer samples = random_samples(size_.samples_per_slice(), 8);
  const ComplexBuffer there = sense.forward(image);
  const ComplexBuffer back = sense.adjoint(samples);
  const auto left = inner(samples.data(), there.data(), samples.size());
  const auto right = inner(back.data(), image.data(), image.size());
  EXPECT_LT(std::abs(left - right),
            1e-5 * norm_of(samples.data(), samples.size()) * norm_of(there.data(), there.size()));
}

TEST_P(SenseOperatorTest, normal_is_adjoint_after_forward_for_any_number_of_workers) {
  for (const int workers : {1, 2, 3}) {
    const SenseOperator sense(size_, maps_, mask_, workers);
    const ComplexBuffer image = random_samples(sense.pixels(), 9);
    ComplexBuffer fast(sense.pixels());
    sense.normal(image.data(), fast.data());
    sense.normal(image.data(), fast.data());
    const ComplexBuffer slow = sense.adjoint(sense.forward(image));
    EXPECT_LT(relative_difference(fast.data(), slow.data(), slow.size()), 3e-6) << workers << " workers";
  }
}

TEST_P(SenseOperatorTest, maps_of_any_size_are_kept_well_enough) {
  const ComplexBuffer values = random_samples(maps_.samples.size(), 11);
  for (const float size : {1e-9F, 0.7F, 1e9F}) {
    Sensitivities maps = maps_;
    std::vector<Complex> samples(values.begin(), values.end());
    for (Complex& sample : samples) sample *= size;
    maps.samples = std::move(samples);
    const SenseOperator sense(size_, maps, mask_, 1);
    const ComplexBuffer image = random_samples(sense.pixels(), 12);
    const ComplexBuffer there = sense.forward(image);
    ComplexBuffer product(sense.pixels());
    sense.normal(image.data(), product.data());
    const double energy = inner(there.data(), there.data(), there.size()).real();
    EXPECT_NEAR(inner(image.data(), product.data(), image.size()).real() / energy, 1, 3e-4) << size;
  }
}

TEST_P(SenseOperatorTest, another_mask_shares_what_was_made_of_the_maps) {
  const SenseOperator sense(size_, maps_, mask_, 2);
  const auto& extents = GetParam().mask;
  const SamplingMask other = random_mask_of(extents[0], extents[1], extents[2], 12);
  const SenseOperator shared(sense, other), alone(size_, maps_, other, 2);
  const ComplexBuffer image = random_samples(sense.pixels(), 13);
  ComplexBuffer found(sense.pixels()), expected(sense.pixels());
  shared.normal(image.data(), found.data());
  alone.normal(image.data(), expected.data());
  EXPECT_EQ(found, expected);
  const ComplexBuffer samples = random_samples(size_.samples_per_slice(), 14);
  EXPECT_EQ(shared.adjoint(samples), alone.adjoint(samples));
}

TEST_P(SenseOperatorTest, norm_bound_bounds_the_normal_operator) {
  const SenseOperator sense(size_, maps_, mask_, 1);
  ComplexBuffer image = random_samples(sense.pixels(), 10), next(sense.pixels());
  double value = 0;
  for (int step = 0; step < 20; ++step) {
    sense.normal(image.data(), next.data());
    value = norm_of(next.data(), next.size());
    for (std::size_t i = 0; i < next.size(); ++i) image[i] = next[i] / static_cast<float>(value);
  }
  EXPECT_LE(value, sense.norm_bound() * 1.0001);
}

INSTANTIATE_TEST_SUITE_P(sizes, SenseOperatorTest,
                         testing::Values(SenseCase{"plane", {24, 18, 1, 3, 1}, {24, 18, 1}},
                                         SenseCase{"odd_plane", {21, 33, 1, 2, 1}, {21, 33, 1}},
                                         SenseCase{"lines", {40, 22, 1, 3, 1}, {1, 22, 1}},
                                         SenseCase{"odd_lines", {19, 25, 1, 4, 1}, {1, 25, 1}},
                                         SenseCase{"volume", {18, 12, 10, 2, 1}, {18, 12, 10}},
                                         SenseCase{"volume_whole_readout", {34, 9, 14, 3, 1}, {1, 9, 14}},
                                         SenseCase{"one_coil", {16, 16, 1, 1, 1}, {16, 16, 1}},
                                         SenseCase{"two_sets", {21, 34, 1, 3, 1}, {21, 34, 1}, 2},
                                         SenseCase{"two_sets_lines", {20, 24, 1, 3, 1}, {1, 24, 1}, 2},
                                         SenseCase{"two_sets_volume", {18, 20, 6, 2, 1}, {18, 20, 6}, 2},
                                         SenseCase{"three_sets_volume", {18, 9, 6, 2, 1}, {1, 9, 6}, 3},
                                         SenseCase{"prime_sizes", {23, 29, 1, 2, 1}, {23, 29, 1}}),
                         [](const auto& one) { return std::string(one.param.name); });

} // namespace
} // namespace bloch::imaging
