#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// One step in its place: the columns are moments, a step spans every wire between its first and last qubit.
struct DrawnStep {
  const Operation* operation = nullptr;
  std::size_t column = 0;
  int first = 0, last = 0; ///< qubits
  std::string label;       ///< on the targets
};

/// The steps of a circuit in their places. throws: std::invalid_argument (too many to draw)
std::vector<DrawnStep> placed_steps(const Circuit& circuit);

/// "q[1]", or "q" where the register holds one alone.
std::string wire_name(const std::vector<Register>& registers, int index);

/// What a condition or a measurement says beside its step: "c[0]", "if c=3".
std::string note_of(const Circuit& circuit, const Operation& operation);

/// Characters, not bytes.
std::size_t shown_width(const std::string& text);

/// Barriers and the edges of boxes, which run down between wires.
bool is_bar(const Operation& operation);

/// What a step draws on a wire between its first and last qubit.
enum class Mark { none, control, target, cross, bar };
Mark mark_of(const DrawnStep& step, int qubit);

} // namespace bloch::quantum
