#include <algorithm>
#include <cmath>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {

// Qubits, classical bits, constants, variables and aliases.

void QasmParser::declare(const Token& name) {
  if (qubit_names_.contains(name.text) || bit_names_.contains(name.text) || variables_.contains(name.text))
    fail(name, "'" + std::string(name.text) + "' is declared already");
}

/// The names of a block end with it.
void QasmParser::end_scope(std::size_t outer_names) {
  for (; declared_.size() > outer_names; declared_.pop_back()) {
    variables_.erase(declared_.back());
    qubit_names_.erase(declared_.back());
    bit_names_.erase(declared_.back());
  }
}

void QasmParser::parse_qubits(bool version_2) {
  take();
  int size = 1;
  const auto bracket = [&] {
    if (take_if("[")) {
      const Token& where = peek();
      size = parse_index("the number of qubits");
      if (size < 1 || size > largest_register - circuit_.qubits())
        fail(where, "a program has 1 to " + std::to_string(largest_register) + " qubits");
      expect("]");
    }
  };
  if (!version_2) bracket();
  const Token name = peek();
  expect_name("a name for the qubits");
  declare(name);
  if (version_2) {
    if (!at("[") && version_ == 2) fail_expected("'[' and the number of qubits");
    bracket();
  }
  expect(";", "after the declaration");
  if (circuit_.qubits() + size > largest_register)
    fail(name, "a program has 1 to " + std::to_string(largest_register) + " qubits");
  const int first = circuit_.add_qubits(std::string(name.text), size);
  Qubits qubits(static_cast<std::size_t>(size));
  for (int k = 0; k < size; ++k) qubits[k] = first + k;
  qubit_names_.emplace(name.text, std::move(qubits));
}

/// A register that a block has left is used again, so that bits of a loop are declared once.
int QasmParser::first_of_bits(const Token& name, int size) {
  std::string free(name.text);
  for (auto found = bit_registers_.find(free); found != bit_registers_.end();
       found = bit_registers_.find(free)) {
    if (found->second.size == size && !bit_names_.contains(free)) return found->second.first;
    free += "_";
  }
  if (circuit_.bits() + size > largest_register)
    fail(name, "a program has 1 to " + std::to_string(largest_register) + " classical bits");
  const int first = circuit_.add_bits(free, size);
  bit_registers_[free] = {free, first, size};
  return first;
}

void QasmParser::parse_bits(bool version_2) {
  take();
  int size = 1;
  const auto bracket = [&] {
    if (take_if("[")) {
      const Token& where = peek();
      size = parse_index("the number of bits");
      if (size < 1 || size > largest_register - circuit_.bits())
        fail(where, "a program has 1 to " + std::to_string(largest_register) + " classical bits");
      expect("]");
    }
  };
  if (!version_2) bracket();
  const Token name = peek();
  expect_name("a name for the bits");
  declare(name);
  if (version_2) {
    if (!at("[") && version_ == 2) fail_expected("'[' and the number of bits");
    bracket();
  }
  const int declared_bits = circuit_.bits(), first = first_of_bits(name, size);
  const bool fresh = first == declared_bits;
  Qubits bits(static_cast<std::size_t>(size));
  for (int k = 0; k < size; ++k) bits[k] = first + k;
  bit_names_.emplace(name.text, bits);
  declared_.emplace_back(name.text);
  if (version_ == 3 && take_if("=")) {
    if (at("measure")) return parse_measure_assignment(bits);
    const Token& value = peek();
    if (!fresh || parse_bit_value() != 0)
      fail(value, "bits begin as 0 and only a measurement sets them; expected 'measure'");
  }
  expect(";", "after the declaration");
}

double QasmParser::input_value(const Token& name, const QasmValue& type) const {
  const auto found = options_.inputs.find(name.text);
  if (found == options_.inputs.end())
    fail(name, "no value is given for the input '" + std::string(name.text) + "'");
  if (!std::isfinite(found->second) || (type.whole && found->second != std::floor(found->second)))
    fail(name, std::string("expected a ") + (type.whole ? "whole" : "finite") + " number for the input '" +
                   std::string(name.text) + "'");
  return found->second;
}

void QasmParser::parse_constant() {
  const bool constant = take_if("const"), input = !constant && take_if("input");
  const std::string_view type = expect_name("a type");
  const bool whole = type == "int" || type == "uint" || type == "bool", duration = type == "duration";
  if (!whole && !duration && type != "float" && type != "angle")
    fail_expected("int, uint, float, angle, bool or duration before the name");
  if (take_if("[")) {
    parse_index("the width of the type");
    expect("]");
  }
  const Token name = peek();
  expect_name("a name");
  declare(name);
  QasmValue value{0, whole, duration};
  if (input)
    value.number = input_value(name, value);
  else if (take_if("=")) {
    const Token& where = peek();
    value = parse_expression();
    require_same_kind(where, {0, whole, duration}, value);
    if (whole && !value.whole) fail(where, "expected a whole number for '" + std::string(name.text) + "'");
    value.whole = whole;
  }
  value.constant = constant;
  expect(";", "after the declaration");
  variables_[std::string(name.text)] = value;
  declared_.emplace_back(name.text);
}

void QasmParser::parse_assignment() {
  const Token name = take();
  if (!conditions_.empty()) fail(name, "a variable cannot be set under a condition on measured bits");
  QasmValue& variable = variables_.find(name.text)->second;
  if (variable.constant)
    fail(name, "'" + std::string(name.text) + "' is declared with 'const' and cannot be set");
  const Token& sign = take();
  const std::string_view how = sign.text.substr(0, sign.text.size() - 1);
  if (!sign.text.ends_with("=") || how == "=" || how == "<" || how == ">" || how == "!")
    fail(sign, "expected '=' after the variable");
  const Token& where = peek();
  const QasmValue right = parse_expression();
  if (variable.whole && !right.whole)
    fail(where, "expected a whole number for '" + std::string(name.text) + "'");
  const QasmValue value = how.empty() ? right : combined(sign, how, variable, right);
  require_same_kind(where, variable, value);
  expect(";", "after the assignment");
  variable.number = variable.whole ? std::trunc(std::clamp(value.number, -9e15, 9e15)) : value.number;
}

void QasmParser::parse_alias() {
  take();
  const Token name = peek();
  expect_name("a name for the qubits");
  declare(name);
  expect("=");
  Qubits qubits = parse_qubit_operand();
  while (take_if("++")) {
    const Qubits more = parse_qubit_operand();
    qubits.insert(qubits.end(), more.begin(), more.end());
    if (qubits.size() > static_cast<std::size_t>(largest_register))
      fail(name, "this alias names too many qubits");
  }
  expect(";", "after the alias");
  qubit_names_.emplace(name.text, std::move(qubits));
  declared_.emplace_back(name.text);
}

} // namespace bloch::quantum
