#include <algorithm>
#include <cmath>

#include "quantum/qasm/detail/matrix_power.h"
#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr int deepest_gate = 200;
constexpr std::size_t most_names = 10000;
constexpr std::string_view not_in_gates[] = {"const", "duration", "float", "angle", "int", "uint", "bool",
                                             "let",   "measure",  "reset", "if",    "for", "bit",  "qubit"};

std::string plural(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

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
  } while (take_if(","));
  return names;
}

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
  while (!at("}")) {
    if (peek().kind == TokenKind::end) fail_expected("'}'");
    parse_gate_body_statement(none);
  }
  take();
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

std::vector<QasmParser::Modifier> QasmParser::parse_modifiers() {
  std::vector<Modifier> modifiers;
  while (version_ == 3 && (at("ctrl") || at("negctrl") || at("inv") || at("pow"))) {
    const Token word = take();
    Modifier modifier{word.text == "inv"    ? Modifier::inverse
                      : word.text == "pow"  ? Modifier::power
                      : word.text == "ctrl" ? Modifier::control
                                            : Modifier::negative_control};
    if (modifier.kind == Modifier::power) {
      expect("(", "after 'pow'");
      modifier.exponent = parse_number();
      expect(")");
    } else if (modifier.kind != Modifier::inverse && take_if("(")) {
      modifier.count = parse_index("the number of controls");
      if (modifier.count < 1 || modifier.count > 1000) fail(word, "expected 1 to 1000 controls");
      expect(")");
    }
    expect("@", "after the modifier");
    modifiers.push_back(modifier);
    if (modifiers.size() > 100) fail(word, "too many modifiers");
  }
  return modifiers;
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
    } while (take_if(","));
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

void QasmParser::require_each_once(const Token& where, Qubits qubits, std::string_view step) const {
  std::sort(qubits.begin(), qubits.end());
  if (std::adjacent_find(qubits.begin(), qubits.end()) != qubits.end())
    fail(where, "one qubit is named twice in this " + std::string(step));
}

void QasmParser::parse_gate_statement() {
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
    } while (take_if(","));
  }
  expect(";", "after the gate");
  call_gate(name, angles, modifiers, operands);
}

/// Spreads the call over registers, then over the program.
void QasmParser::call_gate(const Token& name, const std::vector<double>& angles,
                           const std::vector<Modifier>& modifiers, const std::vector<Qubits>& operands) {
  std::size_t controls = 0, width = 1;
  for (const Modifier& modifier : modifiers)
    if (modifier.kind == Modifier::control || modifier.kind == Modifier::negative_control)
      controls += static_cast<std::size_t>(modifier.count);
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
    for (Operation& operation : modified(name, steps_of_call(name, angles, qubits), modifiers, control_qubits))
      add(std::move(operation), name);
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
  operation.gate = find_gate(name.text);
  operation.controls = operation.gate->controls;
  return {std::move(operation)};
}

QasmParser::Steps QasmParser::steps_of_body(const QasmGate& gate, const std::vector<double>& angles,
                                            const Qubits& qubits) {
  const auto outer = std::make_tuple(body_gate_, body_angles_, body_qubits_, source_, position_);
  body_gate_ = &gate;
  body_angles_ = &angles;
  body_qubits_ = &qubits;
  source_ = gate.source;
  position_ = gate.body;
  Steps steps;
  while (!at("}")) parse_gate_body_statement(steps);
  std::tie(body_gate_, body_angles_, body_qubits_, source_, position_) = outer;
  return steps;
}

void QasmParser::parse_gate_body_statement(Steps& steps) {
  if (take_if(";")) return;
  const bool delay = version_ == 3 && at("delay");
  if (delay || at("barrier")) {
    Operation operation = delay ? parse_delay() : parse_barrier();
    if (!only_checking_) steps.push_back(std::move(operation));
    return;
  }
  if (version_ == 3 && at("box")) return parse_gate_body_box(steps);
  for (const std::string_view word : not_in_gates)
    if (at(word)) fail(peek(), "'" + std::string(word) + "' stands outside gate definitions");
  const std::vector<Modifier> modifiers = parse_modifiers();
  const Token name = peek();
  if (name.kind != TokenKind::identifier) fail_expected("a gate");
  take();
  const std::vector<double> angles = parse_angles();
  Qubits qubits;
  if (!at(";")) {
    do {
      qubits.push_back(parse_qubit_operand()[0]);
      if (qubits.size() > most_names) fail(name, "too many qubits");
    } while (take_if(","));
  }
  expect(";", "after the gate");
  require_each_once(name, qubits, "gate");
  std::size_t controls = 0;
  for (const Modifier& modifier : modifiers)
    if (modifier.kind == Modifier::control || modifier.kind == Modifier::negative_control)
      controls += static_cast<std::size_t>(modifier.count);
  if (qubits.size() < controls) fail(name, "this gate needs " + plural(controls, "qubit") + " as controls");
  check_call(name, angles.size(), qubits.size() - controls);
  if (only_checking_) return;
  const Qubits control_qubits(qubits.begin(), qubits.begin() + static_cast<std::ptrdiff_t>(controls));
  qubits.erase(qubits.begin(), qubits.begin() + static_cast<std::ptrdiff_t>(controls));
  Steps made = modified(name, steps_of_call(name, angles, qubits), modifiers, control_qubits);
  std::move(made.begin(), made.end(), std::back_inserter(steps));
}

