#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {

/// H, without its 1/sqrt(2), on every qubit of `mask` of a block of 2^qubits amplitudes; everything times
/// `scale`.
template <class Real> void hadamard_block(Real* block, int qubits, std::size_t mask, Real scale);

/// A turn of one qubit in the real plane, [[cos, -sin], [sin, cos]], after an X where `flip` is set.
struct RealTurn {
  int qubit;
  double tangent;
  bool flip;
};

/// Turns different qubits of a block.
template <class Real> void turn_block(Real* block, int qubits, std::span<const RealTurn> turns);

/// Qubits at the bottom of a block whose phases are kept as a table.
inline constexpr int phase_table_qubits = 8;

/// What multiplies one run of 2^phase_table_qubits amplitudes: table[b] * factor * product of linear[k] over
/// the bits of b.
template <class Real> struct RunPhase {
  Real factor_re, factor_im;
  std::array<Real, 2 * phase_table_qubits> linear; ///< re, im of each
};

/// Multiplies consecutive runs, each with its own phases. table: 2^phase_table_qubits amplitudes as the states
/// keep them.
template <class Real> void multiply_runs(Real* block, const Real* table, std::span<const RunPhase<Real>> runs);

/// Writes what multiply_runs makes of ones.
template <class Real> void write_runs(Real* block, const Real* table, std::span<const RunPhase<Real>> runs);

} // namespace bloch::quantum
