#include <gtest/gtest.h>

#include "imaging/operators/complex_math.h"
#include "imaging/operators/wavelet.h"
#include "tests/imaging/operators/operator_support.h"

namespace bloch::imaging {
namespace {

struct WaveletCase {
  std::array<int, 3> size;
  WaveletFamily family;
};

class WaveletTest : public testing::TestWithParam<WaveletCase> {
 protected:
  const std::array<int, 3> size_ = GetParam().size;
  const std::size_t pixels_ = static_cast<std::size_t>(size_[0] * size_[1] * size_[2]);
};

TEST_P(WaveletTest, inverse_undoes_forward_and_energy_is_kept) {
  for (const int workers : {1, 3}) {
    Wavelet wavelet(size_, GetParam().family, workers);
    const ComplexBuffer image = random_samples(pixels_, 1);
    ComplexBuffer coefficients(wavelet.coefficient_count()), back(pixels_);
    wavelet.forward(image.data(), coefficients.data());
    wavelet.inverse(coefficients.data(), back.data());
    EXPECT_LT(relative_difference(back.data(), image.data(), pixels_), 1e-6);
    EXPECT_NEAR(norm_of(coefficients.data(), coefficients.size()) / norm_of(image.data(), pixels_), 1, 1e-6);
  }
}

TEST_P(WaveletTest, inverse_is_the_adjoint) {
  Wavelet wavelet(size_, GetParam().family);
  const ComplexBuffer image = random_samples(pixels_, 2);
  const ComplexBuffer other = random_samples(wavelet.coefficient_count(), 3);
  ComplexBuffer coefficients(other.size()), back(pixels_);
  wavelet.forward(image.data(), coefficients.data());
  wavelet.inverse(other.data(), back.data());
  const auto left = inner(other.data(), coefficients.data(), other.size());
  const auto right = inner(back.data(), image.data(), pixels_);
  EXPECT_LT(std::abs(left - right),
            1e-5 * norm_of(other.data(), other.size()) * norm_of(image.data(), pixels_));
}

TEST_P(WaveletTest, threshold_is_forward_shrink_inverse) {
  Wavelet wavelet(size_, GetParam().family);
  if (wavelet.levels() == 0) return;
  ComplexBuffer image = random_samples(pixels_, 4);
  ComplexBuffer coefficients(wavelet.coefficient_count()), slow(pixels_);
  wavelet.forward(image.data(), coefficients.data());
  std::size_t approximation = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    int extent = wavelet.padded_size()[axis];
    const int halvings = axis < 2 ? wavelet.levels()
                         : size_[2] >= 16
                             ? std::min(wavelet.levels(), static_cast<int>(std::log2(size_[2] / 8)))
                             : 0;
    extent >>= halvings;
    approximation *= static_cast<std::size_t>(extent);
  }
  double sum = 0;
  for (std::size_t i = approximation; i < coefficients.size(); ++i) {
    const float length = std::abs(coefficients[i]);
    coefficients[i] *= std::max(0.0F, length - 0.5F) / std::max(length, 1e-20F);
    sum += std::abs(coefficients[i]);
  }
  wavelet.inverse(coefficients.data(), slow.data());
  const double fast_sum = wavelet.threshold(image.data(), 0.5F, {});
  EXPECT_LT(relative_difference(image.data(), slow.data(), pixels_), 2e-6);
  EXPECT_NEAR(fast_sum, sum, 1e-4 * sum);
}

TEST_P(WaveletTest, threshold_of_nothing_changes_nothing_for_any_shift) {
  Wavelet wavelet(size_, GetParam().family, 2);
  const ComplexBuffer image = random_samples(pixels_, 5);
  for (const std::array<int, 3> shift : {std::array{1, 0, 0}, std::array{5, 13, 3}, std::array{-3, 200, 7}}) {
    ComplexBuffer changed = image;
    wavelet.threshold(changed.data(), 0, shift);
    EXPECT_LT(relative_difference(changed.data(), image.data(), pixels_), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(
    sizes, WaveletTest,
    testing::Values(WaveletCase{{64, 64, 1}, WaveletFamily::db2}, WaveletCase{{64, 48, 1}, WaveletFamily::haar},
                    WaveletCase{{96, 80, 1}, WaveletFamily::db4}, WaveletCase{{45, 51, 1}, WaveletFamily::db2},
                    WaveletCase{{230, 180, 1}, WaveletFamily::db2},
                    WaveletCase{{40, 32, 20}, WaveletFamily::db2}, WaveletCase{{34, 33, 5}, WaveletFamily::db2},
                    WaveletCase{{12, 9, 1}, WaveletFamily::db2}));

TEST(Wavelet_, one_level_equals_the_convolution) {
  // 32 x 32 is halved once; the definition: rows and columns filtered, every second sample, periodic.
  constexpr int n = 32;
  const double root = std::sqrt(3.0);
  const double h[4] = {(1 + root) / (4 * std::numbers::sqrt2), (3 + root) / (4 * std::numbers::sqrt2),
                       (3 - root) / (4 * std::numbers::sqrt2), (1 - root) / (4 * std::numbers::sqrt2)};
  const double g[4] = {h[3], -h[2], h[1], -h[0]};
  const ComplexBuffer image = random_samples(n * n, 6);
  Wavelet wavelet({n, n, 1}, WaveletFamily::db2);
  ComplexBuffer coefficients(n * n);
  wavelet.forward(image.data(), coefficients.data());
  ASSERT_EQ(wavelet.levels(), 1);
  std::size_t i = 0;
  for (int band = 0; band < 4; ++band)
    for (int y = 0; y < n / 2; ++y)
      for (int x = 0; x < n / 2; ++x, ++i) {
        std::complex<double> sum = 0;
        for (int b = 0; b < 4; ++b)
          for (int a = 0; a < 4; ++a)
            sum += (band / 2 ? g[b] : h[b]) * (band % 2 ? g[a] : h[a]) *
                   std::complex<double>(image[static_cast<std::size_t>((2 * y + b) % n * n + (2 * x + a) % n)]);
        ASSERT_LT(std::abs(sum - std::complex<double>(coefficients[i])), 1e-5) << "band " << band;
      }
}

TEST(Wavelet_, shift_moves_the_grid_of_the_wavelets) {
  constexpr int n = 64;
  const ComplexBuffer image = random_samples(n * n, 7);
  Wavelet wavelet({n, n, 1});
  ComplexBuffer shifted = image;
  wavelet.threshold(shifted.data(), 0.4F, {5, 9, 0});
  // The same by hand: roll, threshold, roll back.
  ComplexBuffer rolled(n * n);
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x)
      rolled[static_cast<std::size_t>(y * n + x)] =
          image[static_cast<std::size_t>((y + 9) % n * n + (x + 5) % n)];
  wavelet.threshold(rolled.data(), 0.4F, {});
  ComplexBuffer back(n * n);
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x)
      back[static_cast<std::size_t>((y + 9) % n * n + (x + 5) % n)] =
          rolled[static_cast<std::size_t>(y * n + x)];
  EXPECT_LT(relative_difference(shifted.data(), back.data(), back.size()), 1e-6);
}

} // namespace
} // namespace bloch::imaging
