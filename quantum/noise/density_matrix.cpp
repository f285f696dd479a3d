#include "quantum/noise/density_matrix.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace bloch::quantum {
namespace {

int checked_density_qubits(int qubits) {
  if (qubits < 1 || qubits > most_density_qubits)
    throw std::invalid_argument("a density matrix has 1 to " + std::to_string(most_density_qubits) +
                                " qubits, not " + std::to_string(qubits) + "; trajectories take more");
  return qubits;
}

/// The step on the column's qubits: the complex conjugate of its matrix.
Operation on_columns(const Operation& operation, int qubits) {
  Operation result = operation;
  for (int& qubit : result.qubits) qubit += qubits;
  std::vector<Complex> matrix = operation.unitary();
  const bool real =
      std::all_of(matrix.begin(), matrix.end(), [](const Complex& element) { return element.imag() == 0; });
  if (real) return result; // the planner knows H and cx by name
  for (Complex& element : matrix) element = std::conj(element);
  result.kind = OperationKind::unitary;
  result.gate = nullptr;
  result.parameters.clear();
  result.adjoint = false;
  result.matrix = std::make_shared<const std::vector<Complex>>(std::move(matrix));
  return result;
}

Operation channel_step(const Channel& channel, std::span<const int> targets, int qubits) {
  Operation step;
  step.kind = OperationKind::unitary; // not really: the planner and the kernels multiply any matrix
  step.matrix = std::make_shared<const std::vector<Complex>>(superoperator(channel));
  step.qubits.assign(targets.begin(), targets.end());
  for (const int target : targets) step.qubits.push_back(target + qubits);
  return step;
}

} // namespace

template <class Real>
DensityMatrix<Real>::DensityMatrix(int qubits)
    : qubits_(checked_density_qubits(qubits))
    , vector_(2 * qubits_) {}

template <class Real> Complex DensityMatrix<Real>::element(std::size_t row, std::size_t column) const {
  return vector_.amplitude(row | column << qubits_);
}

template <class Real>
void DensityMatrix<Real>::apply(std::span<const Operation> gates, const NoiseModel& model) {
  std::vector<Operation> steps;
  for (const Operation& operation : gates) {
    if (operation.kind == OperationKind::measure || operation.kind == OperationKind::reset)
      throw std::invalid_argument("a density matrix applies gates and channels only");
    if (operation.changes_state()) {
      steps.push_back(operation);
      steps.back().conditions.clear();
      steps.push_back(on_columns(steps.back(), qubits_));
    }
    const GateNoise& noise = model.of(operation);
    const int targets = static_cast<int>(operation.qubits.size());
    if (noise.depolarising > 0)
      steps.push_back(
          channel_step(depolarising_channel(noise.depolarising, targets), operation.qubits, qubits_));
    if (!noise.errors.empty())
      steps.push_back(channel_step(pauli_channel(noise.errors, targets), operation.qubits, qubits_));
    const double duration_ns = model.duration_ns(operation);
    for (const int qubit : operation.qubits) {
      const QubitNoise& times = model.of_qubit(qubit);
      if (duration_ns <= 0 || !times.relaxes()) continue;
      const int target[1] = {qubit};
      steps.push_back(
          channel_step(relaxation_channel(times.t1_us, times.t2_us, duration_ns * 1e-3), target, qubits_));
    }
  }
  vector_.apply(std::span<const Operation>(steps));
}

template <class Real> void DensityMatrix<Real>::apply(const Channel& channel, std::span<const int> qubits) {
  for (const int qubit : qubits)
    if (qubit < 0 || qubit >= qubits_)
      throw std::invalid_argument("qubit " + std::to_string(qubit) +
                                  " is out of range: the density matrix has " + std::to_string(qubits_) +
                                  " qubits");
  vector_.apply(channel_step(channel, qubits, qubits_));
}

template <class Real> std::vector<double> DensityMatrix<Real>::probabilities() const {
  std::vector<double> diagonal(std::size_t{1} << qubits_);
  for (std::size_t k = 0; k < diagonal.size(); ++k) diagonal[k] = std::max(element(k, k).real(), 0.0);
  return diagonal;
}

template <class Real> double DensityMatrix<Real>::trace() const {
  double sum = 0;
  for (std::size_t k = 0; k < std::size_t{1} << qubits_; ++k) sum += element(k, k).real();
  return sum;
}

template <class Real> double DensityMatrix<Real>::purity() const { return vector_.norm_squared(); }

template <class Real> double DensityMatrix<Real>::probability_of_one(int qubit) const {
  double sum = 0;
  for (std::size_t k = 0; k < std::size_t{1} << qubits_; ++k)
    if (k >> qubit & 1) sum += element(k, k).real();
  return sum;
}

template <class Real> void DensityMatrix<Real>::project(int qubit, bool value, double probability) {
  vector_.project(qubit, value, probability);
  vector_.project(qubit + qubits_, value, probability); // each divides by its square root
}

template <class Real>
std::vector<std::size_t> DensityMatrix<Real>::sample(std::size_t shots, Random& random) const {
  std::vector<double> cumulative = probabilities(), draws(shots);
  for (std::size_t k = 1; k < cumulative.size(); ++k) cumulative[k] += cumulative[k - 1];
  for (double& draw : draws) draw = random.uniform() * cumulative.back();
  std::sort(draws.begin(), draws.end());
  std::vector<std::size_t> indices;
  for (const double draw : draws) {
    const auto place = std::upper_bound(cumulative.begin(), cumulative.end(), draw);
    const auto last = static_cast<std::size_t>(std::min(place, cumulative.end() - 1) - cumulative.begin());
    indices.push_back(last);
  }
  return indices;
}

template <class Real> double expectation(const DensityMatrix<Real>& state, const PauliSum& sum) {
  if (sum.qubits() > state.qubits())
    throw std::invalid_argument("the Pauli sum acts on a qubit that the density matrix does not have");
  static constexpr Complex turns[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  double total = 0;
  for (const PauliTerm& term : sum.terms()) {
    Complex value{}; // P|b> = i^(number of Y) (-1)^(z.b) |b ^ x>
    for (std::size_t b = 0; b < std::size_t{1} << state.qubits(); ++b) {
      const int quarter = std::popcount(term.string.x & term.string.z) + 2 * std::popcount(term.string.z & b);
      value += turns[quarter % 4] * state.element(b, b ^ term.string.x);
    }
    total += term.coefficient * value.real();
  }
  return total;
}

template class DensityMatrix<float>;
template class DensityMatrix<double>;
template double expectation(const DensityMatrix<float>&, const PauliSum&);
template double expectation(const DensityMatrix<double>&, const PauliSum&);

} // namespace bloch::quantum
