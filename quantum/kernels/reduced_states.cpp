#include "quantum/kernels/reduced_states.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "quantum/kernels/classical_kernel.h"
#include "quantum/kernels/detail/reduced_batch.h"
#include "quantum/kernels/detail/states_kernel.h"
#include "quantum/kernels/sample_states.h"
#include "quantum/simulators/memory.h"

namespace bloch::quantum {
namespace {

std::span<const double> sample_of(const Matrix& samples, Eigen::Index row) {
  return {samples.data() + row * samples.cols(), static_cast<std::size_t>(samples.cols())};
}

Eigen::Index components(int qubits, int order) {
  return 3 * qubits + (order == 2 ? 9 * qubits * (qubits - 1) / 2 : 0);
}

void fill_products(std::span<double> values, int qubits) {
  std::size_t next = static_cast<std::size_t>(3 * qubits);
  for (int a = 0; a < qubits; ++a)
    for (int b = a + 1; b < qubits; ++b)
      for (int p = 0; p < 3; ++p)
        for (int q = 0; q < 3; ++q) values[next++] = values[3 * a + p] * values[3 * b + q];
}

void reduced_of_products(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                         int qubits, int order, Matrix& out) {
  std::vector<BlochVector> vectors(static_cast<std::size_t>(qubits));
  for (Eigen::Index row = 0; row < samples.rows(); ++row) {
    map.product(sample_of(samples, row), options, vectors);
    double* values = &out(row, 0);
    for (const BlochVector& vector : vectors) values = std::copy(vector.begin(), vector.end(), values);
    if (order == 2) fill_products({&out(row, 0), static_cast<std::size_t>(out.cols())}, qubits);
  }
}

/// Puts a batch's values, [component][lane], into its rows.
void put(std::span<const LaneValues> values, Eigen::Index first, Eigen::Index count, Eigen::Index column,
         Matrix& out) {
  for (std::size_t k = 0; k < values.size(); ++k)
    for (Eigen::Index lane = 0; lane < count; ++lane)
      out(first + lane, column + static_cast<Eigen::Index>(k)) = values[k][static_cast<std::size_t>(lane)];
}

void reduced_of_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                       int qubits, int order, int threads, Matrix& out) {
  const std::size_t plane = (std::size_t{1} << qubits) * phase_batch;
  check_memory(4 * plane * sizeof(float), "sixteen states of " + std::to_string(qubits) + " qubits");
  over_blocks(samples.rows(), phase_batch, threads, [&](Eigen::Index first, Eigen::Index count) {
    std::vector<float> states(2 * plane);
    sample_states(map, options, samples, first, count, states.data(), phase_batch);
    const float *re = states.data(), *im = re + plane;
    for (int a = 0; a < qubits; ++a) put(one_qubit_values(re, im, qubits, a), first, count, 3 * a, out);
    Eigen::Index column = 3 * qubits;
    if (order == 2)
      for (int a = 0; a < qubits; ++a)
        for (int b = a + 1; b < qubits; ++b, column += 9)
          put(two_qubit_values(re, im, qubits, a, b), first, count, column, out);
  });
}

void reduced_by_light_cone(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                           int qubits, int order, int threads, Matrix& out) {
  over_blocks(samples.rows(), phase_batch, threads, [&](Eigen::Index first, Eigen::Index count) {
    std::vector<QuadraticPhase> phases(phase_batch);
    for (int lane = 0; lane < phase_batch; ++lane)
      map.phase(sample_of(samples, first + std::min<Eigen::Index>(lane, count - 1)), options, phases[lane]);
    const LightCones cones(phases[0], options.reps);
    for (int a = 0; a < qubits; ++a) {
      const std::array kept = {a};
      ConeStates cone(cones.of(kept), phases, options.reps);
      put(one_qubit_values(cone.re(), cone.im(), cone.qubits(), cone.place(a)), first, count, 3 * a, out);
    }
    if (order == 1) return;
    for (Eigen::Index row = first; row < first + count; ++row) // right where two cones do not meet
      fill_products({&out(row, 0), static_cast<std::size_t>(out.cols())}, qubits);
    Eigen::Index column = 3 * qubits;
    for (int a = 0; a < qubits; ++a)
      for (int b = a + 1; b < qubits; ++b, column += 9) {
        if (!cones.meet(a, b)) continue;
        const std::array kept = {a, b};
        ConeStates cone(cones.of(kept), phases, options.reps);
        put(two_qubit_values(cone.re(), cone.im(), cone.qubits(), cone.place(a), cone.place(b)), first, count,
            column, out);
      }
  });
}

/// Amplitudes that light cones work on, for one sample; infinite where a cone is too large or there is none.
double light_cone_cost(const FeatureMap& map, const FeatureMapOptions& options, int features, int order) {
  constexpr double never = std::numeric_limits<double>::infinity();
  if (!map.phase) return never;
  QuadraticPhase phase;
  map.phase(std::vector<double>(static_cast<std::size_t>(features)), options, phase);
  const LightCones cones(phase, options.reps);
  double cost = 0;
  const auto add = [&](std::span<const int> kept, double reads) {
    const int size = static_cast<int>(cones.of(kept).size());
    cost += size > most_state_qubits ? never : std::ldexp(2.0 * options.reps + reads, size);
  };
  for (int a = 0; a < features; ++a) add(std::array{a}, 1);
  for (int a = 0; order == 2 && a < features; ++a)
    for (int b = a + 1; b < features; ++b)
      if (cones.meet(a, b)) add(std::array{a, b}, 5);
  return cost;
}

void check_reduced(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples, int order) {
  if (order != 1 && order != 2) throw std::invalid_argument("reduced states are of 1 or of 2 qubits");
  if (samples.cols() < 1)
    throw std::invalid_argument("feature map " + map.name + " needs at least one feature");
  for (Eigen::Index row = 0; row < samples.rows(); ++row) check_features(map, sample_of(samples, row), options);
  if (order == 2 && map.qubits(static_cast<int>(samples.cols())) < 2)
    throw std::invalid_argument("reduced states of two qubits need a map of at least two qubits");
}

/// Expectation values scaled so that squared distances are sums of squared Frobenius norms.
Matrix scaled_reduced(const Matrix& reduced, int qubits, int order) {
  if (reduced.cols() != components(qubits, order))
    throw std::invalid_argument("these are not the reduced states of so many qubits");
  // |rho - rho'|^2 is half the squared distance of Bloch vectors, a quarter over the 15 words of a pair; each
  // qubit's own words come in the pairs with all others.
  if (order == 1) return reduced * std::sqrt(0.5);
  Matrix scaled = reduced * 0.5;
  scaled.leftCols(3 * qubits) *= std::sqrt(static_cast<double>(qubits - 1));
  return scaled;
}

} // namespace

