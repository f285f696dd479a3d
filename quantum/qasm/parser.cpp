#include <algorithm>
#include <utility>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t longest_program = std::size_t{64} << 20;
constexpr int deepest_include = 8;
constexpr std::string_view known_libraries[] = {"qelib1.inc", "stdgates.inc"};

} // namespace

Circuit parse_qasm(std::string_view text, const QasmOptions& options) { return QasmParser(options).run(text); }

Circuit QasmParser::run(std::string_view text) {
  parse_source(text);
  if (circuit_.qubits() == 0)
    throw QasmError(1, 1, "the program declares no qubits; expected a line such as 'qreg q[2];'");
  return std::move(circuit_);
}

void QasmParser::parse_source(std::string_view text) {
  if (text.size() > longest_program) throw QasmError(1, 1, "the program is longer than 64 MiB");
  texts_.emplace_back(text);
  sources_.push_back(tokens_of(texts_.back()));
  const std::size_t outer_source = source_, outer_position = position_;
  const int outer_depth = std::exchange(depth_, 0);
  source_ = sources_.size() - 1;
  position_ = 0;
  if (at("OPENQASM")) parse_version();
  while (peek().kind != TokenKind::end) parse_statement();
  source_ = outer_source;
  position_ = outer_position;
  depth_ = outer_depth;
}

// Tokens

const Token& QasmParser::peek(std::size_t ahead) const {
  const std::vector<Token>& tokens = sources_[source_];
  return tokens[std::min(position_ + ahead, tokens.size() - 1)];
}

bool QasmParser::at(std::string_view text) const {
  return peek().kind != TokenKind::text && peek().text == text && !text.empty();
}

const Token& QasmParser::take() {
  const Token& token = peek();
  if (token.kind != TokenKind::end) ++position_;
  return token;
}

bool QasmParser::take_if(std::string_view text) {
  if (!at(text)) return false;
  take();
  return true;
}

void QasmParser::expect(std::string_view text, std::string_view where) {
  if (take_if(text)) return;
  fail_expected("'" + std::string(text) + "'" + (where.empty() ? "" : " " + std::string(where)));
}

std::string_view QasmParser::expect_name(std::string_view what) {
  if (peek().kind != TokenKind::identifier) fail_expected(std::string(what));
  return take().text;
}

void QasmParser::fail(const Token& token, const std::string& what) const {
  throw QasmError(token.line, token.column, what);
}

void QasmParser::fail_expected(const std::string& what) const {
  const Token& token = peek();
  const std::string_view shown = token.text.substr(0, 40);
  fail(token, "expected " + what + ", found " +
                  (token.kind == TokenKind::end ? std::string("the end of the program")
                                                : "'" + std::string(shown) + "'"));
}

void QasmParser::count_step(std::size_t count) {
  steps_ += count;
  if (steps_ > options_.most_steps)
    fail(peek(), "the program has more than " + std::to_string(options_.most_steps) +
                     " steps when its gates and loops are written out");
}

/// Past a block or a single statement, without doing it.
void QasmParser::skip_block() {
  if (!at("{")) {
    while (!at(";") && !at("{") && peek().kind != TokenKind::end) take();
    if (take_if(";")) return;
    if (!at("{")) fail_expected("';'");
  }
  int open = 0;
  do {
    if (peek().kind == TokenKind::end) fail_expected("'}'");
    if (at("{")) ++open;
    if (at("}")) --open;
    take();
  } while (open > 0);
}

// Statements

void QasmParser::parse_version() {
  take();
  const Token& token = take();
  if (token.kind != TokenKind::integer && token.kind != TokenKind::real)
    fail(token, "expected a version number, as in 'OPENQASM 3.0;'");
  version_ = static_cast<int>(std::min(token.number, 1e6));
  if (version_ != 2 && version_ != 3) fail(token, "OpenQASM 2 and 3 are known, not " + std::string(token.text));
  expect(";", "after the version");
}

void QasmParser::parse_statement() {
  count_step();
  if (++depth_ > 200) fail(peek(), "this is nested too deeply");
  const Token& token = peek();
  if (token.kind != TokenKind::identifier && !at(";") && !at("{")) fail_expected("a statement");
  const std::string_view word = token.text;
  const bool three = version_ == 3;
  if (take_if(";")) {
  } else if (word == "{")
    parse_block_or_statement();
  else if (word == "include")
    parse_include();
  else if (word == "qreg")
    parse_qubits(true);
  else if (word == "creg")
    parse_bits(true);
  else if (word == "qubit" && three)
    parse_qubits(false);
  else if (word == "bit" && three)
    parse_bits(false);
  else if (word == "gate")
    parse_gate_definition();
  else if (word == "opaque")
    parse_opaque();
  else if (word == "measure")
    parse_measure_arrow();
  else if (word == "reset")
    parse_reset();
  else if (word == "barrier")
    add(parse_barrier(), token);
  else if (word == "delay" && three)
    add(parse_delay(), token);
  else if (word == "box" && three)
    parse_box();
  else if (word == "if")
    parse_if();
  else if (word == "for" && three)
    parse_for();
  else if (word == "let" && three)
    parse_alias();
  else if (three && (word == "const" || word == "int" || word == "uint" || word == "float" || word == "angle" ||
                     word == "bool" || word == "duration"))
    parse_constant();
  else if (three && (word == "def" || word == "while" || word == "switch" || word == "extern" ||
                     word == "defcal" || word == "cal" || word == "return" || word == "input" ||
                     word == "output" || word == "stretch" || word == "array" || word == "complex" ||
                     word == "end" || word == "defcalgrammar" || word == "break" || word == "continue"))
    fail(token, "'" + std::string(word) +
                    "' is not supported; gates, measurement, reset, for, if, delay, box and constants are");
  else if (three && bit_names_.contains(word)) {
    const Qubits bits = parse_bit_operand();
    expect("=", "before 'measure'");
    parse_measure_assignment(bits);
  } else if (three && variables_.contains(word))
    parse_assignment();
  else
    parse_gate_statement();
  --depth_;
}

