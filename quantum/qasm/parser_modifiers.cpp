#include <algorithm>
#include <cmath>

#include "quantum/qasm/detail/matrix_power.h"
#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {

// ctrl, negctrl, inv and pow: what they make of a gate's steps.

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
      real_division_ = true; // pow(1/2) @ x is meant as sx
      modifier.exponent = parse_number();
      real_division_ = false;
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

std::size_t QasmParser::controls_of(const std::vector<Modifier>& modifiers) {
  std::size_t controls = 0;
  for (const Modifier& modifier : modifiers)
    if (modifier.kind == Modifier::control || modifier.kind == Modifier::negative_control)
      controls += static_cast<std::size_t>(modifier.count);
  return controls;
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

} // namespace bloch::quantum
