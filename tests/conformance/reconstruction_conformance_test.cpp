// Every reconstruction runs on the same small scan, and keeps the promises that all make.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "imaging/operators/mask.h"
#include "imaging/recon/reconstruct.h"

namespace bloch::imaging {
namespace {

Volume disc(int size) {
  VolumeGeometry geometry;
  geometry.size = {size, size, 1};
  std::vector<float> samples(geometry.voxel_count());
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      const double u = (x - size / 2.0) / (size * 0.4);
      const double v = (y - size / 2.0) / (size * 0.3);
      samples[static_cast<std::size_t>(y * size + x)] =
          u * u + v * v < 1 ? (x / 8 % 2 == 0 ? 100.0F : 60.0F) : 0.0F;
    }
  return {geometry, std::move(samples)};
}

class EveryReconstruction : public ::testing::TestWithParam<std::string> {
 protected:
  static ReconstructionTask task() {
    ReconstructionTask task;
    task.method = GetParam();
    task.undersample = MaskRequest{"variable-density", 2.5, 16, 1};
    return task;
  }
  static SimulationRequest coils() { return {4, 0.002, "smooth", 1}; }
};

TEST_P(EveryReconstruction, GivesAnImageLikeTheReference) {
  const auto scan = reconstruct_series(disc(64), coils(), task());
  ASSERT_TRUE(scan) << scan.error().message;
  ASSERT_TRUE(scan->metrics);
  EXPECT_LT(scan->metrics->plain.nrmse, 0.35);
  EXPECT_GT(*scan->metrics->plain.ssim, 0.3);
  EXPECT_NEAR(scan->acceleration, 2.5, 0.3);
  EXPECT_FALSE(scan->simulated.empty());
}

TEST_P(EveryReconstruction, GivesTheSameBitsForTheSameSeed) {
  const auto one = reconstruct_series(disc(64), coils(), task());
  const auto two = reconstruct_series(disc(64), coils(), task());
  ASSERT_TRUE(one && two);
  const auto a = one->image.samples<std::complex<float>>();
  const auto b = two->image.samples<std::complex<float>>();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST_P(EveryReconstruction, StopsWhenItIsCancelled) {
  const Progress progress([](double, const std::string&) {});
  progress.cancel();
  const auto scan = reconstruct_series(disc(64), coils(), task(), progress);
  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().kind, ErrorKind::cancelled);
}

TEST_P(EveryReconstruction, RefusesASettingItDoesNotHave) {
  ReconstructionTask wrong = task();
  wrong.parameters.set("no-such-setting", 1.0);
  const auto scan = reconstruct_series(disc(64), coils(), wrong);
  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().kind, ErrorKind::invalid_parameter);
}

TEST_P(EveryReconstruction, NamesItsSource) {
  EXPECT_FALSE((*find_reconstruction(GetParam()))->source.empty());
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& method : reconstructions()) all.push_back(method.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, EveryReconstruction, ::testing::ValuesIn(names()), [](const auto& one) {
  std::string name = one.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

class EveryMask : public ::testing::TestWithParam<std::string> {};

/// The R that a kind reaches by its definition. Two of fastMRI's kinds take a whole spacing and lay the centre
/// over it, so that theirs is not the R asked for: `lines` in all, of them `acs` in the centre.
double acceleration_by_definition(const std::string& kind, double accel, int lines, int acs) {
  double spacing = 0;
  if (kind == "fastmri-equispaced") spacing = std::round(accel);
  if (kind == "magic") spacing = std::round(lines / (std::round(lines / accel) - acs));
  return spacing > 0 ? lines / (acs + (lines - acs) / spacing) : accel;
}

TEST_P(EveryMask, ReachesItsAccelerationAndKeepsItsCentre) {
  for (const double accel : {2.0, 4.0}) {
    const auto mask = make_mask({128, 128, 1}, {GetParam(), accel, 16, 3});
    ASSERT_TRUE(mask) << mask.error().message;
    const double reached = acceleration_by_definition(GetParam(), accel, 128, 16);
    EXPECT_NEAR(mask->acceleration(), reached, reached * 0.12) << accel;
    for (int y = 58; y < 70; ++y) EXPECT_TRUE(mask->at(64, y, 0)) << y;
  }
}

TEST_P(EveryMask, IsTheSameForTheSameSeed) {
  const auto one = make_mask({96, 96, 1}, {GetParam(), 4, 16, 5});
  const auto two = make_mask({96, 96, 1}, {GetParam(), 4, 16, 5});
  ASSERT_TRUE(one && two);
  EXPECT_TRUE(std::equal(one->kept().begin(), one->kept().end(), two->kept().begin(), two->kept().end()));
}

TEST_P(EveryMask, RefusesACentreThatLeavesNothingToChoose) {
  const auto mask = make_mask({32, 32, 1}, {GetParam(), 8, 32, 1});
  ASSERT_FALSE(mask);
  EXPECT_EQ(mask.error().kind, ErrorKind::invalid_parameter);
}

std::vector<std::string> kinds() {
  std::vector<std::string> all;
  for (const auto& kind : mask_kinds()) all.push_back(kind.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, EveryMask, ::testing::ValuesIn(kinds()), [](const auto& one) {
  std::string name = one.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

} // namespace
} // namespace bloch::imaging
