#include "imaging/learning/kernel_twin.h"

#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "imaging/parallel/parallel_for.h"
#include "quantum/kernels/kernel.h"

namespace bloch::imaging {
namespace {

constexpr Eigen::Index block_rows = 2048;

quantum::Entanglement entanglement_of(const std::string& name) {
  if (name == "circular") return quantum::Entanglement::circular;
  if (name == "full") return quantum::Entanglement::full;
  if (name == "pairs") return quantum::Entanglement::pairs;
  return quantum::Entanglement::linear;
}

quantum::FeatureMapOptions options_of(const PatchKernel& kernel) {
  quantum::FeatureMapOptions options;
  options.reps = kernel.reps;
  options.entanglement = entanglement_of(kernel.entanglement);
  options.bandwidth = kernel.bandwidth;
  return options;
}

SampleMatrix rbf_kernel(double gamma, const SampleMatrix& rows, const SampleMatrix& columns) {
  SampleMatrix result(rows.rows(), columns.rows());
  const Eigen::MatrixXd transposed = columns.transpose();
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const Eigen::VectorXd row = rows.row(i).transpose();
    result.row(i) = (-gamma * (transposed.colwise() - row).colwise().squaredNorm()).array().exp();
  }
  return result;
}

Result<SampleMatrix> kernel_values(const PatchKernel& kernel, const SampleMatrix& rows,
                                   const SampleMatrix* columns) {
  if (kernel.kind == PatchKernel::Kind::rbf) return rbf_kernel(kernel.gamma, rows, columns ? *columns : rows);
  const quantum::FeatureMap* map = quantum::find_feature_map(kernel.map);
  if (!map) return failure(ErrorKind::invalid_parameter, "there is no feature map '" + kernel.map + "'");
  try {
    if (columns) return SampleMatrix(quantum::fidelity_kernel(*map, options_of(kernel), rows, *columns, 1));
    return SampleMatrix(quantum::fidelity_kernel(*map, options_of(kernel), rows, 1));
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::invalid_parameter, std::string("the feature map refuses: ") + error.what());
  }
}

} // namespace

Result<SampleMatrix> PatchKernel::operator()(const SampleMatrix& rows, const SampleMatrix& columns) const {
  return kernel_values(*this, rows, &columns);
}

Result<SampleMatrix> PatchKernel::gram(const SampleMatrix& rows) const {
  return kernel_values(*this, rows, nullptr);
}

double off_diagonal_mean(const SampleMatrix& gram) {
  const double count = static_cast<double>(gram.rows());
  return (gram.sum() - gram.diagonal().sum()) / (count * (count - 1));
}

Result<bool> set_width_by_mean(PatchKernel& kernel, const SampleMatrix& rows, double target) {
  double low = std::log(1e-3), high = std::log(10.0);
  if (kernel.kind == PatchKernel::Kind::rbf) low = std::log(1e-6), high = std::log(1e4);
  const auto mean_at = [&](double logarithm) -> Result<double> {
    kernel.width() = std::exp(logarithm);
    BLOCH_TRY(gram, kernel.gram(rows));
    return off_diagonal_mean(gram);
  };
  BLOCH_TRY(at_low, mean_at(low));
  BLOCH_TRY(at_high, mean_at(high));
  if (at_low < target || at_high > target) {
    kernel.width() = 1;
    return false;
  }
  for (int step = 0; step < 24; ++step) {
    const double middle = (low + high) / 2;
    BLOCH_TRY(mean, mean_at(middle));
    (mean > target ? low : high) = middle;
  }
  kernel.width() = std::exp((low + high) / 2);
  return true;
}

Result<std::vector<double>> KernelTwin::scores(const SampleMatrix& angles, const Progress& progress) const {
  std::vector<double> result(static_cast<std::size_t>(angles.rows()));
  const Eigen::Index blocks = (angles.rows() + block_rows - 1) / block_rows;
  std::atomic<Eigen::Index> done = 0;
  std::mutex refusal_mutex;
  std::optional<Error> refusal;
  parallel_for(0, static_cast<std::size_t>(blocks), [&](std::size_t block) {
    if (progress.cancelled()) return;
    const Eigen::Index first = static_cast<Eigen::Index>(block) * block_rows;
    const Eigen::Index count = std::min(block_rows, angles.rows() - first);
    const auto values = kernel(angles.middleRows(first, count), support);
    if (!values) {
      const std::lock_guard lock(refusal_mutex);
      refusal = values.error();
      return;
    }
    const Eigen::VectorXd sums = *values * coefficients;
    for (Eigen::Index i = 0; i < count; ++i) result[static_cast<std::size_t>(first + i)] = offset - sums[i];
    progress.report(static_cast<double>(++done) / static_cast<double>(blocks));
  });
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped");
  if (refusal) return failure(std::move(*refusal));
  return result;
}

} // namespace bloch::imaging