ReducedMethod reduced_method(const FeatureMap& map, const FeatureMapOptions& options, int features, int order) {
  if (map.product) return ReducedMethod::product;
  const int qubits = map.qubits(features);
  const double cone = light_cone_cost(map, options, features, order);
  const double reads = qubits + (order == 2 ? 2.5 * qubits * (qubits - 1) : 0);
  if (qubits > most_state_qubits) {
    if (std::isfinite(cone)) return ReducedMethod::light_cone;
    throw std::invalid_argument("reduced states of map " + map.name + " with this entanglement take at most " +
                                std::to_string(most_state_qubits) + " qubits, not " + std::to_string(qubits));
  }
  return cone < std::ldexp(2.0 * options.reps + reads, qubits) ? ReducedMethod::light_cone
                                                               : ReducedMethod::states;
}

Matrix reduced_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples, int order,
                      int threads, ReducedMethod method) {
  check_reduced(map, options, samples, order);
  const int features = static_cast<int>(samples.cols()), qubits = map.qubits(features);
  if (method == ReducedMethod::automatic) method = reduced_method(map, options, features, order);
  const bool suits = method == ReducedMethod::product ? map.product != nullptr
                     : method == ReducedMethod::light_cone
                         ? std::isfinite(light_cone_cost(map, options, features, order))
                         : qubits <= most_state_qubits;
  if (!suits)
    throw std::invalid_argument("feature map " + map.name +
                                " does not allow this way to reduced states with these settings");
  Matrix out(samples.rows(), components(qubits, order));
  if (out.size() == 0) return out;
  if (method == ReducedMethod::product)
    reduced_of_products(map, options, samples, qubits, order, out);
  else if (method == ReducedMethod::light_cone)
    reduced_by_light_cone(map, options, samples, qubits, order, threads, out);
  else
    reduced_of_states(map, options, samples, qubits, order, threads, out);
  return out;
}

Matrix projected_kernel(const Matrix& rows, const Matrix& columns, int qubits, int order, double gamma) {
  return gaussian_kernel(scaled_reduced(rows, qubits, order), scaled_reduced(columns, qubits, order), gamma);
}

double projected_scale(const Matrix& reduced, int qubits, int order) {
  const Matrix scaled = scaled_reduced(reduced, qubits, order);
  if (scaled.rows() < 2) return 1;
  // The mean over pairs of different samples is twice the variance summed over components.
  const double count = static_cast<double>(scaled.rows());
  const double distance = 2 * (scaled.rowwise() - scaled.colwise().mean()).squaredNorm() / (count - 1);
  return distance > 1e-12 ? 1 / distance : 1;
}

} // namespace bloch::quantum