/// Boxes are turned round with what is in them; a delay is its own inverse.
QasmParser::Steps QasmParser::inverted(Steps steps) {
  std::reverse(steps.begin(), steps.end());
  for (Operation& step : steps) {
    if (step.kind == OperationKind::box_begin)
      step.kind = OperationKind::box_end;
    else if (step.kind == OperationKind::box_end)
      step.kind = OperationKind::box_begin;
    else if (!step.changes_state())
      continue;
    else if (step.kind == OperationKind::unitary && step.qubits.empty())
      step.matrix = std::make_shared<const std::vector<Complex>>(1, std::conj((*step.matrix)[0]));
    else
      step.adjoint = !step.adjoint;
  }
  return steps;
}

QasmParser::Steps QasmParser::powered(const Token& where, Steps steps, double exponent) {
  if (exponent < 0) return powered(where, inverted(std::move(steps)), -exponent);
  if (exponent == std::floor(exponent)) {
    std::size_t cost = 1;
    for (const Operation& step : steps) cost += 1 + step.qubits.size() / 4;
    if (exponent * static_cast<double>(cost) > static_cast<double>(options_.most_steps))
      fail(where, "this power is too large");
    Steps result;
    for (double k = 0; k < exponent; ++k) {
      count_step(cost);
      result.insert(result.end(), steps.begin(), steps.end());
    }
    return result;
  }
  if (steps.size() != 1 || !steps[0].changes_state() || steps[0].targets() > 4)
    fail(where, "a power that is not whole is supported for single gates only");
  Operation& step = steps[0];
  const auto matrix = step.qubits.empty() ? *step.matrix : step.unitary();
  step.matrix = std::make_shared<const std::vector<Complex>>(unitary_power(matrix, exponent));
  step.kind = OperationKind::unitary;
  step.gate = nullptr;
  step.parameters.clear();
  step.adjoint = false;
  return steps;
}

/// Time passes whatever the controls are: delays and barriers stay as they are.
QasmParser::Steps QasmParser::controlled(Steps steps, const Qubits& controls) {
  for (Operation& step : steps) {
    count_step(1 + controls.size() / 4);
    if (!step.changes_state()) continue;
    if (step.kind == OperationKind::unitary &&
        step.qubits.empty()) { // a controlled global phase is a phase on the control
      Operation phase;
      phase.gate = find_gate("p");
      phase.parameters = {std::arg((*step.matrix)[0])};
      phase.qubits = controls;
      phase.controls = static_cast<int>(controls.size()) - 1;
      step = std::move(phase);
      continue;
    }
    step.qubits.insert(step.qubits.begin(), controls.begin(), controls.end());
    step.controls += static_cast<int>(controls.size());
  }
  return steps;
}

/// Modifiers apply from the one next to the gate outwards; the outermost takes the first control qubits.
QasmParser::Steps QasmParser::modified(const Token& where, Steps steps, const std::vector<Modifier>& modifiers,
                                       const Qubits& controls) {
  std::size_t controls_left = controls.size();
  for (std::size_t k = modifiers.size(); k-- > 0;) {
    const Modifier& modifier = modifiers[k];
    if (modifier.kind == Modifier::inverse)
      steps = inverted(std::move(steps));
    else if (modifier.kind == Modifier::power)
      steps = powered(where, std::move(steps), modifier.exponent);
    else {
      const std::size_t count = static_cast<std::size_t>(modifier.count);
      controls_left -= count;
      const Qubits added(controls.begin() + static_cast<std::ptrdiff_t>(controls_left),
                         controls.begin() + static_cast<std::ptrdiff_t>(controls_left + count));
      steps = controlled(std::move(steps), added);
      if (modifier.kind == Modifier::negative_control) {
        Steps flips;
        for (const int qubit : added) {
          Operation flip;
          flip.gate = find_gate("x");
          flip.qubits = {qubit};
          flips.push_back(std::move(flip));
        }
        steps.insert(steps.begin(), flips.begin(), flips.end());
        steps.insert(steps.end(), flips.begin(), flips.end());
      }
    }
  }
  return steps;
}

void QasmParser::add(Operation operation, const Token& where) {
  count_step();
  if (operation.kind == OperationKind::box_begin) { // of a gate's body
    open_boxes_.push_back(circuit_.operations().size());
    return;
  }
  if (operation.kind == OperationKind::box_end) {
    const std::size_t first = open_boxes_.back();
    open_boxes_.pop_back();
    return close_box(first, operation.duration_ns);
  }
  if (operation.kind == OperationKind::unitary && operation.qubits.empty()) {
    if (circuit_.qubits() == 0) fail(where, "declare qubits before a global phase");
    const Complex phase = (*operation.matrix)[0];
    operation.matrix = std::make_shared<const std::vector<Complex>>(std::vector<Complex>{phase, 0, 0, phase});
    operation.qubits = {0};
  }
  const bool happens = operation.changes_state() || operation.kind == OperationKind::delay;
  if (!conditions_.empty() && happens) {
    if (condition_overwritten_)
      fail(where, "a block must not go on after measuring into the bits that its condition reads");
    operation.conditions = conditions_;
    if (operation.kind == OperationKind::measure)
      for (const Condition& condition : conditions_)
        if (operation.bit >= condition.first && operation.bit < condition.first + condition.size)
          condition_overwritten_ = true;
  }
  try {
    circuit_.add(std::move(operation));
  } catch (const QasmError&) {
    throw;
  } catch (const std::invalid_argument& error) {
    fail(where, error.what());
  }
}

} // namespace bloch::quantum
