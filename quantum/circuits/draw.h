#pragma once

#include <string>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// Steps that a drawing takes; more would not be read.
inline constexpr std::size_t most_drawn_steps = 5000;

/// The circuit as lines of text (UTF-8), qubit 0 on top, broken where it is wider than `width` columns.
/// throws: std::invalid_argument (more than most_drawn_steps)
std::string draw_text(const Circuit& circuit, int width = 100);

/// The circuit as a self-contained SVG picture. throws: as above
std::string draw_svg(const Circuit& circuit);

} // namespace bloch::quantum
