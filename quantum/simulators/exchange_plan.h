#pragma once

#include <vector>

#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// The plan with its two-qubit unitaries as exchanges, where matrices come before and after on both of their
/// qubits: what an exchange leaves out goes into those for nothing. A matrix that is near a swap, whose
/// exchange would divide by nearly nothing, stays.
///
/// source: Kraus and Cirac 2001, doi:10.1103/PhysRevA.63.062309 (a unitary is local gates around
///         exp(i (x XX + y YY + z ZZ))); the phases of the local gates pass through turns and interactions
std::vector<PlanItem> exchange_matrices(std::vector<PlanItem> plan);

} // namespace bloch::quantum
