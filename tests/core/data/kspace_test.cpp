#include "core/data/kspace.h"

#include <gtest/gtest.h>

namespace bloch {
namespace {

KSpace ones(KSpaceSize size) { return {size, std::vector<std::complex<float>>(size.sample_count(), {1, 0})}; }

TEST(KSpace, RefusesSamplesThatDoNotFillIt) {
  EXPECT_THROW(KSpace({4, 4, 1, 2, 1}, std::vector<std::complex<float>>(31)), std::logic_error);
}

TEST(KSpace, OneSliceAloneSharesItsSamplesAndOutlivesTheWhole) {
  std::vector<std::complex<float>> samples;
  for (int i = 0; i < 12; ++i) samples.emplace_back(static_cast<float>(i));
  std::optional<KSpace> whole = KSpace({3, 1, 1, 2, 2}, samples);
  const KSpace alone = whole->only(1);
  EXPECT_EQ(alone.samples().data(), whole->slice(1).data());
  whole.reset();
  EXPECT_EQ(alone.size(), (KSpaceSize{3, 1, 1, 2, 1}));
  EXPECT_EQ(alone.samples()[5], std::complex<float>(11));
}

TEST(SamplingMask, BroadcastsAnExtentOfOne) {
  const SamplingMask lines(1, 4, 1, {1, 0, 1, 0});
  EXPECT_TRUE(lines.fits({8, 4, 3, 2, 1}));
  EXPECT_FALSE(lines.fits({8, 5, 1, 2, 1}));
  EXPECT_TRUE(lines.at(7, 2, 0));
  EXPECT_FALSE(lines.at(7, 1, 0));
  EXPECT_DOUBLE_EQ(lines.acceleration(), 2);
}

TEST(SamplingMask, TakesOnlyZeroAndOne) { EXPECT_THROW(SamplingMask(2, 1, 1, {0, 2}), std::logic_error); }

TEST(UnderSampling, LeavesExactlyTheMask) {
  const KSpace full = ones({4, 4, 1, 2, 3});
  const SamplingMask lines(1, 4, 1, {1, 0, 0, 1});
  const KSpace under = under_sample(full, lines);
  EXPECT_EQ(under.size(), full.size());
  const SamplingMask seen = sampled_points(under);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) EXPECT_EQ(seen.at(x, y, 0), lines.at(x, y, 0));
  EXPECT_EQ(seen.kept_count(), 8U);
}

} // namespace
} // namespace bloch
