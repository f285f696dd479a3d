#include <cmath>
#include <numeric>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t most_conditions = 16;

} // namespace

// Names of qubits and bits, what is done with them beside gates, and conditions.

QasmParser::Qubits QasmParser::parse_qubit_operand() {
  const Token name = peek();
  if (name.kind != TokenKind::identifier) fail_expected("a qubit or a register of qubits");
  take();
  if (body_gate_) {
    for (std::size_t k = 0; k < body_gate_->qubits.size(); ++k)
      if (body_gate_->qubits[k] == name.text) return {body_qubits_ ? (*body_qubits_)[k] : static_cast<int>(k)};
    fail(name, "the gate has no qubit called '" + std::string(name.text) + "'");
  }
  const auto found = qubit_names_.find(name.text);
  if (found == qubit_names_.end()) fail(name, "there are no qubits called '" + std::string(name.text) + "'");
  if (at("[")) return parse_indices(found->second, "qubit");
  count_step(found->second.size());
  return found->second;
}

/// Every qubit in sight: of the program, or in a gate's body of the gate.
QasmParser::Qubits QasmParser::all_qubits() const {
  if (body_gate_ && body_qubits_) return *body_qubits_;
  Qubits qubits(body_gate_ ? body_gate_->qubits.size() : static_cast<std::size_t>(circuit_.qubits()));
  std::iota(qubits.begin(), qubits.end(), 0);
  return qubits;
}

QasmParser::Qubits QasmParser::parse_bit_operand(Register* whole) {
  const Token name = peek();
  if (name.kind != TokenKind::identifier) fail_expected("a classical bit or a register of bits");
  take();
  const auto found = bit_names_.find(name.text);
  if (found == bit_names_.end())
    fail(name, "there are no classical bits called '" + std::string(name.text) + "'");
  if (!at("[")) count_step(found->second.size());
  const Qubits bits = at("[") ? parse_indices(found->second, "bit") : found->second;
  if (whole) *whole = {std::string(name.text), bits.empty() ? 0 : bits.front(), static_cast<int>(bits.size())};
  return bits;
}

QasmParser::Qubits QasmParser::parse_indices(const Qubits& all, std::string_view what) {
  const Token where = take();
  const int size = static_cast<int>(all.size());
  const auto checked = [&](double index) {
    if (index < 0 && version_ == 3) index += size;
    if (!(index >= 0 && index < size))
      fail(where, "the index is out of range: there are " + std::to_string(size) + " " + std::string(what) +
                      (size == 1 ? "" : "s") + ", numbered from 0");
    return all[static_cast<std::size_t>(index)];
  };
  Qubits chosen;
  if (version_ == 3 && at("{")) {
    for (const double index : parse_range_or_set()) chosen.push_back(checked(index));
    expect("]");
    return chosen;
  }
  if (version_ == 3 && at(":")) fail_expected("the first index of the range");
  const int first = parse_index("an index");
  if (version_ == 2 || !at(":")) {
    expect("]");
    return {checked(first)};
  }
  take();
  int step = 1, last = parse_index("the end of a range");
  if (take_if(":")) {
    step = last;
    last = parse_index("the end of a range");
  }
  expect("]");
  if (step == 0) fail(where, "the step of a range cannot be 0");
  const int begin = first < 0 ? first + size : first, end = last < 0 ? last + size : last;
  checked(begin);
  checked(end);
  for (int k = begin; step > 0 ? k <= end : k >= end; k += step) chosen.push_back(checked(k));
  count_step(chosen.size());
  if (chosen.empty()) fail(where, "this range is empty");
  return chosen;
}

/// [a:b], [a:step:b] or {a, b, c}, of whole numbers.
std::vector<double> QasmParser::parse_range_or_set() {
  std::vector<double> values;
  if (take_if("{")) {
    do values.push_back(parse_index("an element of the set"));
    while (take_if(","));
    expect("}");
    return values;
  }
  const Token where = peek();
  expect("[", "or '{' after 'in'");
  const double first = parse_index("the start of the range");
  expect(":");
  double step = 1, last = parse_index("the end of the range");
  if (take_if(":")) {
    step = last;
    last = parse_index("the end of the range");
  }
  expect("]");
  if (step == 0) fail(where, "the step of a range cannot be 0");
  const double turns = std::floor((last - first) / step) + 1;
  if (turns > static_cast<double>(options_.most_steps)) fail(where, "this loop has too many turns");
  for (double k = 0; k < turns; ++k) values.push_back(first + k * step);
  return values;
}

void QasmParser::parse_measure_arrow() {
  take();
  const Token where = peek();
  const Qubits qubits = parse_qubit_operand();
  if (version_ == 3 && at(";")) fail(where, "a measurement needs bits to go to, as in 'c = measure q;'");
  expect("->", "and the bits to measure into");
  const Qubits bits = parse_bit_operand();
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

void QasmParser::parse_measure_assignment(const Qubits& bits) {
  const Token where = peek();
  if (!take_if("measure")) fail_expected("'measure' and qubits");
  const Qubits qubits = parse_qubit_operand();
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
    } while (take_if(","));
  }
  expect(";", "after the barrier");
  count_step(operation.qubits.size());
  return operation;
}

