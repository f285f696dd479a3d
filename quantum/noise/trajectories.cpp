#include "quantum/noise/detail/trajectories.h"

#include <cmath>

namespace bloch::quantum {
namespace {

Operation gate_step(const char* name, int qubit) {
  Operation operation;
  operation.gate = find_gate(name);
  operation.qubits = {qubit};
  return operation;
}

void add_pauli(std::vector<Operation>& steps, const PauliString& string) {
  for (int qubit = 0; qubit < 63; ++qubit) {
    const bool x = string.x >> qubit & 1, z = string.z >> qubit & 1;
    if (x || z) steps.push_back(gate_step(x ? (z ? "y" : "x") : "z", qubit));
  }
}

/// Measures a qubit without looking, and leaves it at 0.
template <class Real> void decay_to_zero(Statevector<Real>& state, int qubit, Random& random) {
  const double norm = state.norm_squared(), one = state.probability_of_one(qubit) / norm;
  const bool value = random.uniform() < one;
  state.project(qubit, value, (value ? one : 1 - one) * norm);
  if (value) state.apply(gate_step("x", qubit));
}

/// Amplitude damping: a jump to 0 with the probability that the state gives it, or the shrinking of 1 that its
/// absence tells of.
template <class Real> void damp(Statevector<Real>& state, const ErrorSource::Damping& damping, Random& random) {
  const double norm = state.norm_squared(), one = state.probability_of_one(damping.qubit) / norm;
  const double jump = one * damping.decay;
  if (random.uniform() < jump) {
    state.project(damping.qubit, true, one * norm);
    state.apply(gate_step("x", damping.qubit));
    return;
  }
  const double scale = 1 / std::sqrt((1 - jump) * norm);
  Operation shrink;
  shrink.kind = OperationKind::unitary; // not really: the kernels multiply any matrix
  shrink.matrix = std::make_shared<const std::vector<Complex>>(
      std::vector<Complex>{scale, 0, 0, scale * std::sqrt(1 - damping.decay)});
  shrink.qubits = {damping.qubit};
  state.apply(shrink);
}

} // namespace

ErrorSource::ErrorSource(std::span<const Operation> gates, const NoiseModel& model) {
  for (std::size_t k = 0; k < gates.size(); ++k) {
    const GateNoise& noise = model.of(gates[k]);
    for (const std::vector<PauliTerm>& list : pauli_errors_of(gates[k], noise)) {
      Choice choice;
      for (const PauliTerm& error : list) {
        choice.total += error.coefficient;
        choice.errors.push_back({choice.total, {k, error.string, -1}});
      }
      choices_.push_back(std::move(choice));
    }
    const double duration_ns = model.duration_ns(gates[k]);
    for (const int qubit : gates[k].qubits) {
      const QubitNoise& times = model.of_qubit(qubit);
      if (duration_ns <= 0 || !times.relaxes()) continue;
      const double time = duration_ns * 1e-3, decay = -std::expm1(-time / times.t1_us),
                   coherence = std::exp(-time / times.t2_us);
      const PauliString flip{0, std::uint64_t{1} << qubit};
      Choice choice;
      if (times.t2_us <= times.t1_us) { // a mixture of nothing, Z and a reset, whatever the state
        const double flipped = (1 - decay - coherence) / 2;
        choice.errors = {{flipped, {k, flip, -1}}, {flipped + decay, {k, {}, qubit}}};
        choice.total = flipped + decay;
      } else {
        const double kept = std::min(coherence / std::sqrt(1 - decay), 1.0);
        choice.total = (1 - kept) / 2;
        choice.errors = {{choice.total, {k, flip, -1}}};
        dampings_.push_back({k, qubit, decay});
      }
      choices_.push_back(std::move(choice));
    }
  }
}

std::vector<TrajectoryError> ErrorSource::draw(Random& random) const {
  std::vector<TrajectoryError> errors;
  for (const Choice& choice : choices_) {
    const double draw = random.uniform();
    if (draw >= choice.total) continue;
    for (const auto& [cumulative, error] : choice.errors)
      if (draw < cumulative) {
        errors.push_back(error);
        break;
      }
  }
  return errors;
}

template <class Real>
void apply_with_errors(Statevector<Real>& state, std::span<const Operation> gates,
                       const std::vector<TrajectoryError>& errors,
                       const std::vector<ErrorSource::Damping>& dampings, Random& random) {
  std::vector<Operation> waiting; // planned together up to where the state decides
  std::size_t error = 0, damping = 0;
  const auto flush = [&] {
    if (!waiting.empty()) state.apply(std::span<const Operation>(waiting));
    waiting.clear();
  };
  for (std::size_t k = 0; k < gates.size(); ++k) {
    waiting.push_back(gates[k]);
    for (; error < errors.size() && errors[error].gate == k; ++error) {
      if (errors[error].decay < 0) {
        add_pauli(waiting, errors[error].string);
        continue;
      }
      flush();
      decay_to_zero(state, errors[error].decay, random);
    }
    for (; damping < dampings.size() && dampings[damping].gate == k; ++damping) {
      flush();
      damp(state, dampings[damping], random);
    }
  }
  flush();
}

template void apply_with_errors(Statevector<float>&, std::span<const Operation>,
                                const std::vector<TrajectoryError>&, const std::vector<ErrorSource::Damping>&,
                                Random&);
template void apply_with_errors(Statevector<double>&, std::span<const Operation>,
                                const std::vector<TrajectoryError>&, const std::vector<ErrorSource::Damping>&,
                                Random&);

} // namespace bloch::quantum
