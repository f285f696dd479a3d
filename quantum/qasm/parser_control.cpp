#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t most_conditions = 16;

} // namespace

// Loops, and conditions on constants and on measured bits.

/// "for int k in [a:b]" or "for float t in {a, b}", up to what is repeated.
QasmParser::Loop QasmParser::parse_loop() {
  take();
  std::string_view type;
  if (peek(1).text != "in") { // a type before the name
    type = expect_name("a type or a name");
    if (take_if("[")) {
      parse_index("the width of the type");
      expect("]");
    }
  }
  Loop loop;
  loop.name = peek();
  expect_name("a name for the loop's variable");
  if (!take_if("in")) fail_expected("'in'");
  if (at_bit_name()) fail(peek(), "a loop over measured bits is not supported; expected '[' or '{' after 'in'");
  const bool duration = type == "duration";
  if (at("{") && (duration || type == "float" || type == "angle")) {
    take();
    do {
      const Token& where = peek();
      const QasmValue value = parse_expression();
      require_same_kind(where, {0, false, duration}, value);
      loop.values.push_back({value.number, false, duration});
    } while (take_if(",") && !at("}"));
    expect("}");
  } else
    for (const double value : parse_range_or_set())
      loop.values.push_back({value, type != "float" && type != "angle", false});
  return loop;
}

/// What is repeated is read once a turn; without turns it is passed over.
void QasmParser::run_loop(const Loop& loop, const std::function<void(const QasmValue&)>& turn) {
  const std::size_t body = position_;
  for (const QasmValue& value : loop.values) {
    count_step();
    position_ = body;
    turn(value);
  }
  if (loop.values.empty()) skip_statement();
}

void QasmParser::parse_for() {
  const Loop loop = parse_loop();
  declare(loop.name);
  const std::string name(loop.name.text);
  run_loop(loop, [&](const QasmValue& value) {
    variables_[name] = value;
    parse_block_or_statement();
  });
  variables_.erase(name);
}

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
    test.value ? parse_block_or_statement() : skip_statement();
    if (take_if("else")) test.value ? skip_statement() : parse_block_or_statement();
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
