#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "quantum/gates/gate.h"
#include "quantum/simulators/aligned_buffer.h"

namespace bloch::quantum {

// Amplitudes are kept in vectors: 2^lane_bits real parts, then as many imaginary parts; the low qubits are
// lanes of a vector. How many depends on the instruction set found at run time.

/// log2 of the amplitudes in one vector, on this machine.
template <class Real> int lane_bits();

/// A unitary on 1 to 4 target qubits with any controls, made ready for the machine.
template <class Real> struct PreparedGate {
  int high = 0; ///< targets above the lanes
  int low = 0;  ///< targets within the lanes
  bool diagonal = false;
  bool real = false;                     ///< every element is real
  bool flip = false;                     ///< X on one target; with controls in the lanes, it is above them
  std::array<std::size_t, 16> offsets{}; ///< of each combination of high targets, in Reals
  std::array<bool, 16> skip{};           ///< diagonal: this combination is all 1
  std::vector<int> fixed;                ///< vector-index bits of high targets and high controls, ascending
  std::size_t controls = 0;              ///< vector-index bits that must be 1
  std::size_t lane_controls = 0;         ///< lane-index bits that must be 1
  std::vector<int> patterns;             ///< lane exchanges of the low targets: [2^low]
  AlignedBuffer<Real>
      coefficients; ///< dense: [row][column][pattern][re, im][lane]; diagonal: [row][re, im][lane]
};

/// matrix: [row][column] of 2^targets, bit k of an index is targets[k].
template <class Real>
PreparedGate<Real> prepare_gate(std::span<const Complex> matrix, std::span<const int> targets,
                                std::span<const int> controls);

/// Groups of vectors that a prepared gate works on, for a state of so many qubits (at least lane_bits).
template <class Real> std::size_t gate_groups(const PreparedGate<Real>& gate, int qubits);

/// Applies it to groups begin … end-1.
template <class Real>
void apply_groups(Real* state, const PreparedGate<Real>& gate, std::size_t begin, std::size_t end);

/// Adds |amplitude|^2 of vectors begin … end-1 to sums[lane].
template <class Real> void add_lane_norms(const Real* state, std::size_t begin, std::size_t end, double* sums);

} // namespace bloch::quantum
