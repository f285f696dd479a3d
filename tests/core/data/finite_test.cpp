#include "core/data/finite.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace bloch {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float largest = std::numeric_limits<float>::max();
constexpr float smallest = std::numeric_limits<float>::denorm_min();

TEST(AllFinite, TellsInfinitiesAndNaNsWhereverTheyStand) {
  for (const std::size_t count : {1, 15, 16, 17, 4095, 4096, 4097, 10000}) {
    std::vector<float> values(count, -largest);
    EXPECT_TRUE(all_finite(values));
    for (const std::size_t place : {std::size_t{0}, count / 2, count - 1})
      for (const float broken : {infinity, -infinity, std::nanf(""), -std::nanf(""), std::nanf("1")}) {
        values[place] = broken;
        EXPECT_FALSE(all_finite(values)) << count << ' ' << place;
        values[place] = smallest;
      }
    EXPECT_TRUE(all_finite(values));
  }
  EXPECT_TRUE(all_finite(std::span<const float>()));
  const std::vector<std::complex<float>> samples{{1, 2}, {3, infinity}};
  EXPECT_FALSE(all_finite(samples));
  EXPECT_TRUE(all_finite(std::span(samples).first(1)));
}

TEST(AllZero, TakesZerosOfEitherSignAndNothingElse) {
  std::vector<std::complex<float>> samples(21, {0.0F, -0.0F});
  EXPECT_TRUE(all_zero(samples));
  samples[20] = {0, smallest};
  EXPECT_FALSE(all_zero(samples));
  EXPECT_TRUE(all_zero(std::span(samples).first(20)));
}

TEST(LargestMagnitude, IsThatOfEitherSign) {
  std::vector<float> values(33, 0.5F);
  values[32] = -3.25F;
  EXPECT_EQ(std::bit_cast<float>(largest_magnitude_bits(values)), 3.25F);
  values[7] = largest;
  EXPECT_EQ(std::bit_cast<float>(largest_magnitude_bits(values)), largest);
  EXPECT_EQ(largest_magnitude_bits({}), 0U);
}

} // namespace
} // namespace bloch
