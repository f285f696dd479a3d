#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <Eigen/Eigenvalues>

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

GramDiagnostics diagnose(const Matrix& gram) {
  const Eigen::Index n = gram.rows();
  if (n < 1 || gram.cols() != n) throw std::invalid_argument("a Gram matrix is square and not empty");
  if (!gram.allFinite()) throw std::invalid_argument("the Gram matrix holds a number that is not finite");
  GramDiagnostics result;
  if (n > 1) {
    const double count = static_cast<double>(n * (n - 1));
    result.off_diagonal_mean = (gram.sum() - gram.trace()) / count;
    double squares = 0;
    for (Eigen::Index a = 0; a < n; ++a)
      for (Eigen::Index b = 0; b < n; ++b)
        if (a != b)
          squares += (gram(a, b) - result.off_diagonal_mean) * (gram(a, b) - result.off_diagonal_mean);
    result.off_diagonal_deviation = std::sqrt(squares / count);
  }
  result.identity_distance = (gram - Matrix::Identity(n, n)).norm() / static_cast<double>(n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
  result.eigenvalues = solver.eigenvalues().reverse();
  const double total = result.eigenvalues.cwiseMax(0).sum();
  double entropy = 0;
  for (const double value : result.eigenvalues)
    if (value > 0 && total > 0) entropy -= value / total * std::log(value / total);
  result.effective_rank = std::exp(entropy);
  return result;
}

double shots_for_error(const Matrix& gram, double error) {
  if (!(error > 0)) throw std::invalid_argument("the error to reach by shots must be above 0");
  double largest = 0;
  for (const double value : gram.reshaped()) largest = std::max(largest, value * (1 - value));
  return std::ceil(largest / (error * error));
}

double shots_for_spread(const Matrix& gram) {
  constexpr double wanted = 0.01; // of the variance between entries
  double sum = 0, squares = 0, shot_variance = 0, count = 0;
  for (Eigen::Index a = 0; a < gram.rows(); ++a)
    for (Eigen::Index b = 0; b < gram.cols(); ++b) {
      if (a == b) continue;
      const double value = gram(a, b);
      sum += value;
      squares += value * value;
      shot_variance += value * (1 - value);
      ++count;
    }
  const double variance = count > 0 ? squares / count - sum / count * (sum / count) : 0;
  if (!(variance > 1e-15)) return std::numeric_limits<double>::infinity();
  return std::ceil(std::max(0.0, shot_variance / count) / (wanted * variance));
}

} // namespace bloch::quantum
