// Whatever the text, the reader returns a circuit or throws QasmError; what it accepts, and is small, runs.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "quantum/noise/noisy_simulation.h"
#include "quantum/qasm/qasm.h"
#include "quantum/simulators/simulate.h"

namespace {

/// Where waiting counts.
bloch::quantum::NoiseModel idle_machine() {
  bloch::quantum::NoiseModel model;
  model.one_qubit.duration_ns = 30;
  model.more_qubits.duration_ns = 300;
  model.qubit.t1_us = model.qubit.t2_us = 50;
  model.measurement_ns = model.reset_ns = 500;
  model.idle = true;
  return model;
}

/// What it refuses is a box that is too short, or a large gate.
void run_noisy(const bloch::quantum::Circuit& circuit, const bloch::quantum::NoiseModel& model) {
  using namespace bloch::quantum;
  try {
    (void)run_noisy_shots(circuit, model, {.shots = 4});
  } catch (const std::invalid_argument&) {
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bloch::quantum;
  QasmOptions options;
  options.most_steps =
      20000; // short programs that mean long circuits are known; time is better spent on others
  options.dt_ns = static_cast<double>(size % 2); // 0: not known
  const NoiseModel machine = idle_machine();
  if (size % 3 == 0) options.machine = &machine;
  options.inputs = {{"theta", 0.5}, {"n", 2}};
  try {
    const Circuit circuit = parse_qasm({reinterpret_cast<const char*>(data), size}, options);
    if (circuit.qubits() <= 6 && circuit.bits() <= 64 && circuit.operations().size() < 200)
      (void)run_shots(circuit, {.shots = 4});
    if (circuit.qubits() <= 3 && circuit.bits() <= 64 && circuit.operations().size() < 50)
      run_noisy(circuit, machine);
  } catch (const QasmError&) {
  }
  return 0;
}
