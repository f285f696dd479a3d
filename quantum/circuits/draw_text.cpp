#include <algorithm>
#include <stdexcept>

#include "quantum/circuits/detail/drawn_steps.h"
#include "quantum/circuits/draw.h"

namespace bloch::quantum {

std::string draw_text(const Circuit& circuit, int width) {
  const std::vector<DrawnStep> steps = placed_steps(circuit);
  const auto qubits = static_cast<std::size_t>(circuit.qubits());
  std::size_t columns = 0, margin = 0;
  for (const DrawnStep& step : steps) columns = std::max(columns, step.column + 1);
  for (std::size_t k = 0; k < qubits; ++k)
    margin = std::max(margin, wire_name(circuit.qubit_registers(), static_cast<int>(k)).size());
  if (columns * qubits > 4'000'000) throw std::invalid_argument("this circuit is too large to draw");
  // cells: even rows are wires, odd rows what runs between them.
  std::vector<std::vector<std::string>> cells(columns, std::vector<std::string>(2 * qubits));
  for (const DrawnStep& step : steps)
    for (int qubit = step.first; qubit <= step.last; ++qubit) {
      const auto row = 2 * static_cast<std::size_t>(qubit);
      const std::string note = note_of(circuit, *step.operation);
      switch (mark_of(step, qubit)) {
      case Mark::none:
        cells[step.column][row] = is_bar(*step.operation) ? "" : "\u253c";
        break;
      case Mark::control:
        cells[step.column][row] = "\u25cf";
        break;
      case Mark::cross:
        cells[step.column][row] = "\u2573";
        break;
      case Mark::bar:
        cells[step.column][row] = step.label;
        break;
      case Mark::target:
        cells[step.column][row] =
            "[" + step.label +
            (note.empty() ? "" : (step.operation->kind == OperationKind::measure ? "\u2192" : " ") + note) +
            "]";
        break;
      }
      if (qubit < step.last && !is_bar(*step.operation)) cells[step.column][row + 1] = "\u2502";
    }
  std::string text;
  for (std::size_t begin = 0; begin == 0 || begin < columns;) {
    std::vector<std::string> lines(2 * qubits);
    for (std::size_t k = 0; k < qubits; ++k) {
      const std::string name = wire_name(circuit.qubit_registers(), static_cast<int>(k));
      lines[2 * k] = name + std::string(margin - name.size(), ' ') + " \u2500";
      lines[2 * k + 1] = std::string(margin + 2, ' ');
    }
    std::size_t column = begin;
    for (std::size_t used = margin + 2; column < columns; ++column) {
      std::size_t widest = 1;
      for (const std::string& cell : cells[column]) widest = std::max(widest, shown_width(cell));
      if (used + widest + 1 > static_cast<std::size_t>(std::max(width, 20)) && column > begin) break;
      used += widest + 1;
      for (std::size_t row = 0; row < lines.size(); ++row) {
        const std::string& cell = cells[column][row];
        const std::size_t left = (widest - shown_width(cell)) / 2,
                          right = widest - shown_width(cell) - left + 1;
        const std::string fill = row % 2 == 0 ? "\u2500" : " ";
        for (std::size_t k = 0; k < left; ++k) lines[row] += fill;
        lines[row] += cell;
        for (std::size_t k = 0; k < right; ++k) lines[row] += fill;
      }
    }
    for (std::size_t row = 0; row + 1 < lines.size(); ++row) {
      const auto end = lines[row].find_last_not_of(' ');
      text += lines[row].substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
    }
    if (column >= columns) break;
    text += "\n";
    begin = column;
  }
  return text;
}

} // namespace bloch::quantum
