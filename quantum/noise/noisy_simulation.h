#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quantum/noise/noise_model.h"
#include "quantum/simulators/pauli_sum.h"
#include "quantum/simulators/simulate.h"

namespace bloch::quantum {

enum class NoiseMethod {
  automatic,      ///< the density matrix of small circuits, trajectories beyond
  density_matrix, ///< exact; at most most_density_qubits
  trajectories    ///< statevectors with errors drawn at random
};

/// The largest circuit for which `automatic` takes the density matrix.
inline constexpr int most_automatic_density_qubits = 9;

/// What `automatic` means for so many qubits.
NoiseMethod resolved(NoiseMethod method, int qubits);

/// Runs a circuit on a noisy machine for a number of shots. What a circuit without measurement has measured,
/// and the strings, are as in run_shots. Every shot is drawn on its own, so the counts are those of independent
/// runs. When things happen is as in `scheduled`.
///
/// throws: std::invalid_argument (a wrong model; too many qubits; a noisy gate on more than four; a box shorter
///         than its steps)
/// cost:   trajectories: shots whose errors agree go together, so about one circuit for each shot that has an
///         error
Counts run_noisy_shots(const Circuit& circuit, const NoiseModel& model, const ShotOptions& options,
                       NoiseMethod method = NoiseMethod::automatic);

/// A number with what is known of its error.
struct Estimate {
  double value = 0;
  double standard_error = 0; ///< 0 where it is exact
  double lower = 0;          ///< of the 95 % confidence interval
  double upper = 0;
};

/// Expectation values at the end of a circuit of gates, when its last qubit is done, before measurements that
/// nothing depends on; read-out errors play no part. Trajectories: the mean over options.shots of them.
///
/// throws: as run_noisy_shots, and for a circuit that resets, has conditions or goes on after a measurement
std::vector<Estimate> noisy_expectations(const Circuit& circuit, const NoiseModel& model,
                                         std::span<const PauliSum> sums, const ShotOptions& options,
                                         NoiseMethod method = NoiseMethod::automatic);

/// 95 % confidence interval of a probability from counts. source: Wilson 1927
Estimate proportion_estimate(std::size_t times, std::size_t shots);

} // namespace bloch::quantum
