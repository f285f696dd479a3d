#pragma once

#include <cstddef>
#include <span>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {

/// Samples that are built side by side, one a lane.
inline constexpr int phase_batch = 16;

/// Final states of `phase_batch` samples of a map that is `reps` times (H on every qubit, then a quadratic
/// phase), complex64.
///
/// phases: one a sample, all of the same qubits and the same pairs in the same order
/// real, imaginary: sample k's amplitude of basis state b goes to [b * stride + k]
/// cost:   two complex multiplications an amplitude for the phase, and one Walsh-Hadamard transform for each
/// rep but the first
void phase_states(int qubits, int reps, std::span<const QuadraticPhase> phases, float* real, float* imaginary,
                  std::size_t stride);

} // namespace bloch::quantum
