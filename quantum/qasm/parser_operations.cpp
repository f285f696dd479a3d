#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {

// Measurement, reset, barriers, and how every step comes into the circuit.

void QasmParser::add_measurements(const Token& where, const Qubits& qubits, const Qubits& bits) {
  if (qubits.size() != bits.size())
    fail(where, "expected as many bits as qubits: " + std::to_string(qubits.size()) + " qubits go into " +
                    std::to_string(bits.size()) + " bits");
  expect(";", "after the measurement");
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    Operation operation;
    operation.kind = OperationKind::measure;
    operation.qubits = {qubits[k]};
    operation.bit = bits[k];
    add(std::move(operation), where);
  }
}

void QasmParser::parse_measure_arrow() {
  take();
  const Token where = peek();
  const Qubits qubits = parse_qubit_operand();
  if (version_ == 3 && at(";")) fail(where, "a measurement needs bits to go to, as in 'c = measure q;'");
  expect("->", "and the bits to measure into");
  const Qubits bits = parse_bit_operand();
  add_measurements(where, qubits, bits);
}

void QasmParser::parse_measure_assignment(const Qubits& bits) {
  const Token where = peek();
  if (!take_if("measure")) fail_expected("'measure' and qubits");
  const Qubits qubits = parse_qubit_operand();
  add_measurements(where, qubits, bits);
}

void QasmParser::parse_reset() {
  take();
  const Token where = peek();
  const Qubits qubits = parse_qubit_operand();
  expect(";", "after the qubits to reset");
  for (const int qubit : qubits) {
    Operation operation;
    operation.kind = OperationKind::reset;
    operation.qubits = {qubit};
    add(std::move(operation), where);
  }
}

Operation QasmParser::parse_barrier() {
  const Token where = take();
  Operation operation;
  operation.kind = OperationKind::barrier;
  if (at(";")) {
    if (body_gate_) operation.qubits = all_qubits();
  } else {
    do {
      const Qubits qubits = parse_qubit_operand();
      operation.qubits.insert(operation.qubits.end(), qubits.begin(), qubits.end());
      if (operation.qubits.size() > 4 * static_cast<std::size_t>(largest_register))
        fail(where, "this barrier is too long");
    } while (take_if(",") && !at(";"));
  }
  expect(";", "after the barrier");
  count_step(operation.qubits.size());
  return operation;
}

/// Without effect but in a box, which holds the qubits with its own: there a barrier on each says so.
QasmParser::Steps QasmParser::parse_nop() {
  const Token where = take();
  Steps uses;
  while (!at(";")) {
    for (const int qubit : parse_qubit_operand()) {
      Operation use;
      use.kind = OperationKind::barrier;
      use.qubits = {qubit};
      if (boxes_around_ > 0) uses.push_back(std::move(use));
    }
    if (uses.size() > static_cast<std::size_t>(largest_register)) fail(where, "this nop names too many qubits");
    if (!take_if(",")) break;
  }
  expect(";", "after nop");
  count_step(uses.size());
  return uses;
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
      for (const Condition& condition : watched_)
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
