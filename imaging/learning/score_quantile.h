#pragma once

#include <vector>

namespace bloch::imaging {

/// The share of training patches that score lower, made strictly increasing so that even voxels odder than
/// every training patch keep their order.
///
/// Between the sorted scores s_1 .. s_M the value rises linearly from 1/(M+1) to M/(M+1); above s_M it is
/// 1 - exp(-(s - s_M) / b) / (M+1), below s_1 exp(-(s_1 - s) / b) / (M+1), with b the mean distance of the
/// outer 5 % (at least 3 scores) from their border.
class ScoreQuantile {
 public:
  /// Contract: at least 2 scores, all finite.
  explicit ScoreQuantile(std::vector<double> scores);

  /// Above 0 and below 1, as far as a double can tell.
  double operator()(double score) const;
  const std::vector<double>& sorted() const { return sorted_; }

 private:
  std::vector<double> sorted_;
  double upper_scale_ = 0;
  double lower_scale_ = 0;
};

} // namespace bloch::imaging
