#include <gtest/gtest.h>

#include "imaging/recon/partial_fourier.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

/// Lines of ky from `first` to `last`.
SamplingMask lines(int ky, int first, int last) {
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(ky), 0);
  std::fill(kept.begin() + first, kept.begin() + last + 1, std::uint8_t{1});
  return {1, ky, 1, std::move(kept)};
}

/// The zero-filled image of what is left of k-space within the mask.
std::vector<Complex> zero_filled(const ComplexBuffer& image, int nx, int ny, const SamplingMask& mask) {
  ComplexBuffer kspace = image;
  centred_fft(kspace, {nx, ny, 1}, {true, true, false}, false);
  for (std::size_t i = 0; i < kspace.size(); ++i)
    if (!mask.at(0, static_cast<int>(i) / nx, 0)) kspace[i] = {};
  centred_fft(kspace, {nx, ny, 1}, {true, true, false}, true);
  return {kspace.begin(), kspace.end()};
}

double distance(const std::vector<Complex>& image, const ComplexBuffer& truth) {
  double error = 0, energy = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    error += static_cast<double>(std::norm(image[i] - truth[i]));
    energy += static_cast<double>(std::norm(truth[i]));
  }
  return std::sqrt(error / energy);
}

class PartialFourierTest : public testing::Test {
 protected:
  void SetUp() override { set_fft_planning(FftPlanning::estimate); }
};

TEST_F(PartialFourierTest, TheMissingSideIsFoundAlongEveryAxis) {
  const KSpaceSize size{32, 40, 1, 1, 1};
  const auto low = find_partial_fourier(lines(40, 12, 39), size);
  ASSERT_TRUE(low);
  EXPECT_EQ(low->axis, 1U);
  EXPECT_EQ(low->first, 12);
  EXPECT_EQ(low->last, 39);
  EXPECT_TRUE(find_partial_fourier(lines(40, 0, 25), size));
  EXPECT_FALSE(find_partial_fourier(lines(40, 0, 39), size));
  EXPECT_FALSE(find_partial_fourier(lines(40, 8, 31), size));
  std::vector<std::uint8_t> echo(32, 1);
  std::fill(echo.begin(), echo.begin() + 8, std::uint8_t{0});
  const auto readout = find_partial_fourier(SamplingMask(32, 1, 1, echo), size);
  ASSERT_TRUE(readout);
  EXPECT_EQ(readout->axis, 0U);
}

TEST_F(PartialFourierTest, HomodyneOfARealPositiveImageIsExact) {
  // Odd, so that every sample has its partner: k-space of a real image is then wholly given by one side.
  for (const auto& [first, last] : {std::pair{20, 50}, {0, 30}}) {
    const auto values = ellipses(48, 51);
    const ComplexBuffer truth(values.begin(), values.end());
    const SamplingMask mask = lines(51, first, last);
    const auto partial = find_partial_fourier(mask, {48, 51, 1, 1, 1});
    ASSERT_TRUE(partial);
    std::vector<Complex> positive = zero_filled(truth, 48, 51, mask);
    for (auto& value : positive) value += 1e-9F;
    const double before = distance(positive, truth);
    const auto after = fill_partial_fourier(positive, {48, 51, 1, 1, 1}, *partial, "homodyne");
    EXPECT_GT(before, 0.05);
    // The phase of the low-resolution image is 0 or, in ringing, half a turn: the real part does not mind.
    EXPECT_LT(distance(after, truth), 1e-3);
  }
}

TEST_F(PartialFourierTest, SmoothPhaseIsFollowedByBothMethods) {
  const auto values = ellipses(64, 64);
  const ComplexBuffer truth = with_smooth_phase(values, {64, 64, 1});
  for (const auto& [first, last] : {std::pair{20, 63}, {0, 44}}) {
    const SamplingMask mask = lines(64, first, last);
    const auto partial = find_partial_fourier(mask, {64, 64, 1, 1, 1});
    ASSERT_TRUE(partial);
    const auto before = zero_filled(truth, 64, 64, mask);
    for (const auto& [method, share] : {std::pair{"pocs", 0.5}, {"homodyne", 0.6}}) {
      const auto after = fill_partial_fourier(before, {64, 64, 1, 1, 1}, *partial, method);
      EXPECT_LT(distance(after, truth), share * distance(before, truth)) << method << " from " << first;
    }
    EXPECT_EQ(fill_partial_fourier(before, {64, 64, 1, 1, 1}, *partial, "zero"), before);
  }
}

TEST_F(PartialFourierTest, PocsKeepsTheSamplesThatWereAcquired) {
  const ComplexBuffer truth = with_smooth_phase(ellipses(48, 48), {48, 48, 1});
  const SamplingMask mask = lines(48, 14, 47);
  const auto partial = find_partial_fourier(mask, {48, 48, 1, 1, 1});
  const auto before = zero_filled(truth, 48, 48, mask);
  const auto after = fill_partial_fourier(before, {48, 48, 1, 1, 1}, *partial, "pocs");
  const auto kept = zero_filled({after.begin(), after.end()}, 48, 48, mask);
  EXPECT_LT(distance(kept, {before.begin(), before.end()}), 1e-5);
}

TEST_F(PartialFourierTest, ReconstructionsFillTheMissingSideOfAcceleratedScans) {
  const Volume series = ellipse_volume(64, 64, 1);
  const SimulationRequest simulation{6, 0.001, "smooth", 1, {}};
  std::vector<std::uint8_t> kept(64, 0);
  for (std::size_t y = 20; y < 64; ++y) kept[y] = y % 2 == 0 || (y >= 22 && y < 42) ? 1 : 0;
  ReconstructionTask task;
  task.method = "cg-sense";
  task.mask = SamplingMask(1, 64, 1, kept);
  const auto zero = reconstruct_series(series, simulation, task);
  task.partial_fourier = "pocs";
  const auto pocs = reconstruct_series(series, simulation, task);
  ASSERT_TRUE(zero && pocs) << pocs.error().message;
  EXPECT_LT(pocs->metrics->plain.nrmse, 0.8 * zero->metrics->plain.nrmse);
  EXPECT_TRUE(pocs->warnings.empty());
  kept.resize(std::size_t{64} * 64);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i / 64 >= 20 && i % 64 >= 12 ? 1 : 0;
  task.mask = SamplingMask(64, 64, 1, kept);
  const auto corner = reconstruct_series(series, simulation, task);
  ASSERT_TRUE(corner) << corner.error().message;
  ASSERT_EQ(corner->warnings.size(), 1U);
  EXPECT_NE(corner->warnings[0].find("along more than one axis"), std::string::npos) << corner->warnings[0];
  task.partial_fourier = "pocz";
  EXPECT_NE(reconstruct_series(series, simulation, task).error().message.find("pocs"), std::string::npos);
  task.partial_fourier = "pocs";
  task.method = "root-sum-of-squares";
  EXPECT_NE(reconstruct_series(series, simulation, task).error().message.find("no phase"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
