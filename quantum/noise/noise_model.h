#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "quantum/circuits/circuit.h"
#include "quantum/noise/channel.h"

namespace bloch::quantum {

/// What goes wrong in a gate, after it.
struct GateNoise {
  double depolarising = 0;       ///< probability that the gate's qubits are replaced by noise
  std::vector<PauliTerm> errors; ///< on the gate's qubits in its order, the coefficient is the probability
  double duration_ns = 0;        ///< for which its qubits relax
};

/// What goes wrong with a qubit.
struct QubitNoise {
  double t1_us = std::numeric_limits<double>::infinity();
  double t2_us = std::numeric_limits<double>::infinity(); ///< at most 2 T1
  double one_given_zero = 0;                              ///< a 0 is read as 1
  double zero_given_one = 0;                              ///< a 1 is read as 0

  bool relaxes() const { return t1_us < infinite || t2_us < infinite; }
  bool misreads() const { return one_given_zero > 0 || zero_given_one > 0; }

 private:
  static constexpr double infinite = std::numeric_limits<double>::infinity();
};

/// A noisy machine. Qubits relax while a gate acts on them and during delays; while they wait for others if
/// `idle` says so, by the rules of `scheduled`.
struct NoiseModel {
  GateNoise one_qubit;                                 ///< gates on one qubit that `gates` does not name
  GateNoise more_qubits;                               ///< gates on several
  std::map<std::string, GateNoise, std::less<>> gates; ///< by OpenQASM name, "unitary" for matrices
  QubitNoise qubit;                                    ///< qubits that `qubits` does not name
  std::map<int, QubitNoise> qubits;

  bool idle = false;         ///< qubits that wait for others relax too
  double measurement_ns = 0; ///< for which a qubit relaxes after what is read from it was decided
  double reset_ns = 0;       ///< for which others wait for a qubit that is reset
  double dt_ns = 0;          ///< the machine's unit of time, for QasmOptions; 0: not known

  /// What goes wrong in a gate or matrix; nothing in other steps.
  const GateNoise& of(const Operation& operation) const;
  /// How long a step lasts; barriers and boxes no time.
  double duration_ns(const Operation& operation) const;
  const QubitNoise& of_qubit(int qubit) const;
  /// throws: std::invalid_argument (a probability outside 0 … 1, errors that add up to more than 1, T2 over 2
  /// T1)
  void check() const;
};

/// Errors of a step as strings on the circuit's qubits: depolarising and Pauli errors, one list each.
/// throws: std::invalid_argument (a noisy gate on more than four qubits)
std::vector<std::vector<PauliTerm>> pauli_errors_of(const Operation& operation, const GateNoise& noise);

} // namespace bloch::quantum
