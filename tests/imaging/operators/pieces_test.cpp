#include <gtest/gtest.h>

#include <numeric>

#include "imaging/parallel/pieces.h"

namespace bloch::imaging {
namespace {

TEST(Pieces_, cover_every_sample_once_whatever_the_length_and_the_workers) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{5000}, std::size_t{16384}, std::size_t{70001}})
    for (const int workers : {1, 2, 3, 7}) {
      std::vector<int> seen(count);
      const Pieces pieces(count, workers);
      pieces.run([&](std::size_t begin, std::size_t length) {
        for (std::size_t i = begin; i < begin + length; ++i) ++seen[i];
      });
      EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(count)) << workers;
      const auto total = pieces.sum<std::size_t>(
          [](std::size_t begin, std::size_t length) { return (2 * begin + length - 1) * length / 2; });
      EXPECT_EQ(total, count * (count - 1) / 2) << workers;
    }
}

} // namespace
} // namespace bloch::imaging
