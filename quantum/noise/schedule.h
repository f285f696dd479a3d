#pragma once

#include "quantum/circuits/circuit.h"
#include "quantum/noise/noise_model.h"

namespace bloch::quantum {

/// The circuit as it runs in time on a machine: its steps with delays in between, so that all time that a qubit
/// spends on nothing is a delay of it. Barriers and boxes, which have done their work, are left out, and so are
/// delays of qubits that are still in 0 or have been read for the last time.
///
/// A step starts as soon as its qubits are free and the bits that its condition reads are known; it lasts as
/// long as the model says, whether its condition holds or not. Barriers, delays on several qubits and both
/// edges of a box make their qubits wait for the last of them.
///
/// A box with a duration starts when the bits that its steps read are known, and lasts as long whether a
/// condition around it holds or not: durations are settled before a program runs (OpenQASM 3.1, "All operations
/// on durations happen at compile time"), and the time of a box is there to place the rest by. So an `if` and
/// its `else` take their time one after the other.
///
/// Measurements that nothing follows take place together, when the last qubit of the circuit is done; the
/// others, and resets, start as soon as their qubit is free.
///
/// model:  with `idle` false, waits are left out; delays stay, and what measurements before the end last
/// throws: std::invalid_argument (with `idle`: a box whose steps take longer than it lasts)
Circuit scheduled(const Circuit& circuit, const NoiseModel& model);

/// When the last qubit of the scheduled circuit is done, in ns from its start.
///
/// throws: as scheduled()
double length_ns(const Circuit& circuit, const NoiseModel& model);

} // namespace bloch::quantum
