#include "quantum/simulators/simulate.h"

#include <stdexcept>
#include <vector>

#include <oneapi/tbb/task_arena.h>

#include "quantum/simulators/detail/shots.h"

namespace bloch::quantum {
namespace {

template <class Real> class ShotRunner {
 public:
  ShotRunner(const Circuit& circuit, const ShotOptions& options)
      : circuit_(circuit)
      , final_(final_measurements(circuit))
      , random_(options.seed) {}

  Counts run(std::size_t shots) {
    if (shots > 0) {
      const ShotBits bits(static_cast<std::size_t>(circuit_.bits()));
      std::size_t next = 0;
      const std::vector<Operation> gates = gates_from(circuit_, final_, bits, next);
      follow(Statevector<Real>::after(circuit_.qubits(), gates), bits, next, shots);
    }
    return std::move(counts_);
  }

 private:
  /// Takes `shots` shots that agree so far through the rest of the circuit. Where an outcome is open the
  /// smaller part goes ahead on a copy, so that at most log2(shots) copies live at a time.
  void follow(Statevector<Real> state, ShotBits bits, std::size_t next, std::size_t shots) {
    for (;;) {
      const std::vector<Operation> gates = gates_from(circuit_, final_, bits, next);
      if (!gates.empty()) state.apply(gates);
      if (next == circuit_.operations().size()) break;
      const Operation& operation = circuit_.operations()[next++];
      const int qubit = operation.qubits[0];
      const double norm = state.norm_squared(), one = state.probability_of_one(qubit) / norm;
      std::size_t ones = 0;
      for (std::size_t shot = 0; shot < shots; ++shot) ones += random_.uniform() < one ? 1 : 0;
      const bool most = 2 * ones >= shots;
      const std::size_t fewer = most ? shots - ones : ones;
      if (fewer > 0) {
        Statevector<Real> branch(state);
        ShotBits branch_bits = bits;
        settle(branch, branch_bits, operation, !most, (most ? 1 - one : one) * norm);
        follow(std::move(branch), std::move(branch_bits), next, fewer);
      }
      settle(state, bits, operation, most, (most ? one : 1 - one) * norm);
      shots -= fewer;
    }
    read(state, bits, shots);
  }

  void settle(Statevector<Real>& state, ShotBits& bits, const Operation& operation, bool value,
              double probability) {
    const int qubit = operation.qubits[0];
    state.project(qubit, value, probability);
    if (operation.kind == OperationKind::measure)
      bits[operation.bit] = value;
    else if (value) {
      Operation flip;
      flip.gate = find_gate("x");
      flip.qubits = {qubit};
      state.apply(flip);
    }
  }

  void read(const Statevector<Real>& state, ShotBits& bits, std::size_t shots) {
    std::map<std::size_t, std::size_t> outcomes; // only bits that are measured tell outcomes apart
    std::size_t mask = 0;
    for (std::size_t k = 0; k < final_.size(); ++k)
      if (final_[k]) mask |= std::size_t{1} << circuit_.operations()[k].qubits[0];
    if (mask == 0)
      outcomes[0] = shots;
    else
      for (const std::size_t index : state.sample(shots, random_)) ++outcomes[index & mask];
    for (const auto& [index, times] : outcomes) {
      for (std::size_t k = 0; k < final_.size(); ++k)
        if (final_[k]) bits[circuit_.operations()[k].bit] = index >> circuit_.operations()[k].qubits[0] & 1;
      counts_[bit_string(bits, circuit_.bit_registers())] += times;
    }
  }

  const Circuit& circuit_;
  std::vector<bool> final_;
  Random random_;
  Counts counts_;
};

} // namespace

Counts run_shots(const Circuit& circuit, const ShotOptions& options) {
  if (options.threads > 0) {
    ShotOptions ambient = options;
    ambient.threads = 0;
    return oneapi::tbb::task_arena(options.threads).execute([&] { return run_shots(circuit, ambient); });
  }
  if (!measures_something(circuit)) return run_shots(measured_everywhere(circuit, most_qubits), options);
  if (options.precision == Precision::complex128)
    return ShotRunner<double>(circuit, options).run(options.shots);
  return ShotRunner<float>(circuit, options).run(options.shots);
}

template <class Real> Statevector<Real> final_state(const Circuit& circuit, int threads) {
  if (threads > 0) return oneapi::tbb::task_arena(threads).execute([&] { return final_state<Real>(circuit); });
  const std::vector<Operation> gates = gates_before_measurement(circuit);
  return Statevector<Real>::after(circuit.qubits(), gates);
}

template Statevector<float> final_state<float>(const Circuit&, int);
template Statevector<double> final_state<double>(const Circuit&, int);

} // namespace bloch::quantum
