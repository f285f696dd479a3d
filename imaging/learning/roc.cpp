#include "imaging/learning/roc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "core/base/contract.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t rank_bins = 1024;

std::vector<std::uint32_t> order_of(std::span<const double> scores) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] < scores[b] || (scores[a] == scores[b] && a < b);
  });
  return order;
}

/// Calls with (negatives, positives) of each run of equal scores, lowest first.
template <class Function>
void for_each_tie(std::span<const double> scores, std::span<const std::uint8_t> truth,
                  const std::vector<std::uint32_t>& order, Function&& function) {
  for (std::size_t i = 0; i < order.size();) {
    double negatives = 0, positives = 0;
    std::size_t j = i;
    for (; j < order.size() && scores[order[j]] == scores[order[i]]; ++j)
      (truth[order[j]] ? positives : negatives) += 1;
    function(negatives, positives);
    i = j;
  }
}

double area_from_order(std::span<const double> scores, std::span<const std::uint8_t> truth,
                       const std::vector<std::uint32_t>& order) {
  double area = 0, below = 0, all_positives = 0;
  for_each_tie(scores, truth, order, [&](double negatives, double positives) {
    area += positives * (below + negatives / 2);
    below += negatives;
    all_positives += positives;
  });
  if (below == 0 || all_positives == 0) return std::numeric_limits<double>::quiet_NaN();
  return area / below / all_positives;
}

/// Counts of both classes by bin of rank: [block][bin]. Equal scores share a bin.
struct BlockHistograms {
  std::vector<float> negatives, positives;

  BlockHistograms(std::span<const double> scores, std::span<const std::uint8_t> truth,
                  std::span<const std::uint32_t> blocks, std::size_t block_count,
                  const std::vector<std::uint32_t>& order)
      : negatives(block_count * rank_bins)
      , positives(block_count * rank_bins) {
    std::size_t bin = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || scores[order[i]] != scores[order[i - 1]]) bin = i * rank_bins / order.size();
      const std::size_t cell = blocks[order[i]] * rank_bins + bin;
      (truth[order[i]] ? positives : negatives)[cell] += 1;
    }
  }

  double area(const std::vector<std::uint32_t>& drawn) const {
    std::vector<double> below(rank_bins), hits(rank_bins);
    for (std::size_t block = 0; block < drawn.size(); ++block) {
      if (drawn[block] == 0) continue;
      const double times = drawn[block];
      const float* negative = negatives.data() + block * rank_bins;
      const float* positive = positives.data() + block * rank_bins;
      for (std::size_t bin = 0; bin < rank_bins; ++bin) {
        below[bin] += times * negative[bin];
        hits[bin] += times * positive[bin];
      }
    }
    double area = 0, lower = 0, all = 0;
    for (std::size_t bin = 0; bin < rank_bins; ++bin) {
      area += hits[bin] * (lower + below[bin] / 2);
      lower += below[bin];
      all += hits[bin];
    }
    return lower > 0 && all > 0 ? area / lower / all : std::numeric_limits<double>::quiet_NaN();
  }
};

std::array<double, 2> interval_of(std::vector<double> values) {
  if (values.empty())
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  std::sort(values.begin(), values.end());
  const double last = static_cast<double>(values.size() - 1);
  return {values[static_cast<std::size_t>(std::floor(0.025 * last))],
          values[static_cast<std::size_t>(std::ceil(0.975 * last))]};
}

int count_blocks_with_truth(std::span<const std::uint8_t> truth, std::span<const std::uint32_t> blocks,
                            std::size_t block_count) {
  std::vector<char> has(block_count);
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (truth[i]) has[blocks[i]] = 1;
  return static_cast<int>(std::count(has.begin(), has.end(), 1));
}

} // namespace

double area_under_curve(std::span<const double> scores, std::span<const std::uint8_t> truth) {
  BLOCH_EXPECTS(scores.size() == truth.size());
  return area_from_order(scores, truth, order_of(scores));
}

std::vector<std::array<double, 2>> roc_curve(std::span<const double> scores,
                                             std::span<const std::uint8_t> truth, std::size_t points) {
  BLOCH_EXPECTS(scores.size() == truth.size() && points >= 2);
  std::vector<std::array<double, 2>> counts{{0, 0}};
  for_each_tie(scores, truth, order_of(scores), [&](double negatives, double positives) {
    counts.push_back({counts.back()[0] + negatives, counts.back()[1] + positives});
  });
  const auto [negatives, positives] = counts.back();
  if (negatives == 0 || positives == 0) return {};
  // Counts run from the lowest score; a threshold's rates are what is left above it.
  std::vector<std::array<double, 2>> curve;
  double last_length = -1;
  for (auto count = counts.rbegin(); count != counts.rend(); ++count) {
    const double false_rate = 1 - (*count)[0] / negatives, true_rate = 1 - (*count)[1] / positives;
    const double length = (false_rate + true_rate) / 2 * static_cast<double>(points - 2);
    const bool end = count == counts.rbegin() || count + 1 == counts.rend();
    if (!end && length < last_length + 1) continue;
    if (!end)
      last_length = length;
    else if (count == counts.rbegin())
      last_length = 0;
    curve.push_back({false_rate, true_rate});
  }
  return curve;
}

PairedRoc compare_roc(std::span<const double> first, std::span<const double> second,
                      std::span<const std::uint8_t> truth, std::span<const std::uint32_t> blocks,
                      std::uint64_t seed, int resamples) {
  BLOCH_EXPECTS(first.size() == truth.size() && second.size() == truth.size() &&
                blocks.size() == truth.size() && !truth.empty());
  const std::size_t block_count = *std::max_element(blocks.begin(), blocks.end()) + std::size_t{1};
  const auto first_order = order_of(first), second_order = order_of(second);
  PairedRoc result;
  result.first = area_from_order(first, truth, first_order);
  result.second = area_from_order(second, truth, second_order);
  result.blocks_with_truth = count_blocks_with_truth(truth, blocks, block_count);
  const BlockHistograms first_counts(first, truth, blocks, block_count, first_order);
  const BlockHistograms second_counts(second, truth, blocks, block_count, second_order);
  std::vector<double> ones(static_cast<std::size_t>(resamples)), others(ones.size());
  parallel_for(0, ones.size(), [&](std::size_t index) {
    std::mt19937_64 random(seed * 1000003 + index); // its own stream, so that threads change nothing
    std::vector<std::uint32_t> drawn(block_count);
    for (std::size_t i = 0; i < block_count; ++i) ++drawn[static_cast<std::size_t>(random() % block_count)];
    ones[index] = first_counts.area(drawn);
    others[index] = second_counts.area(drawn);
  });
  std::vector<double> good_ones, good_others, differences;
  for (std::size_t i = 0; i < ones.size(); ++i) {
    if (!std::isfinite(ones[i]) || !std::isfinite(others[i])) continue;
    good_ones.push_back(ones[i]);
    good_others.push_back(others[i]);
    differences.push_back(ones[i] - others[i]);
  }
  result.resamples = static_cast<int>(differences.size());
  result.first_interval = interval_of(std::move(good_ones));
  result.second_interval = interval_of(std::move(good_others));
  result.difference_interval = interval_of(std::move(differences));
  return result;
}

} // namespace bloch::imaging
