#include "imaging/learning/score_quantile.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"

namespace bloch::imaging {

ScoreQuantile::ScoreQuantile(std::vector<double> scores)
    : sorted_(std::move(scores)) {
  BLOCH_EXPECTS(sorted_.size() >= 2);
  for (const double score : sorted_) BLOCH_EXPECTS(std::isfinite(score));
  std::sort(sorted_.begin(), sorted_.end());
  const std::size_t count = sorted_.size();
  const std::size_t tail = std::min(count - 1, std::max<std::size_t>(3, count / 20));
  for (std::size_t i = 0; i < tail; ++i) {
    upper_scale_ += sorted_[count - 1 - i] - sorted_[count - 1 - tail];
    lower_scale_ += sorted_[tail] - sorted_[i];
  }
  const double width = std::max(sorted_.back() - sorted_.front(), 1e-12);
  upper_scale_ = std::max(upper_scale_ / static_cast<double>(tail), 1e-3 * width);
  lower_scale_ = std::max(lower_scale_ / static_cast<double>(tail), 1e-3 * width);
}

double ScoreQuantile::operator()(double score) const {
  const double step = 1 / (static_cast<double>(sorted_.size()) + 1);
  if (score >= sorted_.back()) return 1 - step * std::exp(-(score - sorted_.back()) / upper_scale_);
  if (score <= sorted_.front()) return step * std::exp(-(sorted_.front() - score) / lower_scale_);
  const auto above = std::upper_bound(sorted_.begin(), sorted_.end(), score);
  const auto place = static_cast<double>(above - sorted_.begin());
  const double low = *(above - 1), high = *above;
  return step * (place + (score - low) / (high - low));
}

} // namespace bloch::imaging
