#pragma once

#include <string>
#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// Classical bits of one shot.
using ShotBits = std::vector<bool>;

/// Whether every condition of a step holds.
bool conditions_hold(const Operation& operation, const ShotBits& bits);

/// Which measurements are the last word on their qubit, so that they can be read from the final state: nothing
/// later but barriers, delays and boxes touches the qubit, nothing reads the bit or writes it, and no condition
/// decides whether they happen.
std::vector<bool> final_measurements(const Circuit& circuit);

/// Bit 0 rightmost, registers separated by a space with the last declared leftmost.
std::string bit_string(const ShotBits& bits, const std::vector<Register>& registers);

/// A circuit that measures nothing, with every qubit measured at its end. Classical bits that it has are 0 all
/// along: its conditions are settled and the bits, which would only dilute the strings, are left out.
/// throws: std::invalid_argument (more than `most` qubits)
Circuit measured_everywhere(const Circuit& circuit, int most);

bool measures_something(const Circuit& circuit);

/// The gates and delays from a step up to the next measurement or reset that is not final; `next` goes there.
std::vector<Operation> gates_from(const Circuit& circuit, const std::vector<bool>& final, const ShotBits& bits,
                                  std::size_t& next);

/// The gates and delays of a circuit whose measurements are all final.
/// throws: std::invalid_argument (a reset, a condition, or a measurement that later steps depend on)
std::vector<Operation> gates_before_measurement(const Circuit& circuit);

} // namespace bloch::quantum
