#include "quantum/kernels/classical_kernel.h"

#include <cmath>
#include <stdexcept>

#include <Eigen/Eigenvalues>

namespace bloch::quantum {

Matrix gaussian_kernel(const Matrix& rows, const Matrix& columns, double gamma) {
  if (rows.cols() != columns.cols())
    throw std::invalid_argument("the two tables differ in their number of features");
  if (!(gamma > 0) || !std::isfinite(gamma)) throw std::invalid_argument("gamma must be above 0");
  Matrix out = -2 * (rows * columns.transpose());
  out.colwise() += rows.rowwise().squaredNorm();
  out.rowwise() += columns.rowwise().squaredNorm().transpose();
  return (-gamma * out.array().max(0)).exp();
}

double gaussian_scale(const Matrix& samples) {
  if (samples.size() == 0) return 1;
  const double mean = samples.mean();
  const double variance = (samples.array() - mean).square().mean();
  return variance > 0 ? 1 / (variance * static_cast<double>(samples.cols())) : 1;
}

double geometric_difference(const Matrix& quantum, const Matrix& classical, double regularisation) {
  const Eigen::Index n = quantum.rows();
  if (n < 1 || quantum.cols() != n || classical.rows() != n || classical.cols() != n)
    throw std::invalid_argument("a geometric difference is of two Gram matrices of the same samples");
  if (!(regularisation > 0)) throw std::invalid_argument("the regularisation must be above 0");
  if (!(quantum.trace() > 0 && classical.trace() > 0))
    throw std::invalid_argument("a Gram matrix has a positive trace");
  const double count = static_cast<double>(n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> of_quantum(quantum * (count / quantum.trace()));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> of_classical(classical * (count / classical.trace()));
  const auto root = [](const Eigen::VectorXd& values) { return values.cwiseMax(0).cwiseSqrt().eval(); };
  // sqrt(C) (C + r)^-1 sqrt(Q): its largest singular value is the square root of the norm asked for.
  const Eigen::VectorXd filter =
      root(of_classical.eigenvalues()).array() / (of_classical.eigenvalues().array().max(0) + regularisation);
  const Eigen::MatrixXd product = filter.asDiagonal() * of_classical.eigenvectors().transpose() *
                                  of_quantum.eigenvectors() * root(of_quantum.eigenvalues()).asDiagonal();
  const Eigen::MatrixXd square = product * product.transpose();
  return std::sqrt(
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(square, Eigen::EigenvaluesOnly).eigenvalues()[n - 1]);
}

} // namespace bloch::quantum
