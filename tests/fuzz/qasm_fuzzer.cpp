// Whatever the text, the reader returns a circuit or throws QasmError; what it accepts, and is small, runs.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "quantum/qasm/qasm.h"
#include "quantum/simulators/simulate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bloch::quantum;
  QasmOptions options;
  options.most_steps =
      20000; // short programs that mean long circuits are known; time is better spent on others
  options.dt_ns = static_cast<double>(size % 2); // 0: not known
  try {
    const Circuit circuit = parse_qasm({reinterpret_cast<const char*>(data), size}, options);
    if (circuit.qubits() <= 6 && circuit.bits() <= 64 && circuit.operations().size() < 200)
      (void)run_shots(circuit, {.shots = 4});
  } catch (const QasmError&) {
  }
  return 0;
}
