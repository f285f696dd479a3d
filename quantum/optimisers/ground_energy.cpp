#include "quantum/optimisers/ground_energy.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Eigenvalues>

#include "quantum/simulators/expectation.h"
#include "quantum/simulators/memory.h"
#include "quantum/simulators/random.h"

namespace bloch::quantum {
namespace {

using Vector = Eigen::VectorXcd;

Vector times(const PauliSum& sum, const Vector& vector, int qubits) {
  Statevector<double> state(qubits);
  for (Eigen::Index k = 0; k < vector.size(); ++k) state.set_amplitude(static_cast<std::size_t>(k), vector[k]);
  Vector result(vector.size());
  applied(sum, state).copy_to({result.data(), static_cast<std::size_t>(result.size())});
  return result;
}

Vector random_vector(Eigen::Index size) {
  Random random(1);
  Vector vector(size);
  for (Complex& value : vector) value = {random.uniform() - 0.5, random.uniform() - 0.5};
  return vector.normalized();
}

} // namespace

GroundEnergy ground_energy(const PauliSum& sum) {
  constexpr int most_steps = 300;
  if (sum.terms().empty()) throw std::invalid_argument("the Hamiltonian has no terms");
  const int qubits = std::max(1, sum.qubits());
  if (qubits > most_ground_qubits)
    throw std::invalid_argument("the exact ground energy is found for at most " +
                                std::to_string(most_ground_qubits) + " qubits, not " + std::to_string(qubits));
  const Eigen::Index size = Eigen::Index{1} << qubits;
  const int steps = static_cast<int>(std::min<Eigen::Index>(most_steps, size));
  check_memory(static_cast<std::size_t>(size * steps) * sizeof(Complex), "the ground energy");
  double scale = 0;
  for (const PauliTerm& term : sum.terms()) scale += std::abs(term.coefficient);
  std::vector<Vector> basis = {random_vector(size)};
  std::vector<double> diagonal, beside;
  GroundEnergy result;
  while (!result.converged && result.steps < steps) {
    Vector next = times(sum, basis.back(), qubits);
    diagonal.push_back(basis.back().dot(next).real());
    for (int pass = 0; pass < 2; ++pass) // twice is enough
      for (const Vector& vector : basis) next -= vector.dot(next) * vector;
    const double length = next.norm();
    ++result.steps;
    const auto n = static_cast<Eigen::Index>(diagonal.size());
    Eigen::MatrixXd small = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index k = 0; k < n; ++k) {
      small(k, k) = diagonal[static_cast<std::size_t>(k)];
      if (k > 0) small(k, k - 1) = small(k - 1, k) = beside[static_cast<std::size_t>(k - 1)];
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(small);
    result.energy = solver.eigenvalues()[0];
    result.converged = length * std::abs(solver.eigenvectors()(n - 1, 0)) <= 1e-8 * scale;
    beside.push_back(length);
    if (length <= 1e-12 * scale) break; // the space is used up
    basis.push_back(next / length);
  }
  return result;
}

} // namespace bloch::quantum
