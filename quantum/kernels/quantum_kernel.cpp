#include "quantum/kernels/quantum_kernel.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "quantum/kernels/alignment.h"
#include "quantum/kernels/detail/states_kernel.h"
#include "quantum/kernels/reduced_states.h"
#include "quantum/noise/density_matrix.h"

namespace bloch::quantum {
namespace {

std::span<const double> sample_at(const Matrix& samples, Eigen::Index row) {
  return {samples.data() + row * samples.cols(), static_cast<std::size_t>(samples.cols())};
}

/// Survival of each sample's circuit.
Eigen::VectorXd survivals(const QuantumKernel& kernel, const Matrix& samples) {
  Eigen::VectorXd result(samples.rows());
  for (Eigen::Index row = 0; row < samples.rows(); ++row)
    result[row] = survival(kernel.map->circuit(sample_at(samples, row), kernel.options), kernel.noise);
  return result;
}

/// Bloch vectors of a map without entanglement, each shrunk by the gates on its own qubit: exact, because
/// depolarising noise commutes with rotations.
Matrix shrunk_products(const QuantumKernel& kernel, const Matrix& samples, int threads) {
  Matrix vectors = reduced_states(*kernel.map, kernel.options, samples, 1, threads, ReducedMethod::product);
  for (Eigen::Index row = 0; row < samples.rows(); ++row) {
    const Circuit circuit = kernel.map->circuit(sample_at(samples, row), kernel.options);
    for (const Operation& operation : circuit.operations())
      vectors.row(row).segment(3 * operation.qubits[0], 3) *= 1 - kernel.noise.one_qubit;
  }
  return vectors;
}

Matrix noisy_product_kernel(const Matrix& rows, const Matrix& columns) {
  Matrix out = Matrix::Ones(rows.rows(), columns.rows());
  for (Eigen::Index qubit = 0; qubit < rows.cols(); qubit += 3)
    out.array() *= 0.5 * (1 + (rows.middleCols(qubit, 3) * columns.middleCols(qubit, 3).transpose()).array());
  return out;
}

/// Density matrices of every sample under the noise of each gate, as rows whose products are overlaps: real
/// parts, then imaginary parts.
Matrix noisy_densities(const QuantumKernel& kernel, const Matrix& samples, int qubits, int threads) {
  NoiseModel model;
  model.one_qubit.depolarising = kernel.noise.one_qubit;
  model.more_qubits.depolarising = kernel.noise.two_qubits;
  const std::size_t size = std::size_t{1} << qubits;
  Matrix rows(samples.rows(), static_cast<Eigen::Index>(2 * size * size));
  over_blocks(samples.rows(), 1, threads, [&](Eigen::Index row, Eigen::Index) {
    DensityMatrix<double> density(qubits);
    const Circuit circuit = kernel.map->circuit(sample_at(samples, row), kernel.options);
    density.apply(circuit.operations(), model);
    Eigen::Index next = 0;
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t b = 0; b < size; ++b) {
        const Complex element = density.element(a, b);
        rows(row, next++) = element.real();
        rows(row, next++) = element.imag();
      }
  });
  return rows;
}

/// Expectation values as the device gives them: shrunk by noise, estimated by shots. table: tells one table's
/// shots from another's
Matrix measured_reduced(const QuantumKernel& kernel, const Matrix& samples, int threads, std::uint64_t table) {
  if (!(kernel.gamma > 0) || !std::isfinite(kernel.gamma))
    throw std::invalid_argument("gamma of the projected kernel must be above 0");
  Matrix reduced = reduced_states(*kernel.map, kernel.options, samples, kernel.order, threads);
  if (!kernel.noise.none()) {
    if (kernel.map->product && kernel.order == 1)
      reduced = shrunk_products(kernel, samples, threads);
    else
      reduced = survivals(kernel, samples).asDiagonal() * reduced;
  }
  if (kernel.shots > 0) {
    Matrix chances = (1 + reduced.array()) / 2;
    add_shot_noise(chances, kernel.shots, kernel.seed ^ table, false);
    reduced = 2 * chances.array() - 1;
  }
  return reduced;
}

void check_kernel(const QuantumKernel& kernel) {
  if (!kernel.map) throw std::invalid_argument("a quantum kernel needs a feature map");
  check_rates(kernel.noise);
}

/// columns: nullptr, the rows
Matrix noisy_fidelity(const QuantumKernel& kernel, const Matrix& rows, const Matrix* columns, int threads) {
  const FeatureMap& map = *kernel.map;
  Matrix result = columns ? fidelity_kernel(map, kernel.options, rows, *columns, threads)
                          : fidelity_kernel(map, kernel.options, rows, threads);
  if (kernel.noise.none() || result.size() == 0) return result;
  if (map.product) {
    const Matrix left = shrunk_products(kernel, rows, threads);
    return noisy_product_kernel(left, columns ? shrunk_products(kernel, *columns, threads) : left);
  }
  const int qubits = map.qubits(static_cast<int>(rows.cols()));
  if (qubits <= most_density_kernel_qubits) {
    const Matrix left = noisy_densities(kernel, rows, qubits, threads);
    if (!columns) return left * left.transpose();
    return left * noisy_densities(kernel, *columns, qubits, threads).transpose();
  }
  const Eigen::VectorXd left = survivals(kernel, rows);
  return depolarised(result, qubits, left, columns ? survivals(kernel, *columns) : left);
}

constexpr std::uint64_t row_table = 0x5851f42d4c957f2d; // rows that are not the columns have shots of their own

} // namespace

