#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "quantum/noise/schedule.h"
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

/// In a gate's body on the gate's own qubits.
Operation QasmParser::parse_delay() {
  const Token where = take();
  Operation operation;
  operation.kind = OperationKind::delay;
  expect("[", "and a duration after 'delay'");
  operation.duration_ns = parse_duration();
  expect("]", "after the duration");
  if (at(";")) { // every qubit
    operation.qubits = all_qubits();
    if (operation.qubits.empty()) fail(where, "declare qubits before a delay");
  } else {
    do {
      const Qubits qubits = parse_qubit_operand();
      operation.qubits.insert(operation.qubits.end(), qubits.begin(), qubits.end());
      if (operation.qubits.size() > static_cast<std::size_t>(largest_register))
        fail(where, "this delay names too many qubits");
    } while (take_if(",") && !at(";"));
  }
  expect(";", "after the delay");
  if (body_gate_) require_each_once(where, operation.qubits, "delay");
  count_step(operation.qubits.size());
  return operation;
}

/// In ns, 0: as long as its steps take.
double QasmParser::parse_box_duration() {
  double duration_ns = 0;
  if (take_if("[")) {
    const Token& length = peek();
    duration_ns = parse_duration();
    if (!(duration_ns > 0)) fail(length, "expected a box that lasts longer than zero");
    expect("]", "after the duration");
  }
  if (!at("{")) fail_expected("'{' and what is in the box");
  return duration_ns;
}

void QasmParser::parse_box() {
  take();
  const double duration_ns = parse_box_duration();
  const std::size_t first = circuit_.operations().size();
  ++boxes_around_;
  parse_block_or_statement();
  --boxes_around_;
  close_box(first, duration_ns);
}

/// durationof({ … }): until the last qubit is done, all of them free at the start.
QasmValue QasmParser::parse_durationof(const Token& name) {
  expect("(", "and '{' after durationof");
  expect("{", "and what takes the time");
  const auto outer = std::make_tuple(only_checking_, asked_duration_, timed_boxes_);
  only_checking_ = false;
  asked_duration_ = true;
  timed_boxes_ = 0;
  Steps steps;
  parse_body_statements(steps);
  expect(")");
  std::tie(only_checking_, asked_duration_, timed_boxes_) = outer;
  std::map<int, int> numbers; // of the qubits it names, from 0
  for (Operation& step : steps)
    for (int& qubit : step.qubits)
      qubit = numbers.try_emplace(qubit, static_cast<int>(numbers.size())).first->second;
  Circuit program = std::exchange(circuit_, Circuit(std::max(1, static_cast<int>(numbers.size()))));
  std::vector<Condition> conditions = std::exchange(conditions_, {});
  for (Operation& step : steps) add(std::move(step), name);
  std::swap(circuit_, program);
  conditions_ = std::move(conditions);
  try {
    return {length_ns(program, times_), false, true};
  } catch (const std::invalid_argument& error) {
    fail(name, error.what());
  }
}

void QasmParser::close_box(std::size_t first, double duration_ns) {
  for (std::size_t k = first; k < circuit_.operations().size(); ++k) { // what putting the box around them costs
    const std::size_t named = circuit_.operations()[k].qubits.size();
    count_step(named > 0 ? named : static_cast<std::size_t>(circuit_.qubits()));
  }
  circuit_.box(first, duration_ns);
}

} // namespace bloch::quantum
