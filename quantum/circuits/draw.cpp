#include "quantum/circuits/draw.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace bloch::quantum {
namespace {

/// One step in its place: the columns are moments, a step spans every wire between its first and last qubit.
struct DrawnStep {
  const Operation* operation = nullptr;
  std::size_t column = 0;
  int first = 0, last = 0; ///< qubits
  std::string label;       ///< on the targets
};

std::string short_angle(double angle) {
  for (const int denominator : {1, 2, 3, 4, 6, 8, 16}) {
    const double turns = angle / std::numbers::pi * denominator;
    if (std::abs(turns - std::round(turns)) > 1e-9 || std::abs(turns) < 0.5 || std::abs(turns) > 64) continue;
    const int count = static_cast<int>(std::round(turns));
    const std::string top = count == 1 ? "\u03c0" : count == -1 ? "-\u03c0" : std::to_string(count) + "\u03c0";
    return denominator == 1 ? top : top + "/" + std::to_string(denominator);
  }
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, angle, std::chars_format::general, 3).ptr};
}

/// "250ns", "1.5us": the largest unit that leaves a number above 1.
std::string short_time(double duration_ns) {
  static constexpr std::pair<double, const char*> units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
  std::size_t k = 0;
  while (k < 3 && duration_ns < units[k].first) ++k;
  char text[32];
  const char* const end =
      std::to_chars(text, text + sizeof text, duration_ns / units[k].first, std::chars_format::general, 4).ptr;
  return std::string(static_cast<const char*>(text), end) + units[k].second;
}

std::string label_of(const Operation& operation) {
  const std::string lasts = operation.duration_ns > 0 ? short_time(operation.duration_ns) : "";
  switch (operation.kind) {
  case OperationKind::measure:
    return "M";
  case OperationKind::reset:
    return "|0>";
  case OperationKind::barrier:
    return "\u2591";
  case OperationKind::delay:
    return "wait " + short_time(operation.duration_ns);
  case OperationKind::box_begin:
    return lasts + "{";
  case OperationKind::box_end:
    return "}";
  case OperationKind::unitary:
    return operation.adjoint ? "U\u2020" : "U";
  default:
    break;
  }
  std::string label(operation.gate->name);
  // The controls are drawn as dots: "ccx" is an X with two.
  for (int control = 0; control < operation.gate->controls && label.size() > 1; ++control) {
    if (label[0] != 'c' && label[0] != 'C') break;
    if (label.size() > 2 && label[1] >= '2' && label[1] <= '9') { // c3x
      label.erase(0, 2);
      break;
    }
    label.erase(0, 1);
  }
  if (label.size() <= 2 && label != "id")
    std::transform(label.begin(), label.end(), label.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (operation.adjoint) label += "\u2020";
  for (std::size_t k = 0; k < operation.parameters.size(); ++k)
    label += (k ? "," : "(") + short_angle(operation.parameters[k]);
  return operation.parameters.empty() ? label : label + ")";
}

std::vector<DrawnStep> placed_steps(const Circuit& circuit) {
  if (circuit.operations().size() > most_drawn_steps)
    throw std::invalid_argument("a drawing takes at most " + std::to_string(most_drawn_steps) + " steps, not " +
                                std::to_string(circuit.operations().size()));
  std::vector<std::size_t> next(static_cast<std::size_t>(circuit.qubits()));
  std::vector<std::size_t> known(static_cast<std::size_t>(circuit.bits()));
  std::vector<DrawnStep> steps;
  for (const Operation& operation : circuit.operations()) {
    if (operation.qubits.empty()) continue;
    DrawnStep step{&operation, 0, *std::min_element(operation.qubits.begin(), operation.qubits.end()),
                   *std::max_element(operation.qubits.begin(), operation.qubits.end()), label_of(operation)};
    for (int qubit = step.first; qubit <= step.last; ++qubit)
      step.column = std::max(step.column, next[static_cast<std::size_t>(qubit)]);
    for (const Condition& condition : operation.conditions)
      for (int bit = 0; bit < condition.size; ++bit)
        step.column = std::max(step.column, known[static_cast<std::size_t>(condition.first + bit)]);
    for (int qubit = step.first; qubit <= step.last; ++qubit)
      next[static_cast<std::size_t>(qubit)] = step.column + 1;
    if (operation.kind == OperationKind::measure)
      known[static_cast<std::size_t>(operation.bit)] = step.column + 1;
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string wire_name(const std::vector<Register>& registers, int index) {
  for (const Register& reg : registers)
    if (index >= reg.first && index < reg.first + reg.size)
      return reg.size == 1 ? reg.name : reg.name + "[" + std::to_string(index - reg.first) + "]";
  return std::to_string(index);
}

/// What a condition or a measurement says beside its step: "c[0]", "if c=3".
std::string note_of(const Circuit& circuit, const Operation& operation) {
  std::string note;
  if (operation.kind == OperationKind::measure) note = wire_name(circuit.bit_registers(), operation.bit);
  for (const Condition& condition : operation.conditions) {
    std::string name = wire_name(circuit.bit_registers(), condition.first);
    for (const Register& reg : circuit.bit_registers())
      if (reg.first == condition.first && reg.size == condition.size) name = reg.name;
    note += std::string(note.empty() ? "if " : " ") + name + (condition.equal ? "=" : "\u2260") +
            std::to_string(condition.value);
  }
  return note;
}

/// Characters, not bytes.
std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

/// Barriers and the edges of boxes, which run down between wires.
bool is_bar(const Operation& operation) {
  return !operation.changes_state() && operation.kind != OperationKind::delay;
}

enum class Mark { none, control, target, cross, bar };
Mark mark_of(const DrawnStep& step, int qubit) {
  const Operation& operation = *step.operation;
  const auto at = std::find(operation.qubits.begin(), operation.qubits.end(), qubit) - operation.qubits.begin();
  if (at == static_cast<std::ptrdiff_t>(operation.qubits.size())) return Mark::none;
  if (is_bar(operation)) return Mark::bar;
  if (at < operation.controls) return Mark::control;
  return operation.gate && operation.gate->name.ends_with("swap") && operation.gate->name != "iswap"
             ? Mark::cross
             : Mark::target;
}

} // namespace

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
