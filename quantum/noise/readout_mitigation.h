#pragma once

#include <map>
#include <string>

#include "quantum/noise/noise_model.h"
#include "quantum/simulators/simulate.h"

namespace bloch::quantum {

/// Bits that read-out mitigation takes: a table of all their values is kept.
inline constexpr int most_mitigated_bits = 20;

/// Probabilities of the bit strings as they would be without read-out errors: the inverse of every qubit's
/// read-out matrix, then the nearest probabilities. Strings of probability below 1e-12 are left out.
///
/// counts: of a circuit whose measurements are all final
/// throws: std::invalid_argument (no counts; a measurement that later steps depend on; a read-out that tells
/// nothing;
///         more than most_mitigated_bits)
/// source: Bravyi et al. 2021, doi:10.1103/PhysRevA.103.042605; Smolin et al. 2012,
/// doi:10.1103/PhysRevLett.108.070502
std::map<std::string, double> mitigated_readout(const Counts& counts, const Circuit& circuit,
                                                const NoiseModel& model);

} // namespace bloch::quantum
