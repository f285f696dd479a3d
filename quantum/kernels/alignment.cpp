#include "quantum/kernels/alignment.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace bloch::quantum {
namespace {

/// min v^T m v - 2 v^T a over v >= 0, one coordinate after the other; m is positive semi-definite.
Eigen::VectorXd non_negative_minimum(const Eigen::MatrixXd& m, const Eigen::VectorXd& a) {
  constexpr int most_sweeps = 100000;
  constexpr double settled = 1e-13;
  Eigen::VectorXd v = Eigen::VectorXd::Zero(a.size());
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double change = 0;
    for (Eigen::Index k = 0; k < a.size(); ++k) {
      if (!(m(k, k) > 0)) continue; // a constant kernel: nothing is left after centring
      const double rest = m.row(k).dot(v) - m(k, k) * v[k];
      const double next = std::max(0.0, (a[k] - rest) / m(k, k));
      change = std::max(change, std::abs(next - v[k]));
      v[k] = next;
    }
    if (change <= settled * v.cwiseAbs().maxCoeff()) break;
  }
  return v;
}

void check_same_size(std::span<const Matrix> grams, Eigen::Index rows, Eigen::Index columns) {
  for (const Matrix& gram : grams)
    if (gram.rows() != rows || gram.cols() != columns)
      throw std::invalid_argument("kernels that are combined must be of the same samples");
}

} // namespace

Matrix label_kernel(std::span<const std::string> labels) {
  const std::set<std::string> classes(labels.begin(), labels.end());
  if (classes.size() < 2) throw std::invalid_argument("labels must be of at least two classes");
  const double other = -1.0 / static_cast<double>(classes.size() - 1);
  const auto n = static_cast<Eigen::Index>(labels.size());
  Matrix target(n, n);
  for (Eigen::Index a = 0; a < n; ++a)
    for (Eigen::Index b = 0; b < n; ++b)
      target(a, b) = labels[static_cast<std::size_t>(a)] == labels[static_cast<std::size_t>(b)] ? 1 : other;
  return target;
}

Matrix centred(const Matrix& gram) {
  Matrix result = gram;
  result.rowwise() -= gram.colwise().mean();
  const Eigen::VectorXd means = result.rowwise().mean();
  result.colwise() -= means;
  return result;
}

double kernel_alignment(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols())
    throw std::invalid_argument("kernels that are compared must be of the same samples");
  const double lengths = a.norm() * b.norm();
  return lengths > 0 ? (a.array() * b.array()).sum() / lengths : 0;
}

std::vector<double> alignment_weights(std::span<const Matrix> grams, const Matrix& target) {
  if (grams.empty()) throw std::invalid_argument("there is no kernel to combine");
  check_same_size(grams, target.rows(), target.cols());
  std::vector<Matrix> flat;
  const Matrix wanted = centred(target);
  const auto count = static_cast<Eigen::Index>(grams.size());
  Eigen::MatrixXd products(count, count);
  Eigen::VectorXd aligned(count);
  for (Eigen::Index k = 0; k < count; ++k) {
    flat.push_back(centred(grams[static_cast<std::size_t>(k)]));
    aligned[k] = (flat.back().array() * wanted.array()).sum();
    for (Eigen::Index other = 0; other <= k; ++other)
      products(k, other) = products(other, k) =
          (flat.back().array() * flat[static_cast<std::size_t>(other)].array()).sum();
  }
  const Eigen::VectorXd weights = non_negative_minimum(products, aligned);
  if (!(weights.sum() > 0))
    throw std::invalid_argument("none of these kernels is aligned with the labels, so they have no weights");
  const Eigen::VectorXd scaled = weights / weights.sum();
  return {scaled.begin(), scaled.end()};
}

Matrix combine(std::span<const Matrix> grams, std::span<const double> weights) {
  if (grams.empty() || grams.size() != weights.size())
    throw std::invalid_argument("a combination needs one weight for each kernel");
  check_same_size(grams, grams[0].rows(), grams[0].cols());
  Matrix sum = Matrix::Zero(grams[0].rows(), grams[0].cols());
  for (std::size_t k = 0; k < grams.size(); ++k) {
    if (!(weights[k] >= 0) || !std::isfinite(weights[k]))
      throw std::invalid_argument("weights of kernels must be 0 or more, else the sum is no kernel");
    sum += weights[k] * grams[k];
  }
  return sum;
}

} // namespace bloch::quantum
