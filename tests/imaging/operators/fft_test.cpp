#include <gtest/gtest.h>

#include "imaging/operators/fft.h"
#include "tests/imaging/operators/operator_support.h"

namespace bloch::imaging {
namespace {

/// The definition, one sum a sample.
ComplexBuffer slow_centred_fft(const ComplexBuffer& in, std::array<int, 3> size, std::array<bool, 3> axes,
                               bool inverse) {
  ComplexBuffer current = in;
  std::size_t stride = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto n = static_cast<std::size_t>(size[axis]);
    if (axes[axis]) {
      const ComplexBuffer source = current;
      for (std::size_t i = 0; i < current.size(); ++i) {
        const std::size_t k = i / stride % n;
        std::complex<double> sum = 0;
        for (std::size_t j = 0; j < n; ++j) {
          const double centre = static_cast<double>(n / 2);
          const double turns =
              (static_cast<double>(j) - centre) * (static_cast<double>(k) - centre) / static_cast<double>(n);
          sum += std::complex<double>(source[i - k * stride + j * stride]) *
                 std::polar(1.0, (inverse ? 2 : -2) * std::numbers::pi * turns);
        }
        current[i] = Complex(sum / std::sqrt(static_cast<double>(n)));
      }
    }
    stride *= n;
  }
  return current;
}

TEST(centred_fft_, equals_the_definition_for_even_and_odd_sizes) {
  set_fft_planning(FftPlanning::estimate);
  for (const std::array<int, 3> size : {std::array{8, 6, 1}, std::array{7, 9, 1}, std::array{20, 17, 5},
                                        std::array{33, 4, 6}, std::array{46, 13, 1}, std::array{131, 3, 1}})
    for (const bool inverse : {false, true}) {
      const ComplexBuffer start = random_samples(static_cast<std::size_t>(2 * size[0] * size[1] * size[2]), 1);
      ComplexBuffer fast = start;
      centred_fft(fast, size, {true, true, true}, inverse);
      const std::size_t half = start.size() / 2;
      const ComplexBuffer second(start.begin() + static_cast<std::ptrdiff_t>(half), start.end());
      const ComplexBuffer slow = slow_centred_fft(second, size, {true, true, true}, inverse);
      EXPECT_LT(relative_difference(fast.data() + half, slow.data(), half), 2e-6)
          << size[0] << " x " << size[1] << " x " << size[2];
    }
}

TEST(centred_fft_, transforms_only_the_axes_it_is_told_to) {
  const ComplexBuffer start = random_samples(6 * 10 * 4, 2);
  ComplexBuffer fast = start;
  centred_fft(fast, {6, 10, 4}, {false, true, false}, false);
  const ComplexBuffer slow = slow_centred_fft(start, {6, 10, 4}, {false, true, false}, false);
  EXPECT_LT(relative_difference(fast.data(), slow.data(), start.size()), 2e-6);
}

TEST(centred_fft_, keeps_energy_and_inverts_itself) {
  const ComplexBuffer start = random_samples(96 * 75, 3);
  ComplexBuffer there = start;
  centred_fft(there, {96, 75, 1}, {true, true, true}, false);
  EXPECT_NEAR(norm_of(there.data(), there.size()) / norm_of(start.data(), start.size()), 1, 1e-6);
  centred_fft(there, {96, 75, 1}, {true, true, true}, true);
  EXPECT_LT(relative_difference(there.data(), start.data(), start.size()), 1e-6);
}

} // namespace
} // namespace bloch::imaging
