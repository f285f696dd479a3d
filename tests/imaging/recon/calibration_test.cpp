// Calibration regions, and coils from those off the centre.
#include "imaging/recon/calibration.h"

#include <complex>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/recon/coils.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

/// Every second line, and twenty lines of which only `before` lie before the centre.
Experiment calibrated_off_centre(int before) {
  Experiment experiment(64, 64, 6, 0, {"equispaced", 1, 0, 1});
  std::vector<std::uint8_t> lines(64, 0);
  for (int y = 0; y < 64; ++y)
    lines[static_cast<std::size_t>(y)] = y % 2 == 0 || (y >= 32 - before && y < 52 - before);
  experiment.mask = SamplingMask(1, 64, 1, lines);
  for (std::size_t i = 0; i < experiment.samples.size(); ++i)
    if (lines[i / 64 % 64] == 0) experiment.samples[i] = {};
  return experiment;
}

/// Mean over the body of what the maps leave of a pixel's coils: 0 where both point the same way.
double disagreement(const Sensitivities& found, const Experiment& experiment) {
  const std::size_t pixels = experiment.truth.size();
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    if (experiment.truth[i] < 0.1F) continue;
    std::complex<double> product = 0;
    for (std::size_t c = 0; c < 6; ++c)
      product += std::conj(std::complex<double>(found.samples[c * pixels + i])) *
                 std::complex<double>(experiment.maps.samples[c * pixels + i]);
    sum += 1 - std::abs(product);
    ++count;
  }
  return sum / count;
}

TEST(calibration, lines_off_the_centre_are_taken_where_the_centre_alone_is_too_small) {
  for (const int before : {10, 7, 4, 2}) {
    const Experiment experiment = calibrated_off_centre(before);
    const auto maps = espirit(experiment.input(), {});
    ASSERT_TRUE(maps) << maps.error().message;
    EXPECT_LT(disagreement(*maps, experiment), before > 2 ? 2e-3 : 2e-2) << before; // without it 0.24, or none
  }
}

TEST(calibration, a_region_that_is_large_enough_stays_in_the_middle) {
  const Experiment experiment = calibrated_off_centre(7);
  const CalibrationRegion region = find_calibration(experiment.input(), 24);
  const CalibrationRegion same = extend_calibration(experiment.input(), region, 24, {12, 12, 2});
  EXPECT_EQ(same.first, region.first);
  EXPECT_EQ(same.size, region.size);
  const CalibrationRegion larger = extend_calibration(experiment.input(), region, 18, {18, 18, 2});
  EXPECT_EQ(larger.size[1], 18);
}

} // namespace
} // namespace bloch::imaging
