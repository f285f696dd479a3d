#include <gtest/gtest.h>

#include "imaging/operators/finite_difference.h"
#include "tests/imaging/operators/operator_support.h"

namespace bloch::imaging {
namespace {

double total_variation(const ComplexBuffer& image, std::array<int, 3> size) {
  const auto axes = static_cast<std::size_t>(difference_axes(size));
  ComplexBuffer differences(axes * image.size());
  finite_difference(image.data(), size, differences.data());
  double sum = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    double square = 0;
    for (std::size_t axis = 0; axis < axes; ++axis) square += std::norm(differences[axis * image.size() + i]);
    sum += std::sqrt(square);
  }
  return sum;
}

TEST(finite_difference_, adjoint_is_the_adjoint) {
  for (const std::array<int, 3> size : {std::array{9, 7, 1}, std::array{8, 5, 6}, std::array{1, 11, 1}}) {
    const auto pixels = static_cast<std::size_t>(size[0] * size[1] * size[2]);
    const auto axes = static_cast<std::size_t>(difference_axes(size));
    const ComplexBuffer image = random_samples(pixels, 1);
    const ComplexBuffer dual = random_samples(axes * pixels, 2);
    ComplexBuffer there(axes * pixels), back(pixels);
    finite_difference(image.data(), size, there.data());
    finite_difference_adjoint(dual.data(), size, back.data());
    EXPECT_LT(
        std::abs(inner(dual.data(), there.data(), dual.size()) - inner(back.data(), image.data(), pixels)),
        1e-4);
  }
}

TEST(TotalVariation_, moves_the_two_halves_of_a_step_towards_each_other) {
  // One column of m zeros and n ones, periodic: two jumps, so that each half moves by 2 weight / length.
  constexpr int nx = 20, ny = 16, m = 8;
  ComplexBuffer image(nx * ny);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<int>(i % nx) < m ? 0 : 1;
  TotalVariation variation({nx, ny, 1}, 2);
  const double found = variation.proximal(image.data(), 0.5F, 2000);
  EXPECT_NEAR(image[3].real(), 2 * 0.5 / m, 1e-3);
  EXPECT_NEAR(image[15].real(), 1 - 2 * 0.5 / (nx - m), 1e-3);
  EXPECT_NEAR(found, ny * 2 * (1 - 1.0 / m - 1.0 / (nx - m)), 0.05);
}

TEST(TotalVariation_, reaches_the_objective_of_a_slow_dual_ascent) {
  for (const std::array<int, 3> size : {std::array{17, 13, 1}, std::array{18, 7, 5}}) {
    const auto pixels = static_cast<std::size_t>(size[0] * size[1] * size[2]);
    const auto axes = static_cast<std::size_t>(difference_axes(size));
    const ComplexBuffer start = random_samples(pixels, 3);
    constexpr float weight = 0.3F;
    // Chambolle's projection, plain: p = P(p + D x / (4 axes w)), x = start - w D^H p.
    ComplexBuffer dual(axes * pixels), slow(pixels), gradient(axes * pixels);
    for (int step = 0; step < 3000; ++step) {
      finite_difference_adjoint(dual.data(), size, slow.data());
      for (std::size_t i = 0; i < pixels; ++i) slow[i] = start[i] - weight * slow[i];
      finite_difference(slow.data(), size, gradient.data());
      for (std::size_t i = 0; i < pixels; ++i) {
        double square = 0;
        for (std::size_t a = i; a < dual.size(); a += pixels) {
          dual[a] += gradient[a] / (4 * static_cast<float>(axes) * weight);
          square += std::norm(dual[a]);
        }
        const auto length = static_cast<float>(std::max(1.0, std::sqrt(square)));
        for (std::size_t a = i; a < dual.size(); a += pixels) dual[a] /= length;
      }
    }
    ComplexBuffer fast = start;
    TotalVariation variation(size, 1);
    const double found = variation.proximal(fast.data(), weight, 400);
    EXPECT_LT(relative_difference(fast.data(), slow.data(), pixels), 2e-3);
    EXPECT_NEAR(found, total_variation(fast, size), 1e-4 * found);
  }
}

TEST(TotalVariation_, keeps_its_dual_from_call_to_call) {
  const std::array<int, 3> size{32, 24, 1};
  const ComplexBuffer start = random_samples(32 * 24, 4);
  TotalVariation much(size), little(size);
  ComplexBuffer right = start, step = start;
  much.proximal(right.data(), 0.3F, 500);
  double first = 0;
  for (int call = 0; call < 40; ++call) {
    step = start;
    little.proximal(step.data(), 0.3F, 5);
    if (call == 0) first = relative_difference(step.data(), right.data(), right.size());
  }
  EXPECT_LT(relative_difference(step.data(), right.data(), right.size()), 0.1 * first);
}

} // namespace
} // namespace bloch::imaging
