#include "quantum/simulators/adjoint_gradient.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/transition_kernels.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t gradient_parts = 32; ///< added in order: the same sum on any number of threads

Operation inverse_of(Operation operation) {
  operation.adjoint = !operation.adjoint;
  return operation;
}

std::span<const int> controls_of(const Operation& operation) {
  return std::span(operation.qubits).first(static_cast<std::size_t>(operation.controls));
}
std::span<const int> targets_of(const Operation& operation) {
  return std::span(operation.qubits).subspan(static_cast<std::size_t>(operation.controls));
}

/// [row][column]: sum of conj(bra) ket over the amplitudes where the targets are row and column, the controls 1
/// and the other qubits equal. Of a diagonal gate only row = column is filled in.
template <class Real>
std::vector<Complex> transition_matrix(const Statevector<Real>& bra, const Statevector<Real>& ket,
                                       const Operation& operation) {
  const int bits = lane_bits<Real>(), padded = std::max(ket.qubits(), bits);
  const std::span<const int> targets = targets_of(operation), controls = controls_of(operation);
  const PreparedGate<Real> gate = prepare_gate<Real>(operation.unitary(), targets, controls);
  const std::size_t groups = gate_groups(gate, padded), parts = std::min(groups, gradient_parts);
  std::vector<std::vector<double>> sums(parts, std::vector<double>(transition_sums(gate)));
  oneapi::tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t part) {
    add_transitions(bra.data(), ket.data(), gate, groups * part / parts, groups * (part + 1) / parts,
                    sums[part].data());
  });
  for (std::size_t part = 1; part < parts; ++part)
    for (std::size_t k = 0; k < sums[0].size(); ++k) sums[0][k] += sums[part][k];

  const std::size_t lanes = std::size_t{1} << bits, size = std::size_t{1} << targets.size(),
                    rows = std::size_t{1} << gate.high,
                    patterns = gate.diagonal ? 1 : std::size_t{1} << gate.low;
  std::size_t lane_controls = 0;
  for (const int control : controls)
    if (control < bits) lane_controls |= std::size_t{1} << control;
  const auto index_of = [&](std::size_t high, std::size_t lane) { // of the matrix
    std::size_t index = 0, seen = 0;
    for (std::size_t k = 0; k < targets.size(); ++k)
      index |= (targets[k] < bits ? lane >> targets[k] & 1 : high >> seen++ & 1) << k;
    return index;
  };
  std::vector<Complex> matrix(size * size);
  const double* place = sums[0].data();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = gate.diagonal ? row : 0; column < (gate.diagonal ? row + 1 : rows); ++column)
      for (std::size_t pattern = 0; pattern < patterns; ++pattern, place += 2 * lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          if ((lane & lane_controls) != lane_controls) continue;
          const std::size_t other = lane ^ static_cast<std::size_t>(gate.patterns[pattern]);
          matrix[index_of(row, lane) * size + index_of(column, other)] +=
              Complex(place[lane], place[lanes + lane]);
        }
  return matrix;
}

template <class Real> class AdjointSweep {
 public:
  AdjointSweep(const Circuit& circuit, const PauliSum& sum)
      : circuit_(circuit)
      , ket_(after_gates(circuit))
      , bra_(applied(sum, ket_)) {}

  ExpectationGradient run() {
    ExpectationGradient result;
    result.value = inner_product(ket_, bra_).real();
    std::size_t angles = 0;
    for (const Operation& operation : circuit_.operations()) angles += operation.parameters.size();
    result.gradient.resize(angles);
    for (std::size_t k = circuit_.operations().size(); k-- > 0;) {
      const Operation& operation = circuit_.operations()[k];
      if (operation.kind == OperationKind::barrier) continue;
      if (operation.parameters.empty()) {
        waiting_.push_back(inverse_of(operation));
        continue;
      }
      apply_waiting();
      const Operation inverse = inverse_of(operation);
      ket_.apply(inverse);
      angles -= operation.parameters.size();
      differentiate(operation, std::span(result.gradient).subspan(angles, operation.parameters.size()));
      bra_.apply(inverse);
    }
    return result;
  }

 private:
  static Statevector<Real> after_gates(const Circuit& circuit) {
    for (const Operation& operation : circuit.operations())
      if (!operation.conditions.empty() || operation.kind == OperationKind::measure ||
          operation.kind == OperationKind::reset)
        throw std::invalid_argument(
            "a gradient needs a circuit of gates only, without measurement, reset or condition");
    return Statevector<Real>::after(circuit.qubits(), circuit.operations());
  }

  /// Gates without angles are planned together.
  void apply_waiting() {
    if (waiting_.empty()) return;
    ket_.apply(std::span<const Operation>(waiting_));
    bra_.apply(std::span<const Operation>(waiting_));
    waiting_.clear();
  }

  void differentiate(const Operation& operation, std::span<double> out) const {
    const std::vector<Complex> transitions = transition_matrix(bra_, ket_, operation);
    for (std::size_t parameter = 0; parameter < out.size(); ++parameter) {
      const std::vector<Complex> derivative = unitary_derivative(operation, parameter);
      Complex sum{};
      for (std::size_t k = 0; k < derivative.size(); ++k) sum += derivative[k] * transitions[k];
      out[parameter] = 2 * sum.real();
    }
  }

  const Circuit& circuit_;
  Statevector<Real> ket_, bra_;
  std::vector<Operation> waiting_;
};

} // namespace

std::vector<Complex> unitary_derivative(const Operation& operation, std::size_t parameter) {
  // Elements are sums of exp(i w angle) with w = 0, 1/2 or 1 of either sign. f(angle + s) - f(angle - s)
  // multiplies each by 2i sin(w s); these weights of s = pi and pi/2 make that i w for all of them, so the
  // differences are exact.
  static const double weights[2] = {(0.5 - std::numbers::sqrt2 / 2) / 2, 0.5};
  static constexpr double shifts[2] = {std::numbers::pi, std::numbers::pi / 2};
  std::vector<Complex> derivative;
  for (int k = 0; k < 2; ++k)
    for (const double sign : {1.0, -1.0}) {
      Operation shifted = operation;
      shifted.parameters[parameter] += sign * shifts[k];
      const std::vector<Complex> matrix = shifted.unitary();
      derivative.resize(matrix.size());
      for (std::size_t element = 0; element < matrix.size(); ++element)
        derivative[element] += sign * weights[k] * matrix[element];
    }
  return derivative;
}

template <class Real> ExpectationGradient adjoint_gradient(const Circuit& circuit, const PauliSum& sum) {
  return AdjointSweep<Real>(circuit, sum).run();
}

template ExpectationGradient adjoint_gradient<float>(const Circuit&, const PauliSum&);
template ExpectationGradient adjoint_gradient<double>(const Circuit&, const PauliSum&);

} // namespace bloch::quantum
