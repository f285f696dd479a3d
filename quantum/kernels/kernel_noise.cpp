#include "quantum/kernels/kernel_noise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "quantum/simulators/random.h"

namespace bloch::quantum {
namespace {

/// Lets the standard library's distributions draw from ours.
class Draws {
 public:
  using result_type = std::uint64_t;
  explicit Draws(std::uint64_t seed)
      : random_(seed) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() { return random_.next(); }

 private:
  Random random_;
};

} // namespace

void check_rates(const DepolarisingRates& rates) {
  for (const double rate : {rates.one_qubit, rates.two_qubits})
    if (!(rate >= 0 && rate <= 1))
      throw std::invalid_argument("a depolarising rate is a probability, from 0 to 1");
}

double survival(const Circuit& circuit, const DepolarisingRates& rates) {
  double alive = 1;
  for (const Operation& operation : circuit.operations()) {
    if (operation.kind != OperationKind::gate && operation.kind != OperationKind::unitary) continue;
    alive *= 1 - (operation.qubits.size() == 1 ? rates.one_qubit : rates.two_qubits);
  }
  return alive;
}

Matrix depolarised(const Matrix& kernel, int qubits, const Eigen::VectorXd& row_survival,
                   const Eigen::VectorXd& column_survival) {
  if (row_survival.size() != kernel.rows() || column_survival.size() != kernel.cols())
    throw std::invalid_argument("depolarising needs one survival for each sample");
  const Matrix alive = row_survival * column_survival.transpose();
  return (kernel.array() * alive.array() + (1 - alive.array()) * std::ldexp(1.0, -qubits)).matrix();
}

double with_shot_noise(double value, std::size_t shots, std::uint64_t seed, std::size_t row,
                       std::size_t column) {
  const std::uint64_t place = Random((static_cast<std::uint64_t>(row) << 32) ^ column).next();
  Draws draws(seed ^ place);
  std::binomial_distribution<long long> successes(static_cast<long long>(shots), std::clamp(value, 0.0, 1.0));
  return static_cast<double>(successes(draws)) / static_cast<double>(shots);
}

void add_shot_noise(Matrix& kernel, std::size_t shots, std::uint64_t seed, bool symmetric,
                    std::size_t first_row, std::size_t first_column) {
  if (shots == 0) throw std::invalid_argument("shot noise needs at least one shot");
  for (Eigen::Index a = 0; a < kernel.rows(); ++a)
    for (Eigen::Index b = 0; b < kernel.cols(); ++b) {
      std::size_t row = first_row + static_cast<std::size_t>(a),
                  column = first_column + static_cast<std::size_t>(b);
      if (symmetric && row < column) std::swap(row, column);
      kernel(a, b) = with_shot_noise(kernel(a, b), shots, seed, row, column);
    }
}

} // namespace bloch::quantum
