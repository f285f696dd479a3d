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

QasmParser::QasmParser(const QasmOptions& options)
    : options_(options) {
  if (options.machine) times_ = *options.machine;
  times_.qubit = {};
  times_.qubits.clear();
  times_.idle = true; // a box that is too short is refused
}

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

void QasmParser::parse_version() {
  take();
  const Token& token = take();
  if (token.kind != TokenKind::integer && token.kind != TokenKind::real)
    fail(token, "expected a version number, as in 'OPENQASM 3.0;'");
  version_ = static_cast<int>(std::min(token.number, 1e6));
  version_said_ = true;
  if (version_ != 2 && version_ != 3) fail(token, "OpenQASM 2 and 3 are known, not " + std::string(token.text));
  expect(";", "after the version");
}

void QasmParser::parse_statement() {
  count_step();
  if (++depth_ > 200) fail(peek(), "this is nested too deeply");
  const Token& token = peek();
  if (token.kind != TokenKind::identifier && !at(";") && !at("{")) fail_expected("a statement");
  const std::string_view word = token.text;
  if (!version_said_ && (word == "qubit" || (word == "include" && peek(1).text == "stdgates.inc")))
    version_ = 3; // whose version line may be missing
  const bool three = version_ == 3;
  if (take_if(";")) {
  } else if (word == "output" && three) {
    take(); // what a program tells is its bits
    parse_statement();
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
  else if (word == "nop" && three) {
    for (Operation& use : parse_nop()) add(std::move(use), token);
  } else if (word == "if")
    parse_if();
  else if (word == "for" && three)
    parse_for();
  else if (word == "while" && three)
    parse_while();
  else if (word == "switch" && three)
    parse_switch();
  else if (word == "let" && three)
    parse_alias();
  else if (three && (word == "const" || word == "input" || word == "int" || word == "uint" || word == "float" ||
                     word == "angle" || word == "bool" || word == "duration"))
    parse_constant();
  else if (three && (word == "def" || word == "extern" || word == "defcal" || word == "cal" ||
                     word == "return" || word == "stretch" || word == "array" || word == "complex" ||
                     word == "end" || word == "defcalgrammar" || word == "break" || word == "continue"))
    fail(token, "'" + std::string(word) +
                    "' is not supported; gates, measurement, reset, for, while, if, switch, delay, box and "
                    "constants are");
  else if (three && bit_names_.contains(word)) {
    const Qubits bits = parse_bit_operand();
    expect("=", "before 'measure'");
    parse_measure_assignment(bits);
  } else if (three && variables_.contains(word))
    parse_assignment();
  else {
    Steps steps;
    parse_gate_call(steps);
    for (Operation& operation : steps) add(std::move(operation), token);
  }
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

/// What a for, an if or a box holds: a scope of its own.
void QasmParser::parse_block_or_statement() {
  const std::size_t outer_names = declared_.size();
  if (take_if("{")) {
    while (!at("}")) {
      if (peek().kind == TokenKind::end) fail_expected("'}'");
      parse_statement();
    }
    take();
  } else
    parse_statement();
  end_scope(outer_names);
}

} // namespace bloch::quantum
