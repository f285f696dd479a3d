#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include "quantum/kernels/chain_kernel.h"
#include "quantum/kernels/detail/states_kernel.h"
#include "quantum/kernels/kernel.h"
#include "quantum/kernels/sample_states.h"

namespace bloch::quantum {
namespace {

constexpr Eigen::Index block_rows = 256;

void check_samples(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples) {
  if (samples.cols() < 1)
    throw std::invalid_argument("feature map " + map.name + " needs at least one feature");
  for (Eigen::Index row = 0; row < samples.rows(); ++row)
    check_features(map, {samples.data() + row * samples.cols(), static_cast<std::size_t>(samples.cols())},
                   options);
}

void product_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                    const Matrix& columns, int threads, Matrix& out) {
  const std::size_t width = 3 * static_cast<std::size_t>(map.qubits(static_cast<int>(columns.cols())));
  std::vector<double> right(static_cast<std::size_t>(columns.rows()) * width);
  sample_products(map, options, columns, 0, columns.rows(), right.data());
  over_blocks(rows.rows(), 64, threads, [&](Eigen::Index first, Eigen::Index count) {
    std::vector<double> left(static_cast<std::size_t>(count) * width);
    sample_products(map, options, rows, first, count, left.data());
    for (Eigen::Index a = 0; a < count; ++a)
      for (Eigen::Index b = 0; b < columns.rows(); ++b) {
        const double *u = left.data() + a * width, *v = right.data() + b * width;
        double product = 1;
        for (std::size_t k = 0; k < width; k += 3)
          product *= 0.5 * (1 + u[k] * v[k] + u[k + 1] * v[k + 1] + u[k + 2] * v[k + 2]);
        out(first + a, b) = std::min(product, 1.0);
      }
  });
}

/// Neighbours coupled only: transfer matrices along the chain. `symmetric`: rows are the columns, the lower
/// half is enough.
void transfer_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                     const Matrix& columns, bool symmetric, int threads, Matrix& out) {
  const auto sites = static_cast<std::size_t>(columns.cols());
  QuadraticPhase phase;
  const auto samples_of = [&](const Matrix& table) {
    ChainSamples samples(sites, static_cast<std::size_t>(table.rows()));
    for (Eigen::Index k = 0; k < table.rows(); ++k) {
      map.phase({table.data() + k * table.cols(), sites}, options, phase);
      samples.set(static_cast<std::size_t>(k), phase);
    }
    return samples;
  };
  const ChainSamples left = samples_of(rows), right = samples_of(columns);
  const std::optional<Chain> chain = chain_of(phase);
  over_blocks(rows.rows(), 8, threads, [&](Eigen::Index first, Eigen::Index count) {
    std::vector<double> fidelities(right.stride());
    for (Eigen::Index k = first; k < first + count; ++k) {
      const Eigen::Index wanted = symmetric ? k + 1 : columns.rows();
      chain_fidelities(left, static_cast<std::size_t>(k), right, options.reps, *chain,
                       static_cast<std::size_t>(wanted), fidelities.data());
      std::copy_n(fidelities.data(), wanted, &out(k, 0));
    }
  });
}

/// Real amplitudes: one product of normalised rows, squared.
void amplitude_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                      const Matrix& columns, int threads, Matrix& out) {
  const Eigen::Index size = Eigen::Index{1} << map.qubits(static_cast<int>(columns.cols()));
  const auto amplitudes_of = [&](const Matrix& samples, Eigen::Index first, Eigen::Index count) {
    Matrix amplitudes(count, size);
    for (Eigen::Index k = 0; k < count; ++k)
      map.amplitudes({samples.data() + (first + k) * samples.cols(), static_cast<std::size_t>(samples.cols())},
                     options, {amplitudes.data() + k * size, static_cast<std::size_t>(size)});
    return amplitudes;
  };
  const Matrix right = amplitudes_of(columns, 0, columns.rows());
  over_blocks(rows.rows(), block_rows, threads, [&](Eigen::Index first, Eigen::Index count) {
    const Matrix left = amplitudes_of(rows, first, count);
    out.middleRows(first, count) = (left * right.transpose()).array().square().min(1);
  });
}

/// The transfer matrix where it is allowed, and cheaper than an overlap of whole states.
bool transfer_is_cheaper(const FeatureMap& map, const FeatureMapOptions& options, int features,
                         bool at_any_cost) {
  if (!map.phase || options.reps > most_chain_reps) return false;
  QuadraticPhase phase;
  map.phase(std::vector<double>(static_cast<std::size_t>(features)), options, phase);
  const std::optional<Chain> chain = chain_of(phase);
  if (!chain) return false;
  const int bits = 2 * options.reps - 1;
  const double states = std::pow(2.0, bits);
  const double transfer =
      features * bits * states * 8 * (chain->ring ? states : 1); // complex products, in flops
  return at_any_cost || features > most_state_qubits || transfer < 4 * std::pow(2.0, features);
}

Matrix kernel_of(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                 const Matrix& columns, bool symmetric, int threads, KernelMethod method) {
  if (rows.cols() != columns.cols())
    throw std::invalid_argument("the two tables differ in their number of features: " +
                                std::to_string(rows.cols()) + " and " + std::to_string(columns.cols()));
  check_samples(map, options, rows);
  check_samples(map, options, columns);
  const int features = static_cast<int>(columns.cols());
  if (method == KernelMethod::automatic) method = kernel_method(map, options, features);
  Matrix out(rows.rows(), columns.rows());
  if (out.size() == 0) return out;
  const bool suits = method == KernelMethod::product      ? map.product != nullptr
                     : method == KernelMethod::amplitudes ? map.amplitudes != nullptr
                     : method == KernelMethod::transfer_matrix
                         ? transfer_is_cheaper(map, options, features, true)
                         : true;
  if (!suits)
    throw std::invalid_argument("feature map " + map.name +
                                " does not allow this kernel method with these settings");
  switch (method) {
  case KernelMethod::product:
    product_kernel(map, options, rows, columns, threads, out);
    break;
  case KernelMethod::amplitudes:
    amplitude_kernel(map, options, rows, columns, threads, out);
    break;
  case KernelMethod::transfer_matrix:
    transfer_kernel(map, options, rows, columns, symmetric, threads, out);
    break;
  default:
    states_kernel(map, options, rows, columns, symmetric, threads, out);
    break;
  }
  return out;
}

} // namespace

KernelMethod kernel_method(const FeatureMap& map, const FeatureMapOptions& options, int features) {
  if (map.product) return KernelMethod::product;
  if (map.amplitudes) return KernelMethod::amplitudes;
  if (transfer_is_cheaper(map, options, features, false)) return KernelMethod::transfer_matrix;
  const int qubits = map.qubits(features);
  if (qubits > most_state_qubits)
    throw std::invalid_argument(
        "a kernel of map " + map.name + " with this entanglement takes at most " +
        std::to_string(most_state_qubits) + " qubits, not " + std::to_string(qubits) +
        (map.phase ? "; with linear entanglement and at most 4 repetitions it takes any number" : ""));
  return KernelMethod::states;
}

Matrix fidelity_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                       const Matrix& columns, int threads, KernelMethod method) {
  return kernel_of(map, options, rows, columns, false, threads, method);
}

Matrix fidelity_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows, int threads,
                       KernelMethod method) {
  Matrix out = kernel_of(map, options, rows, rows, true, threads, method);
  for (Eigen::Index a = 0; a < out.rows(); ++a) {
    out(a, a) = 1;
    for (Eigen::Index b = 0; b < a; ++b) out(b, a) = out(a, b);
  }
  return out;
}

} // namespace bloch::quantum
