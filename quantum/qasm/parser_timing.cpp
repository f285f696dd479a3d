#include <cmath>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {

// Durations, delays and boxes: OpenQASM 3.1, "Circuit timing".

/// A number, or with a unit after it a duration.
QasmValue QasmParser::with_unit(QasmValue value) {
  if (version_ != 3 || peek().kind != TokenKind::identifier) return value;
  struct Unit {
    std::string_view name;
    double ns;
  };
  const Unit units[] = {{"dt", options_.dt_ns}, {"ns", 1},   {"us", 1e3}, {"\u00b5s", 1e3},
                        {"\u03bcs", 1e3},       {"ms", 1e6}, {"s", 1e9}}; // the micro sign and the letter mu
  for (const Unit& unit : units) {
    if (!at(unit.name)) continue;
    const Token& where = take();
    if (unit.name == "dt" && !(unit.ns > 0 && std::isfinite(unit.ns)))
      fail(where, "how long a 'dt' of this machine lasts is not known: give dt-ns, or write ns, us, ms or s");
    return {value.number * unit.ns, false, true};
  }
  return value;
}

void QasmParser::require_same_kind(const Token& where, const QasmValue& left, const QasmValue& right) const {
  if (left.duration == right.duration) return;
  fail(where, left.duration ? "expected a duration with its unit, such as 100ns, found a number"
                            : "expected a number, found a duration");
}

/// In ns.
double QasmParser::parse_duration() {
  const Token& where = peek();
  const QasmValue value = parse_expression();
  require_same_kind(where, {0, false, true}, value);
  if (!std::isfinite(value.number)) fail(where, "this duration is not a finite number");
  if (value.number < 0) fail(where, "expected a duration that is not below zero");
  return value.number;
}

void QasmParser::parse_delay() {
  const Token where = take();
  Operation operation;
  operation.kind = OperationKind::delay;
  expect("[", "and a duration after 'delay'");
  operation.duration_ns = parse_duration();
  expect("]", "after the duration");
  if (at(";")) { // every qubit
    if (circuit_.qubits() == 0) fail(where, "declare qubits before a delay");
    count_step(static_cast<std::size_t>(circuit_.qubits()));
    for (int qubit = 0; qubit < circuit_.qubits(); ++qubit) operation.qubits.push_back(qubit);
  } else {
    do {
      const Qubits qubits = parse_qubit_operand();
      operation.qubits.insert(operation.qubits.end(), qubits.begin(), qubits.end());
      if (operation.qubits.size() > static_cast<std::size_t>(largest_register))
        fail(where, "this delay names too many qubits");
    } while (take_if(","));
  }
  expect(";", "after the delay");
  add(std::move(operation), where);
}

void QasmParser::parse_box() {
  take();
  double duration_ns = 0;
  if (take_if("[")) {
    const Token& length = peek();
    duration_ns = parse_duration();
    if (!(duration_ns > 0)) fail(length, "expected a box that lasts longer than zero");
    expect("]", "after the duration");
  }
  if (!at("{")) fail_expected("'{' and what is in the box");
  const std::size_t first = circuit_.operations().size(), outer_names = declared_.size();
  parse_block_or_statement();
  for (; declared_.size() > outer_names; declared_.pop_back()) { // names of the box end with it
    variables_.erase(declared_.back());
    qubit_names_.erase(declared_.back());
  }
  for (std::size_t k = first; k < circuit_.operations().size(); ++k) { // what putting the box around them costs
    const std::size_t named = circuit_.operations()[k].qubits.size();
    count_step(named > 0 ? named : static_cast<std::size_t>(circuit_.qubits()));
  }
  circuit_.box(first, duration_ns);
}

} // namespace bloch::quantum
