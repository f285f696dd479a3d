#pragma once

#include <span>
#include <vector>

#include "quantum/gates/gate.h"
#include "quantum/simulators/pauli_sum.h"

namespace bloch::quantum {

/// What noise makes of a state: rho becomes the sum of K rho K^H over its Kraus matrices.
struct Channel {
  int targets = 1;
  std::vector<std::vector<Complex>> kraus; ///< each [row][column] of 2^targets, bit k of an index is target k
};

/// (1 - probability) rho + probability I / 2^targets tr(rho).
/// throws: std::invalid_argument (probability outside 0 … 1; targets outside 1 … 4)
Channel depolarising_channel(double probability, int targets);

/// Each string with its coefficient as its probability, nothing with the rest.
/// throws: std::invalid_argument (a negative probability, a sum over 1, a string on more qubits)
Channel pauli_channel(std::span<const PauliTerm> errors, int targets);

/// 1 decays to 0 with this probability. throws: std::invalid_argument (outside 0 … 1)
Channel amplitude_damping_channel(double probability);

/// Off-diagonal elements shrink by sqrt(1 - probability). throws: std::invalid_argument (outside 0 … 1)
Channel phase_damping_channel(double probability);

/// What relaxation does to one qubit: populations decay with t1, coherences with t2.
///
/// t1, t2, time: in the same unit; infinity: none of it
/// throws: std::invalid_argument (not positive; t2 over 2 t1; a negative time)
Channel relaxation_channel(double t1, double t2, double time);

/// The errors of a depolarising channel: every string but the identity with probability / 4^targets.
std::vector<PauliTerm> depolarising_errors(double probability, int targets);

/// The matrix of a channel on a vectorised density matrix: targets, then the same qubits of the other index.
std::vector<Complex> superoperator(const Channel& channel);

} // namespace bloch::quantum
