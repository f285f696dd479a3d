#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {

// Which qubits and bits an operand means, and ranges of numbers.

QasmParser::Qubits QasmParser::parse_qubit_operand() {
  const Token name = peek();
  if (name.kind != TokenKind::identifier) fail_expected("a qubit or a register of qubits");
  take();
  if (name.text[0] == '$' && !body_gate_) return hardware_qubit(name);
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

/// $0, $1 …: a register up to the highest number that the program names.
QasmParser::Qubits QasmParser::hardware_qubit(const Token& name) {
  const auto number_of = [this](const Token& token) {
    int number = -1;
    const char* const end = token.text.data() + token.text.size();
    const bool read = std::from_chars(token.text.data() + 1, end, number).ptr == end;
    if (!read || number < 0 || number >= largest_register)
      fail(token, "hardware qubits are numbered $0 to $" + std::to_string(largest_register - 1));
    return number;
  };
  if (first_hardware_qubit_ < 0) {
    int size = 0;
    for (const std::vector<Token>& tokens : sources_)
      for (const Token& token : tokens)
        if (token.kind == TokenKind::identifier && token.text[0] == '$')
          size = std::max(size, number_of(token) + 1);
    if (size > largest_register - circuit_.qubits() || qubit_names_.contains("hardware"))
      fail(name, "hardware qubits find no place beside the qubits that are declared");
    first_hardware_qubit_ = circuit_.add_qubits("hardware", size);
    hardware_qubits_ = size;
    Qubits qubits(static_cast<std::size_t>(size));
    std::iota(qubits.begin(), qubits.end(), first_hardware_qubit_);
    qubit_names_.emplace("hardware", std::move(qubits));
  }
  const int number = number_of(name);
  if (number >= hardware_qubits_) fail(name, "name the highest hardware qubit outside included files first");
  return {first_hardware_qubit_ + number};
}

/// Every qubit in sight: of the program, or in a gate's body of the gate.
QasmParser::Qubits QasmParser::all_qubits() const {
  if (body_gate_ && body_qubits_) return *body_qubits_;
  Qubits qubits(body_gate_ ? body_gate_->qubits.size() : static_cast<std::size_t>(circuit_.qubits()));
  std::iota(qubits.begin(), qubits.end(), 0);
  return qubits;
}

void QasmParser::require_each_once(const Token& where, Qubits qubits, std::string_view step) const {
  std::sort(qubits.begin(), qubits.end());
  if (std::adjacent_find(qubits.begin(), qubits.end()) != qubits.end())
    fail(where, "one qubit is named twice in this " + std::string(step));
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
  const Token& first_index = peek();
  double first = parse_range_end(":", 0, "an index");
  if (version_ == 2 || !at(":")) {
    expect("]");
    return {checked(first)};
  }
  const bool from_start = &first_index == &peek(); // nothing before the ':'
  take();
  const bool no_step = at(":");
  double step = 1, last = parse_range_end("]", size - 1, "the end of a range");
  if (take_if(":")) {
    if (!no_step) step = last;
    last = parse_index("the end of a range");
    if (from_start && step < 0) first = size - 1;
  }
  expect("]");
  if (step == 0) fail(where, "the step of a range cannot be 0");
  const double begin = first < 0 ? first + size : first, end = last < 0 ? last + size : last;
  checked(begin);
  checked(end);
  for (double k = begin; step > 0 ? k <= end : k >= end; k += step) chosen.push_back(checked(k));
  count_step(chosen.size());
  if (chosen.empty()) fail(where, "this range is empty");
  return chosen;
}

/// What stands before ':' or ']'; nothing there means an end of the register.
double QasmParser::parse_range_end(std::string_view close, double missing, std::string_view what) {
  return version_ == 3 && (at(":") || at(close)) ? missing : parse_index(what);
}

/// [a:b], [a:step:b] or {a, b, c}, of whole numbers.
std::vector<double> QasmParser::parse_range_or_set() {
  std::vector<double> values;
  if (take_if("{")) {
    do values.push_back(parse_index("an element of the set"));
    while (take_if(",") && !at("}"));
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

} // namespace bloch::quantum
