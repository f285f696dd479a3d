#include "quantum/circuits/detail/drawn_steps.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "quantum/circuits/draw.h"

namespace bloch::quantum {
namespace {

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

} // namespace

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

std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_bar(const Operation& operation) {
  return !operation.changes_state() && operation.kind != OperationKind::delay;
}

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

} // namespace bloch::quantum
