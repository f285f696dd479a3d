#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "quantum/circuits/circuit.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

enum class Precision { complex64, complex128 };

struct ShotOptions {
  std::size_t shots = 1024;
  std::uint64_t seed = 0;
  Precision precision = Precision::complex64;
  int threads = 0; ///< 0: those of the oneTBB arena it is called in
};

/// Times each bit string was read: bit 0 rightmost, registers separated by a space with the last declared
/// leftmost.
using Counts = std::map<std::string, std::size_t>;

/// Runs a circuit for a number of shots. A circuit that measures nothing has all its qubits measured at the
/// end.
///
/// throws: std::invalid_argument (too many qubits for this machine)
/// cost:   one pass through the circuit; each measurement in its midst whose outcome is open doubles what
/// follows, at most once a shot
Counts run_shots(const Circuit& circuit, const ShotOptions& options);

/// The state at the end of a circuit, before measurements that nothing depends on.
///
/// throws: std::invalid_argument (a reset, a condition, or a measurement that later steps depend on; too many
/// qubits)
template <class Real> Statevector<Real> final_state(const Circuit& circuit, int threads = 0);

} // namespace bloch::quantum
