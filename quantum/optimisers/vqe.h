#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quantum/circuits/circuit.h"
#include "quantum/feature_maps/feature_map.h"
#include "quantum/optimisers/minimise.h"
#include "quantum/simulators/pauli_sum.h"

namespace bloch::quantum {

struct VqeOptions {
  int reps = 2;
  Entanglement entanglement = Entanglement::linear;
  MinimiseOptions minimiser = {.method = "lbfgs", .evaluations = 500, .tolerance = 1e-9};
  int restarts = 3; ///< runs from other random angles; the lowest counts
  std::uint64_t seed = 0;
};

/// RY and RZ on every qubit, then `reps` times CX on the entangled pairs, RY and RZ again: one angle each.
/// throws: std::invalid_argument (another number of angles)
Circuit vqe_circuit(int qubits, const VqeOptions& options, std::span<const double> angles);
int vqe_angles(int qubits, const VqeOptions& options);

struct VqeResult {
  double energy = 0;
  std::vector<double> angles;
  int evaluations = 0;
  bool converged = false;
  std::vector<double> restart_energies;
};

/// The lowest energy that the circuit's states reach, in complex128 with adjoint gradients.
///
/// throws: std::invalid_argument (an empty sum, no restarts, unknown optimiser, too many qubits)
/// source: Peruzzo 2014, doi:10.1038/ncomms5213; circuit of Kandala 2017, doi:10.1038/nature23879
VqeResult vqe(const PauliSum& energy, const VqeOptions& options);

/// Strings that one measurement reads together: on each qubit they have the same letter, or none.
struct MeasurementGroup {
  PauliString basis;              ///< the letters, of all strings together
  std::vector<std::size_t> terms; ///< positions in PauliSum::terms()
};
/// Each string into the first group that it fits, longest strings first.
std::vector<MeasurementGroup> measurement_groups(const PauliSum& sum);

struct MeasuredEnergy {
  double energy = 0, standard_error = 0;
  std::size_t circuits = 0; ///< one a group; each of so many shots
};
/// What a device would report: each group measured in its own basis.
/// throws: std::invalid_argument (fewer than two shots)
MeasuredEnergy measure_energy(const Circuit& circuit, const PauliSum& sum, std::size_t shots,
                              std::uint64_t seed);

} // namespace bloch::quantum
