#pragma once

#include <span>
#include <vector>

#include "quantum/simulators/plan.h"

namespace bloch::quantum {

/// The plan with its small unitaries taken apart: a one-qubit matrix into phase, turn, phase; a two-qubit
/// matrix that holds no more than one ZZ (cz, cx, rzz and what is around them: canonical_form's x = y = 0) into
/// those and a phase on both qubits. Phases and turns are then gathered into layers, each as early as it can
/// go. Where many qubits have gates side by side the layers take a fraction of the matrices' arithmetic.
std::vector<PlanItem> split_matrices(std::span<const PlanItem> plan);

/// Time of a plan, in that of a matrix on one qubit. Measured on blocks in the second-level cache.
double plan_cost(std::span<const PlanItem> plan);

/// The cheaper one of plan_gates and what split_matrices makes of it, for a state of so many qubits.
std::vector<PlanItem> best_plan(std::span<const Operation> operations, int qubits);

} // namespace bloch::quantum