// Conditions

bool QasmParser::at_bit_name() const {
  return peek().kind == TokenKind::identifier && bit_names_.contains(peek().text);
}

/// (a && b && …) of comparisons with measured bits, or one comparison of constants.
QasmParser::Test QasmParser::parse_test() {
  Test test = parse_comparison();
  while (take_if("&&")) {
    const Token where = peek();
    const Test more = parse_comparison();
    if (test.constant || more.constant)
      fail(where, "conditions on constants and on measured bits cannot be joined");
    test.conditions.insert(test.conditions.end(), more.conditions.begin(), more.conditions.end());
    if (test.conditions.size() > most_conditions) fail(where, "this condition is too long");
  }
  if (at("||")) fail(peek(), "'||' is not supported on measured bits; write two ifs");
  return test;
}

QasmParser::Test QasmParser::parse_comparison() {
  if (++depth_ > 200) fail(peek(), "this is nested too deeply");
  Test test;
  if (take_if("(")) {
    test = parse_test();
    expect(")");
  } else if (take_if("!")) {
    const Token where = peek();
    test = parse_comparison();
    if (test.constant)
      test.value = !test.value;
    else if (test.conditions.size() == 1)
      test.conditions[0].equal = !test.conditions[0].equal;
    else
      fail(where, "'!' applies to one comparison");
  } else if (at_bit_name()) {
    const Token where = peek();
    Register bits;
    const Qubits chosen = parse_bit_operand(&bits);
    for (std::size_t k = 1; k < chosen.size(); ++k)
      if (chosen[k] != chosen[k - 1] + 1) fail(where, "a condition reads neighbouring bits in order");
    Condition condition{bits.first, bits.size, 1, true};
    if (at("==") || at("!=")) {
      condition.equal = take().text == "==";
      const Token value = peek();
      if (value.kind == TokenKind::integer && (peek(1).text == ")" || peek(1).text == "&&")) {
        condition.value = value.integer;
        take();
      } else if (value.kind == TokenKind::text) { // "0101", bit 0 rightmost
        take();
        if (value.text.size() > 64 || value.text.find_first_not_of("01") != std::string_view::npos)
          fail(value, "expected a bit string");
        condition.value = 0;
        for (const char bit : value.text) condition.value = condition.value * 2 + (bit == '1' ? 1 : 0);
      } else {
        const int number = parse_index("the value to compare with");
        if (number < 0) fail(value, "expected a value that is not negative");
        condition.value = static_cast<std::uint64_t>(number);
      }
    } else if (at("<") || at(">") || at("<=") || at(">=") || chosen.size() != 1)
      fail_expected("'==' or '!='");
    test.conditions.push_back(condition);
  } else {
    const QasmValue left = parse_expression();
    test.constant = true;
    const Token sign = peek();
    if (at("==") || at("!=") || at("<") || at(">") || at("<=") || at(">=")) {
      take();
      if (at_bit_name()) fail(sign, "write the measured bits on the left of the comparison");
      const QasmValue right = parse_expression();
      require_same_kind(sign, left, right);
      const double a = left.number, b = right.number;
      test.value = sign.text == "=="   ? a == b
                   : sign.text == "!=" ? a != b
                   : sign.text == "<"  ? a < b
                   : sign.text == ">"  ? a > b
                   : sign.text == "<=" ? a <= b
                                       : a >= b;
    } else
      test.value = left.number != 0;
  }
  --depth_;
  return test;
}

void QasmParser::parse_if() {
  const Token where = take();
  expect("(", "after 'if'");
  const Test test = parse_test();
  expect(")", "after the condition");
  if (test.constant) {
    if (version_ == 2) fail(where, "expected a register of bits in the condition, as in 'if (c == 1)'");
    test.value ? parse_block_or_statement() : skip_block();
    if (take_if("else")) test.value ? skip_block() : parse_block_or_statement();
    return;
  }
  const std::size_t outer = conditions_.size();
  const bool outer_overwritten = condition_overwritten_;
  conditions_.insert(conditions_.end(), test.conditions.begin(), test.conditions.end());
  if (conditions_.size() > most_conditions) fail(where, "conditions are nested too deeply");
  condition_overwritten_ = false;
  parse_block_or_statement();
  conditions_.resize(outer);
  if (version_ == 3 && at("else")) {
    const Token other = take();
    if (test.conditions.size() != 1)
      fail(other, "'else' after a joined condition is not supported; write a second if");
    if (condition_overwritten_)
      fail(other, "the bits of the condition are measured again before this 'else'; copy it into a second if");
    conditions_.push_back(test.conditions[0]);
    conditions_.back().equal = !conditions_.back().equal;
    parse_block_or_statement();
    conditions_.resize(outer);
  }
  condition_overwritten_ = outer_overwritten || condition_overwritten_;
  if (conditions_.empty()) condition_overwritten_ = false;
}

} // namespace bloch::quantum