KernelBlocks::KernelBlocks(QuantumKernel kernel, Matrix rows, Matrix columns, int threads)
    : kernel_(std::move(kernel))
    , threads_(threads)
    , rows_(std::move(rows))
    , columns_(std::move(columns)) {
  if (rows_.cols() != columns_.cols())
    throw std::invalid_argument("the two tables differ in their number of features: " +
                                std::to_string(rows_.cols()) + " and " + std::to_string(columns_.cols()));
  prepare();
}

KernelBlocks::KernelBlocks(QuantumKernel kernel, Matrix rows, int threads)
    : kernel_(std::move(kernel))
    , threads_(threads)
    , symmetric_(true)
    , rows_(std::move(rows)) {
  prepare();
}

void KernelBlocks::prepare() {
  check_kernel(kernel_);
  qubits_ = kernel_.map->qubits(static_cast<int>(rows_.cols()));
  if (kernel_.kind == KernelKind::fidelity) return;
  row_reduced_ = measured_reduced(kernel_, rows_, threads_, symmetric_ ? 0 : row_table);
  if (!symmetric_) column_reduced_ = measured_reduced(kernel_, columns_, threads_, 0);
}

Matrix KernelBlocks::block(Eigen::Index first_row, Eigen::Index row_count, Eigen::Index first_column,
                           Eigen::Index column_count) const {
  const bool diagonal = symmetric_ && first_row == first_column && row_count == column_count;
  Matrix result;
  if (kernel_.kind == KernelKind::projected) {
    const Matrix& right = symmetric_ ? row_reduced_ : column_reduced_;
    result =
        projected_kernel(row_reduced_.middleRows(first_row, row_count),
                         right.middleRows(first_column, column_count), qubits_, kernel_.order, kernel_.gamma);
    if (diagonal) result.diagonal().setOnes();
  } else {
    const Matrix left = rows_.middleRows(first_row, row_count);
    if (diagonal) {
      result = noisy_fidelity(kernel_, left, nullptr, threads_);
    } else {
      const Matrix right = (symmetric_ ? rows_ : columns_).middleRows(first_column, column_count);
      result = noisy_fidelity(kernel_, left, &right, threads_);
    }
    if (kernel_.shots > 0)
      add_shot_noise(result, kernel_.shots, kernel_.seed, symmetric_, static_cast<std::size_t>(first_row),
                     static_cast<std::size_t>(first_column));
  }
  if (diagonal)
    for (Eigen::Index a = 0; a < result.rows(); ++a)
      for (Eigen::Index b = 0; b < a; ++b) result(b, a) = result(a, b);
  return result;
}

Matrix evaluate(const QuantumKernel& kernel, const Matrix& rows, const Matrix& columns, int threads) {
  return KernelBlocks(kernel, rows, columns, threads).whole();
}

Matrix evaluate(const QuantumKernel& kernel, const Matrix& rows, int threads) {
  return KernelBlocks(kernel, rows, threads).whole();
}

double typical_gamma(const QuantumKernel& kernel, const Matrix& samples, int threads) {
  check_kernel(kernel);
  const int qubits = kernel.map->qubits(static_cast<int>(samples.cols()));
  return projected_scale(reduced_states(*kernel.map, kernel.options, samples, kernel.order, threads), qubits,
                         kernel.order);
}

std::vector<BandwidthTrial> try_bandwidths(QuantumKernel kernel, const Matrix& samples, const Matrix& target,
                                           int threads) {
  check_kernel(kernel);
  if (!kernel.map->uses_bandwidth)
    throw std::invalid_argument("feature map " + kernel.map->name + " has no bandwidth to tune");
  if (samples.rows() < 2) throw std::invalid_argument("a bandwidth is tuned on at least two samples");
  constexpr int steps = 21, last_above = 4; // from 2^-8 to 2^2 times the one given, sqrt(2) apart
  const double before = kernel.options.bandwidth;
  const Matrix wanted = target.size() > 0 ? centred(target) : Matrix();
  std::vector<BandwidthTrial> trials;
  for (int step = 0; step < steps; ++step) {
    kernel.options.bandwidth = before * std::pow(2.0, 0.5 * (step - steps + 1 + last_above));
    const Matrix gram = evaluate(kernel, samples, threads);
    const double count = static_cast<double>(gram.rows() * (gram.rows() - 1));
    BandwidthTrial trial;
    trial.bandwidth = kernel.options.bandwidth;
    trial.off_diagonal_mean = (gram.sum() - gram.trace()) / count;
    const double squares = gram.squaredNorm() - gram.diagonal().squaredNorm();
    trial.off_diagonal_deviation =
        std::sqrt(std::max(0.0, squares / count - trial.off_diagonal_mean * trial.off_diagonal_mean));
    trial.score = target.size() > 0 ? kernel_alignment(centred(gram), wanted) : trial.off_diagonal_deviation;
    trials.push_back(trial);
  }
  return trials;
}

const BandwidthTrial& best_trial(std::span<const BandwidthTrial> trials) {
  if (trials.empty()) throw std::invalid_argument("no bandwidth was tried");
  return *std::max_element(trials.begin(), trials.end(),
                           [](const auto& a, const auto& b) { return a.score < b.score; });
}

} // namespace bloch::quantum
