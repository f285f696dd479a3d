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

constexpr std::size_t most_steps_ahead = 1000; ///< among which commuting ones are looked for

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
/// and the other qubits equal. `wanted` is not 0 where an element is wanted; of a diagonal one only row =
/// column is filled in.
template <class Real>
std::vector<Complex> transition_matrix(const Statevector<Real>& bra, const Statevector<Real>& ket,
                                       const Operation& operation, std::span<const Complex> wanted) {
  const int bits = lane_bits<Real>(), padded = std::max(ket.qubits(), bits);
  const std::span<const int> targets = targets_of(operation), controls = controls_of(operation);
  const PreparedGate<Real> gate = prepare_gate<Real>(wanted, targets, controls);
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

std::uint64_t bits_of(std::span<const int> qubits) {
  std::uint64_t bits = 0;
  for (const int qubit : qubits) bits |= std::uint64_t{1} << qubit;
  return bits;
}

/// matrix * unitary^H, both on the same targets.
std::vector<Complex> times_adjoint(std::span<const Complex> matrix, std::span<const Complex> unitary) {
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  std::vector<Complex> result(matrix.size());
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t column = 0; column < size; ++column) {
      Complex sum{};
      for (std::size_t k = 0; k < size; ++k)
        sum += matrix[row * size + k] * std::conj(unitary[column * size + k]);
      result[row * size + column] = std::abs(sum) > 1e-14 ? sum : Complex{};
    }
  return result;
}

/// Qubits that steps mix, or only read.
struct StepQubits {
  std::uint64_t mixed = 0, read = 0;

  /// Whether these need not commute with those of another step.
  bool blocks(const StepQubits& other) const {
    return (mixed & (other.mixed | other.read)) != 0 || (read & other.mixed) != 0;
  }
  void add(const StepQubits& more) {
    mixed |= more.mixed;
    read |= more.read;
  }
};

/// A step on the way back: what its angles do to the state after it, d|state> = generator |state>.
struct BackwardStep {
  const Operation* operation = nullptr;
  std::size_t angle = 0; ///< of the first of its parameters
  std::vector<std::vector<Complex>> generators;
  std::vector<Complex> pattern; ///< where any generator is not 0
  StepQubits qubits;

  BackwardStep(const Operation& step, std::size_t first_angle)
      : operation(&step)
      , angle(first_angle) {
    const std::vector<Complex> unitary = step.unitary();
    for (std::size_t parameter = 0; parameter < step.parameters.size(); ++parameter) {
      generators.push_back(times_adjoint(unitary_derivative(step, parameter), unitary));
      pattern.resize(unitary.size());
      for (std::size_t k = 0; k < unitary.size(); ++k) pattern[k] += std::abs(generators.back()[k]);
    }
    const bool diagonal = is_diagonal(unitary) && is_diagonal(pattern);
    qubits.mixed = diagonal ? 0 : bits_of(targets_of(step));
    qubits.read = bits_of(diagonal ? std::span<const int>(step.qubits) : controls_of(step));
  }
};

/// Goes back through the circuit by sets of steps that commute: the derivatives of all of them come from one
/// pair of states, and they are undone together, in one plan.
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
    std::vector<BackwardStep> steps;
    for (const Operation& operation : circuit_.operations()) {
      if (operation.changes_state()) steps.emplace_back(operation, angles);
      angles += operation.parameters.size();
    }
    result.gradient.resize(angles);
    std::vector<std::size_t> waiting(steps.size()); // the last comes first
    for (std::size_t k = 0; k < steps.size(); ++k) waiting[k] = steps.size() - 1 - k;
    const std::uint64_t all = (std::uint64_t{1} << circuit_.qubits()) - 1;
    for (std::size_t front = 0; front < waiting.size();) {
      StepQubits taken, held;
      std::vector<Operation> inverses;
      std::vector<std::size_t> left;
      std::size_t next = front;
      for (; next < std::min(front + most_steps_ahead, waiting.size()) && held.mixed != all; ++next) {
        const BackwardStep& step = steps[waiting[next]];
        if (held.blocks(step.qubits) || taken.blocks(step.qubits)) {
          held.add(step.qubits);
          left.push_back(waiting[next]);
          continue;
        }
        taken.add(step.qubits);
        if (!step.generators.empty()) differentiate(step, result.gradient);
        inverses.push_back(inverse_of(*step.operation));
      }
      front = next - left.size();
      std::copy(left.begin(), left.end(), waiting.begin() + static_cast<std::ptrdiff_t>(front));
      if (front == waiting.size()) break;
      ket_.apply(std::span<const Operation>(inverses));
      bra_.apply(std::span<const Operation>(inverses));
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

  void differentiate(const BackwardStep& step, std::vector<double>& gradient) const {
    const std::vector<Complex> transitions = transition_matrix(bra_, ket_, *step.operation, step.pattern);
    for (std::size_t parameter = 0; parameter < step.generators.size(); ++parameter) {
      Complex sum{};
      for (std::size_t k = 0; k < transitions.size(); ++k)
        sum += step.generators[parameter][k] * transitions[k];
      gradient[step.angle + parameter] = 2 * sum.real();
    }
  }

  const Circuit& circuit_;
  Statevector<Real> ket_, bra_;
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
