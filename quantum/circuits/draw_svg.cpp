#include <algorithm>
#include <stdexcept>

#include "quantum/circuits/detail/drawn_steps.h"
#include "quantum/circuits/draw.h"

namespace bloch::quantum {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

} // namespace

std::string draw_svg(const Circuit& circuit) {
  const std::vector<DrawnStep> steps = placed_steps(circuit);
  constexpr int row_height = 40, box_height = 26, letter = 8;
  std::size_t columns = 0, margin = 0;
  for (const DrawnStep& step : steps) columns = std::max(columns, step.column + 1);
  for (int k = 0; k < circuit.qubits(); ++k)
    margin = std::max(margin, wire_name(circuit.qubit_registers(), k).size());
  if (circuit.qubits() > 2000) throw std::invalid_argument("this circuit is too large to draw");
  std::vector<int> widths(columns, 30);
  const auto text_of = [&](const DrawnStep& step) {
    const std::string note = note_of(circuit, *step.operation);
    return step.label + (note.empty() ? "" : " " + note);
  };
  for (const DrawnStep& step : steps)
    widths[step.column] =
        std::max(widths[step.column], static_cast<int>(shown_width(text_of(step))) * letter + 14);
  std::vector<int> centres;
  int x = static_cast<int>(margin) * letter + 24;
  for (const int width : widths) {
    centres.push_back(x + width / 2);
    x += width + 10;
  }
  const int total_width = x + 14, total_height = circuit.qubits() * row_height + 10;
  const auto y_of = [&](int qubit) { return qubit * row_height + row_height / 2 + 5; };
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(total_width) +
                    "\" height=\"" + std::to_string(total_height) +
                    "\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" "
                    "fill=\"#ffffff\"/>\n";
  const auto line = [&](int x1, int y1, int x2, int y2, const char* style) {
    svg += "<line x1=\"" + std::to_string(x1) + "\" y1=\"" + std::to_string(y1) + "\" x2=\"" +
           std::to_string(x2) + "\" y2=\"" + std::to_string(y2) + "\" " + style + "/>\n";
  };
  for (int k = 0; k < circuit.qubits(); ++k) {
    svg += "<text x=\"8\" y=\"" + std::to_string(y_of(k) + 4) + "\">" +
           escaped(wire_name(circuit.qubit_registers(), k)) + "</text>\n";
    line(static_cast<int>(margin) * letter + 14, y_of(k), total_width - 8, y_of(k), "stroke=\"#888888\"");
  }
  for (const DrawnStep& step : steps) {
    const int centre = centres[step.column];
    if (step.last > step.first && !is_bar(*step.operation))
      line(centre, y_of(step.first), centre, y_of(step.last), "stroke=\"#1f4e79\" stroke-width=\"2\"");
    for (int qubit = step.first; qubit <= step.last; ++qubit) {
      const int y = y_of(qubit);
      switch (mark_of(step, qubit)) {
      case Mark::none:
        break;
      case Mark::bar:
        line(centre, y - row_height / 2, centre, y + row_height / 2,
             "stroke=\"#aaaaaa\" stroke-dasharray=\"4 3\" stroke-width=\"2\"");
        if (step.operation->kind != OperationKind::barrier && qubit == step.first)
          svg += "<text x=\"" + std::to_string(centre) + "\" y=\"" + std::to_string(y - row_height / 2 + 8) +
                 "\" text-anchor=\"middle\">" + escaped(step.label) + "</text>\n";
        break;
      case Mark::control:
        svg += "<circle cx=\"" + std::to_string(centre) + "\" cy=\"" + std::to_string(y) +
               "\" r=\"5\" fill=\"#1f4e79\"/>\n";
        break;
      case Mark::cross:
        line(centre - 6, y - 6, centre + 6, y + 6, "stroke=\"#1f4e79\" stroke-width=\"2\"");
        line(centre - 6, y + 6, centre + 6, y - 6, "stroke=\"#1f4e79\" stroke-width=\"2\"");
        break;
      case Mark::target: {
        const int width = static_cast<int>(shown_width(text_of(step))) * letter + 14;
        svg += "<rect x=\"" + std::to_string(centre - width / 2) + "\" y=\"" +
               std::to_string(y - box_height / 2) + "\" width=\"" + std::to_string(width) + "\" height=\"" +
               std::to_string(box_height) + "\" rx=\"4\" fill=\"#e8f0f8\" stroke=\"#1f4e79\"/>\n<text x=\"" +
               std::to_string(centre) + "\" y=\"" + std::to_string(y + 5) + "\" text-anchor=\"middle\">" +
               escaped(text_of(step)) + "</text>\n";
        break;
      }
      }
    }
  }
  return svg + "</svg>\n";
}

} // namespace bloch::quantum
