#include <gtest/gtest.h>

#include "imaging/operators/block_fft.h"
#include "imaging/operators/block_fft_stages.h"
#include "imaging/operators/fft.h"
#include "tests/imaging/operators/operator_support.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t block_lines = BlockFft::width;

/// Every radix alone and mixed, prime factors with butterflies of their own, general ones (23, 127) and one for
/// FFTW (131).
class BlockFftTest : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { set_fft_planning(FftPlanning::estimate); }
  const int length_ = GetParam();
  const std::size_t rows_ = static_cast<std::size_t>(length_);
  const ComplexBuffer start_ = random_samples(rows_ * block_lines, 11);
};

TEST_P(BlockFftTest, forward_equals_the_definition_in_the_order_it_says) {
  const BlockFft& fft = BlockFft::of_length(length_);
  ComplexBuffer block = start_;
  fft.forward(block.data());
  double error = 0, energy = 0;
  for (std::size_t row = 0; row < rows_; ++row)
    for (std::size_t line = 0; line < block_lines; line += 5) {
      std::complex<double> sum = 0;
      for (std::size_t j = 0; j < rows_; ++j) {
        const long long turns = static_cast<long long>(j) * fft.frequencies()[row] % length_;
        sum += std::complex<double>(start_[j * block_lines + line]) *
               std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(turns) / length_);
      }
      error += std::norm(sum - std::complex<double>(block[row * block_lines + line]));
      energy += std::norm(sum);
    }
  EXPECT_LT(std::sqrt(error / energy), 1e-6);
}

TEST_P(BlockFftTest, inverse_undoes_forward_up_to_the_length) {
  const BlockFft& fft = BlockFft::of_length(length_);
  ComplexBuffer block = start_;
  fft.forward(block.data());
  fft.inverse(block.data());
  for (Complex& sample : block) sample /= static_cast<float>(length_);
  EXPECT_LT(relative_difference(block.data(), start_.data(), start_.size()), 1e-6);
}

TEST_P(BlockFftTest, inverse_is_the_adjoint_of_forward) {
  const BlockFft& fft = BlockFft::of_length(length_);
  ComplexBuffer there = start_, back = random_samples(start_.size(), 12);
  const ComplexBuffer other = back;
  fft.forward(there.data());
  fft.inverse(back.data());
  EXPECT_LT(std::abs(inner(other.data(), there.data(), there.size()) -
                     inner(back.data(), start_.data(), there.size())),
            1e-6 * norm_of(there.data(), there.size()) * norm_of(other.data(), other.size()));
}

/// Some rows whole, some lines of others, runs of rows without any, and none at all.
TEST_P(BlockFftTest, filter_is_there_the_mask_and_back) {
  const BlockFft& fft = BlockFft::of_length(length_);
  for (const std::size_t every : {1, 3, 40, 100000}) {
    AlignedVector<std::int8_t> flags(2 * start_.size(), 0);
    for (std::size_t i = 0; i < start_.size(); ++i)
      if (every == 1 || (i / block_lines % every == 1 && i % 5 != 2)) flags[2 * i] = flags[2 * i + 1] = -1;
    ComplexBuffer wanted = start_, block = start_;
    fft.forward(wanted.data());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (flags[2 * i] == 0) wanted[i] = {};
    fft.inverse(wanted.data());
    fft.filter(block.data(), flags.data());
    if (norm_of(wanted.data(), wanted.size()) == 0)
      EXPECT_EQ(norm_of(block.data(), block.size()), 0);
    else
      EXPECT_LT(relative_difference(block.data(), wanted.data(), block.size()), 1e-6) << every;
  }
}

INSTANTIATE_TEST_SUITE_P(lengths, BlockFftTest,
                         testing::Values(1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 30, 49, 64, 66, 96, 127, 128, 131,
                                         180, 230, 256, 320));

TEST(transpose_tile_, exchanges_rows_and_columns) {
  const ComplexBuffer from = random_samples(block_lines * block_lines, 13);
  ComplexBuffer to(from.size());
  transpose_tile(from.data(), to.data());
  for (std::size_t i = 0; i < block_lines; ++i)
    for (std::size_t j = 0; j < block_lines; ++j) EXPECT_EQ(to[i * block_lines + j], from[j * block_lines + i]);
}

TEST(fft_plan_hash_, grows_with_the_lengths_that_were_used) {
  BlockFft::of_length(18);
  const std::string before = fft_plan_hash();
  EXPECT_FALSE(before.empty());
  BlockFft::of_length(18);
  EXPECT_EQ(fft_plan_hash(), before);
  BlockFft::of_length(54);
  EXPECT_NE(fft_plan_hash(), before);
}

} // namespace
} // namespace bloch::imaging
