#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bloch::imaging {

/// Area under the ROC curve, ties counted half; nothing but one class gives not-a-number.
double area_under_curve(std::span<const double> scores, std::span<const std::uint8_t> truth);

/// False and true positive rate from (0, 0) to (1, 1), at most `points` of them.
std::vector<std::array<double, 2>> roc_curve(std::span<const double> scores,
                                             std::span<const std::uint8_t> truth, std::size_t points = 200);

/// Two scores of the same voxels against one truth.
struct PairedRoc {
  double first = 0, second = 0; ///< exact areas
  std::array<double, 2> first_interval{0, 0}, second_interval{0, 0}, difference_interval{0, 0};
  int resamples = 0; ///< that held both classes
  int blocks_with_truth = 0;
};

/// 95 % percentile intervals by bootstrap over spatial blocks: neighbouring voxels are not independent, blocks
/// nearly are.
///
/// blocks: a number a voxel, from 0; whole blocks are drawn with replacement, the same ones for both scores
/// cost:   the resampled areas come from histograms of 1024 bins of rank, exact to 1e-4 or so
/// source: Efron and Tibshirani 1993; Kuensch 1989 for blocks
PairedRoc compare_roc(std::span<const double> first, std::span<const double> second,
                      std::span<const std::uint8_t> truth, std::span<const std::uint32_t> blocks,
                      std::uint64_t seed, int resamples = 500);

} // namespace bloch::imaging
