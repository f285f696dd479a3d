#include <gtest/gtest.h>

#include "imaging/recon/noise_maps.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

TEST(pseudo_replica_, gives_the_g_factor_of_the_closed_form) {
  set_fft_planning(FftPlanning::estimate);
  // Every second line without a centre: each pixel folds on the one half a field of view away.
  constexpr int n = 32;
  const Experiment experiment(n, n, 4, 0.01, {"equispaced", 2, 0, 1});
  const KSpace kspace({n, n, 1, 4, 1}, experiment.samples);
  ReconstructionTask task;
  task.method = "cg-sense";
  task.sensitivities = experiment.maps;
  task.parameters = parse_settings(find_reconstruction("cg-sense").value()->parameters,
                                   std::vector<std::string>{"lambda=0", "iterations=60", "tolerance=1e-6"})
                        .value();
  const auto scan = reconstruct(kspace, task, {});
  ASSERT_TRUE(scan) << scan.error().message;
  const auto maps = pseudo_replica(kspace, task, *scan, 100, 1);
  ASSERT_TRUE(maps) << maps.error().message;
  const auto s = [&](int c, int x, int y) {
    return std::complex<double>(experiment.maps.samples[static_cast<std::size_t>((c * n + y) * n + x)]);
  };
  double mean = 0, worst = 0, largest = 0;
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x) {
      const int other = (y + n / 2) % n;
      double a = 0, b = 0;
      std::complex<double> across = 0;
      for (int c = 0; c < 4; ++c) {
        a += std::norm(s(c, x, y));
        b += std::norm(s(c, x, other));
        across += std::conj(s(c, x, y)) * s(c, x, other);
      }
      // sqrt of (S^H S)^-1 times S^H S at this pixel; Pruessmann 1999.
      const double expected = std::sqrt(b / (a * b - std::norm(across)) * a);
      const double ratio = value_at(maps->g_factor, x, y, 0) / expected;
      mean += ratio / (n * n);
      worst = std::max(worst, std::abs(ratio - 1));
      largest = std::max(largest, expected);
    }
  EXPECT_GT(largest, 1.1); // there is something to see
  EXPECT_NEAR(mean, 1, 0.015);
  EXPECT_LT(worst, 0.35); // five standard errors of 1 / sqrt(200)
}

TEST(pseudo_replica_, refuses_a_single_replica) {
  set_fft_planning(FftPlanning::estimate);
  const Experiment experiment(32, 32, 4, 0.01, {"variable-density", 2, 12, 1});
  const KSpace kspace({32, 32, 1, 4, 1}, experiment.samples);
  ReconstructionTask task;
  task.method = "zero-filled";
  const auto scan = reconstruct(kspace, task, {});
  ASSERT_TRUE(scan);
  EXPECT_FALSE(pseudo_replica(kspace, task, *scan, 1, 1));
}

} // namespace
} // namespace bloch::imaging
