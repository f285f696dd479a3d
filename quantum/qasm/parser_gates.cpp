#include <algorithm>
#include <cmath>
#include <iterator>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr int deepest_gate = 200;
constexpr std::size_t most_names = 10000;

std::string plural(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

// Definitions of gates, and calls.

void QasmParser::parse_gate_definition() {
  take();
  if (!conditions_.empty() || depth_ > 1)
    fail(peek(), "a gate is defined at the top of a program, not within a block");
  const Token name = peek();
  expect_name("a name for the gate");
  if (gates_.contains(name.text)) fail(name, "gate '" + std::string(name.text) + "' is defined already");
  QasmGate gate;
  gate.order = gates_.size();
  if (take_if("(")) {
    gate.parameters = parse_names(")");
    expect(")");
  }
  gate.qubits = parse_names("{");
  if (gate.qubits.empty()) fail_expected("the gate's qubits");
  expect("{", "and the gate's body");
  gate.body = position_;
  gate.source = source_;
  body_gate_ = &gate;
  only_checking_ = true;
  deepest_call_ = 0;
  Steps none;
  parse_body_statements(none);
  body_gate_ = nullptr;
  only_checking_ = false;
  gate.depth = deepest_call_ + 1;
  if (gate.depth > deepest_gate) fail(name, "gates call gates too deeply");
  gates_.emplace(std::string(name.text), std::move(gate));
}

void QasmParser::parse_opaque() {
  take();
  const Token name = peek();
  expect_name("a name for the gate");
  if (gates_.contains(name.text)) fail(name, "gate '" + std::string(name.text) + "' is defined already");
  QasmGate gate;
  gate.order = gates_.size();
  if (take_if("(")) {
    gate.parameters = parse_names(")");
    expect(")");
  }
  gate.qubits = parse_names(";");
  gate.opaque = true;
  expect(";", "after the gate's qubits");
  gates_.emplace(std::string(name.text), std::move(gate));
}

std::vector<std::string_view> QasmParser::parse_names(std::string_view close) {
  std::vector<std::string_view> names;
  if (at(close)) return names;
  do {
    const Token& token = peek();
    const std::string_view name = expect_name("a name");
    if (std::find(names.begin(), names.end(), name) != names.end())
      fail(token, "'" + std::string(name) + "' is named twice");
    names.push_back(name);
    if (names.size() > most_names) fail(token, "this list of names is too long");
  } while (take_if(",") && !at(close));
  return names;
}

/// A call with its modifiers; in a gate's body that is only being checked, no steps.
void QasmParser::parse_gate_call(Steps& steps) {
  const std::vector<Modifier> modifiers = parse_modifiers();
  const Token name = peek();
  if (name.kind != TokenKind::identifier) fail_expected("a gate");
  take();
  const std::vector<double> angles = parse_angles();
  std::vector<Qubits> operands;
  if (!at(";")) {
    do {
      operands.push_back(parse_qubit_operand());
      if (operands.size() > most_names) fail(name, "too many qubits");
    } while (take_if(",") && !at(";"));
  }
  expect(";", "after the gate");
  call_gate(name, angles, modifiers, operands, steps);
}

std::vector<double> QasmParser::parse_angles() {
  std::vector<double> angles;
  if (!take_if("(")) return angles;
  if (!at(")")) {
    do {
      const Token& where = peek();
      const double angle = parse_plain();
      if (!std::isfinite(angle) && !only_checking_) fail(where, "this angle is not a finite number");
      angles.push_back(angle);
      if (angles.size() > most_names) fail(where, "too many angles");
    } while (take_if(",") && !at(")"));
  }
  expect(")", "after the angles");
  return angles;
}

const QasmGate* QasmParser::find_defined(std::string_view name) const {
  const auto found = gates_.find(name);
  if (found == gates_.end() || (body_gate_ && found->second.order >= body_gate_->order)) return nullptr;
  return &found->second;
}

void QasmParser::check_call(const Token& name, std::size_t angles, std::size_t qubits) {
  std::size_t wanted_angles = 0, wanted_qubits = 0;
  const std::string shown(name.text.substr(0, 80));
  if (const QasmGate* found = find_defined(name.text)) {
    if (found->opaque) fail(name, "gate '" + shown + "' is opaque: the program does not say what it does");
    wanted_angles = found->parameters.size();
    wanted_qubits = found->qubits.size();
    deepest_call_ = std::max(deepest_call_, found->depth);
  } else if (name.text == "gphase" && version_ == 3) {
    wanted_angles = 1;
  } else {
    const Gate* gate = find_gate(name.text);
    const bool built_in = name.text == "U" || name.text == "CX";
    if (!gate) fail(name, "there is no gate called '" + shown + "'");
    if (!library_included_ && !built_in)
      fail(name, "there is no gate called '" + shown + "' yet; include \"" +
                     (version_ == 3 ? "stdgates.inc" : "qelib1.inc") + "\" first");
    wanted_angles = static_cast<std::size_t>(gate->parameters);
    wanted_qubits = static_cast<std::size_t>(gate->qubits());
  }
  if (angles != wanted_angles)
    fail(name,
         "gate '" + shown + "' takes " + plural(wanted_angles, "angle") + ", not " + std::to_string(angles));
  if (qubits != wanted_qubits)
    fail(name,
         "gate '" + shown + "' takes " + plural(wanted_qubits, "qubit") + ", not " + std::to_string(qubits));
}

/// Spreads the call over registers.
void QasmParser::call_gate(const Token& name, const std::vector<double>& angles,
                           const std::vector<Modifier>& modifiers, const std::vector<Qubits>& operands,
                           Steps& steps) {
  const std::size_t controls = controls_of(modifiers);
  std::size_t width = 1;
  if (operands.size() < controls) fail(name, "this gate needs " + plural(controls, "qubit") + " as controls");
  check_call(name, angles.size(), operands.size() - controls);
  for (const Qubits& operand : operands) {
    if (operand.size() == 1) continue;
    if (width != 1 && operand.size() != width)
      fail(name, "registers of different sizes in one gate: " + std::to_string(width) + " and " +
                     std::to_string(operand.size()) + " qubits");
    width = operand.size();
  }
  for (std::size_t k = 0; k < width; ++k) {
    Qubits qubits, control_qubits;
    for (std::size_t operand = 0; operand < operands.size(); ++operand)
      (operand < controls ? control_qubits : qubits)
          .push_back(operands[operand].size() == 1 ? operands[operand][0] : operands[operand][k]);
    Qubits all = qubits;
    all.insert(all.end(), control_qubits.begin(), control_qubits.end());
    require_each_once(name, std::move(all), "gate");
    if (only_checking_) continue;
    Steps made = modified(name, steps_of_call(name, angles, qubits), modifiers, control_qubits);
    std::move(made.begin(), made.end(), std::back_inserter(steps));
  }
}

QasmParser::Steps QasmParser::steps_of_call(const Token& name, const std::vector<double>& angles,
                                            const Qubits& qubits) {
  count_step();
  if (const QasmGate* found = find_defined(name.text)) return steps_of_body(*found, angles, qubits);
  Operation operation;
  operation.parameters = angles;
  operation.qubits = qubits;
  if (name.text == "gphase") { // no qubits: add() and controls give it one
    operation.kind = OperationKind::unitary;
    operation.matrix = std::make_shared<const std::vector<Complex>>(1, std::polar(1.0, angles[0]));
    operation.parameters.clear();
    return {std::move(operation)};
  }
  if (asked_duration_ && timed_boxes_ == 0 && !options_.machine)
    fail(name, "how long gate '" + std::string(name.text) +
                   "' takes is not known when a program is read; durationof knows delays and boxes of given "
                   "length, and the gate times of a noise model");
  operation.gate = find_gate(name.text);
  operation.controls = operation.gate->controls;
  return {std::move(operation)};
}

} // namespace bloch::quantum