void QasmParser::parse_include() {
  take();
  const Token& name = take();
  if (name.kind != TokenKind::text)
    fail(name, "expected a file name in quotes, as in 'include \"qelib1.inc\";'");
  expect(";", "after the file name");
  if (std::find(std::begin(known_libraries), std::end(known_libraries), name.text) !=
      std::end(known_libraries)) {
    library_included_ = true;
    return;
  }
  const std::string shown(name.text.substr(0, 80));
  if (++include_depth_ > deepest_include) fail(name, "includes are nested too deeply");
  std::optional<std::string> text;
  if (options_.read_include) text = options_.read_include(std::string(name.text));
  if (!text) fail(name, "the file '" + shown + "' cannot be read; qelib1.inc and stdgates.inc are built in");
  try {
    parse_source(*text);
  } catch (const QasmError& error) {
    fail(name, "in '" + shown + "': " + error.what());
  }
  --include_depth_;
}

void QasmParser::parse_block_or_statement() {
  if (!take_if("{")) return parse_statement();
  while (!at("}")) {
    if (peek().kind == TokenKind::end) fail_expected("'}'");
    parse_statement();
  }
  take();
}

void QasmParser::declare(const Token& name) {
  if (qubit_names_.contains(name.text) || bit_names_.contains(name.text) || variables_.contains(name.text))
    fail(name, "'" + std::string(name.text) + "' is declared already");
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
    if (!at("[")) fail_expected("'[' and the number of qubits");
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
    if (!at("[")) fail_expected("'[' and the number of bits");
    bracket();
  }
  if (circuit_.bits() + size > largest_register)
    fail(name, "a program has 1 to " + std::to_string(largest_register) + " classical bits");
  const int first = circuit_.add_bits(std::string(name.text), size);
  Qubits bits(static_cast<std::size_t>(size));
  for (int k = 0; k < size; ++k) bits[k] = first + k;
  bit_names_.emplace(name.text, bits);
  if (version_ == 3 && take_if("=")) return parse_measure_assignment(bits);
  expect(";", "after the declaration");
}

void QasmParser::parse_constant() {
  const bool constant = take_if("const");
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
  if (take_if("=")) {
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
  const Token sign = take();
  if (sign.text != "=" && sign.text != "+=" && sign.text != "-=" && sign.text != "*=" && sign.text != "/=")
    fail(sign, "expected '=' after the variable");
  const Token& where = peek();
  const QasmValue value = parse_expression();
  const bool scaled = sign.text == "*=" || sign.text == "/=";
  require_same_kind(where, scaled ? QasmValue{} : variable, value);
  if (variable.whole && !value.whole)
    fail(where, "expected a whole number for '" + std::string(name.text) + "'");
  expect(";", "after the assignment");
  if (sign.text == "=")
    variable.number = value.number;
  else if (sign.text == "+=")
    variable.number += value.number;
  else if (sign.text == "-=")
    variable.number -= value.number;
  else if (sign.text == "*=")
    variable.number *= value.number;
  else if (value.number == 0)
    fail(where, "division by zero");
  else
    variable.number /= value.number;
  if (variable.whole)
    variable.number = static_cast<double>(static_cast<long long>(std::clamp(variable.number, -9e15, 9e15)));
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

void QasmParser::parse_for() {
  take();
  if (peek(1).text != "in") { // a type before the name
    expect_name("a type or a name");
    if (take_if("[")) {
      parse_index("the width of the type");
      expect("]");
    }
  }
  const Token name = peek();
  expect_name("a name for the loop's variable");
  declare(name);
  if (!take_if("in")) fail_expected("'in'");
  const std::vector<double> values = parse_range_or_set();
  run_loop_body(name.text, values);
}

void QasmParser::run_loop_body(std::string_view name, const std::vector<double>& values) {
  const std::size_t body = position_;
  const std::string key(name);
  for (const double value : values) {
    count_step();
    position_ = body;
    variables_[key] = {value, true};
    parse_block_or_statement();
  }
  variables_.erase(key);
  position_ = body;
  skip_block();
}

} // namespace bloch::quantum
