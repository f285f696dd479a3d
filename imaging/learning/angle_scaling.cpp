#include "imaging/learning/angle_scaling.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <Eigen/Eigenvalues>

namespace bloch::imaging {
namespace {

constexpr double cut = 10;
constexpr double squash = 3;

double quantile_of_column(std::vector<double>& values, double fraction) {
  const double place = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[static_cast<std::size_t>(below)];
  if (static_cast<std::size_t>(below) + 1 == values.size()) return low;
  const double high = *std::min_element(values.begin() + below + 1, values.end());
  return low + (place - static_cast<double>(below)) * (high - low);
}

SampleMatrix standardised(const AngleScaling& scaling, const SampleMatrix& features) {
  SampleMatrix result = features.rowwise() - scaling.centre.transpose();
  result.array().rowwise() /= scaling.spread.transpose().array();
  return result.cwiseMax(-cut).cwiseMin(cut);
}

} // namespace

SampleMatrix AngleScaling::components(const SampleMatrix& features) const {
  SampleMatrix result = (standardised(*this, features).rowwise() - mean.transpose()) * axes;
  result.array().rowwise() /= length.transpose().array();
  return result;
}

SampleMatrix AngleScaling::angles(const SampleMatrix& features) const {
  return (components(features).array() / squash).tanh() * (std::numbers::pi / 2);
}

Result<AngleScaling> fit_angle_scaling(const SampleMatrix& features, int components) {
  AngleScaling scaling;
  const Eigen::Index count = features.rows(), width = features.cols();
  scaling.centre.resize(width);
  scaling.spread.resize(width);
  for (Eigen::Index j = 0; j < width; ++j) {
    std::vector<double> column(static_cast<std::size_t>(count));
    for (Eigen::Index i = 0; i < count; ++i) column[static_cast<std::size_t>(i)] = features(i, j);
    scaling.centre[j] = quantile_of_column(column, 0.5);
    double spread = (quantile_of_column(column, 0.75) - quantile_of_column(column, 0.25)) / 1.349;
    if (!(spread > 0)) spread = std::sqrt((features.col(j).array() - features.col(j).mean()).square().mean());
    scaling.spread[j] = spread > 0 ? spread : 1;
  }
  const SampleMatrix scaled = standardised(scaling, features);
  scaling.mean = scaled.colwise().mean().transpose();
  const SampleMatrix centred = scaled.rowwise() - scaling.mean.transpose();
  const Eigen::MatrixXd covariance = centred.transpose() * centred / static_cast<double>(count);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  const Eigen::VectorXd variances = solver.eigenvalues().reverse();
  const double tiny = 1e-12 * std::max(variances[0], 1e-300);
  const auto useful = (variances.array() > tiny).count();
  if (components > useful)
    return failure(ErrorKind::invalid_parameter,
                   std::to_string(components) + " qubits need as many features that vary, but there are " +
                       std::to_string(useful) + "; choose fewer qubits or more features");
  scaling.axes = solver.eigenvectors().rowwise().reverse().leftCols(components);
  for (Eigen::Index k = 0; k < components; ++k) {
    Eigen::Index largest = 0;
    scaling.axes.col(k).cwiseAbs().maxCoeff(&largest);
    if (scaling.axes(largest, k) < 0) scaling.axes.col(k) *= -1; // an eigenvector's sign is the solver's whim
  }
  const Eigen::VectorXd kept = variances.head(components);
  scaling.explained_variance = kept.sum() / variances.sum();
  scaling.length = Eigen::VectorXd::Constant(components, std::sqrt(kept[0]));
  return scaling;
}

} // namespace bloch::imaging
