#include <algorithm>
#include <iterator>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t most_conditions = 16;
constexpr std::size_t most_ways = 16;

} // namespace

// Conditions on constants and on measured bits. A step of a circuit asks for several comparisons to hold
// together; what is more than that is read as ways to hold of which no two hold at once.

bool QasmParser::at_bit_name() const {
  return peek().kind == TokenKind::identifier && bit_names_.contains(peek().text);
}

/// A cast around measured bits, which changes nothing: "int[4](c)".
bool QasmParser::take_cast_of_bits() {
  if (!at("int") && !at("uint") && !at("bool") && !at("bit")) return false;
  std::size_t ahead = 1;
  if (peek(ahead).text == "[") {
    while (peek(ahead).text != "]" && peek(ahead).kind != TokenKind::end && ahead < 20) ++ahead;
    ++ahead;
  }
  if (peek(ahead).text != "(" || !bit_names_.contains(peek(ahead + 1).text)) return false;
  position_ += ahead + 1;
  return true;
}

/// Whether '(' opens a part of an expression, not of a condition: "(k + 1) * 2 == 4".
bool QasmParser::at_bracketed_expression() const {
  int open = 0;
  std::size_t ahead = 0;
  do {
    if (peek(ahead).kind == TokenKind::end) return false;
    if (peek(ahead).text == "(") ++open;
    if (peek(ahead).text == ")") --open;
    ++ahead;
  } while (open > 0 && ahead < 1000);
  static constexpr std::string_view signs[] = {"+", "-", "*",  "/", "%", "**", "<<", ">>", "&",
                                               "|", "^", "==", "<", ">", "<=", ">=", "!="};
  return std::find(std::begin(signs), std::end(signs), peek(ahead).text) != std::end(signs);
}

/// What the way says already is left out. returns: false if the way cannot hold then
bool QasmParser::narrow(Conditions& way, const Condition& more) {
  for (const Condition& said : way) {
    if (said.first != more.first || said.size != more.size) continue;
    if (said.value == more.value) return said.equal == more.equal;
    if (said.equal) return !more.equal;
  }
  way.push_back(more);
  return true;
}

QasmParser::Test QasmParser::both(const Token& where, const Test& left, const Test& right) {
  Test result;
  count_step(left.size() * right.size());
  for (const Conditions& first : left)
    for (const Conditions& second : right) {
      Conditions way = first;
      if (!std::all_of(second.begin(), second.end(), [&](const Condition& more) { return narrow(way, more); }))
        continue;
      if (way.size() > most_conditions || result.size() == most_ways) fail(where, "this condition is too long");
      result.push_back(std::move(way));
    }
  return result;
}

/// Each way fails at its first comparison, or at its second with the first fulfilled, and so on.
QasmParser::Test QasmParser::negated(const Token& where, const Test& test) {
  Test result{{}};
  for (const Conditions& way : test) {
    Test failing;
    for (std::size_t k = 0; k < way.size(); ++k) {
      failing.emplace_back(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      failing.back().back().equal = !failing.back().back().equal;
    }
    result = both(where, result, failing);
  }
  return result;
}

/// a || b: a, or b without a.
QasmParser::Test QasmParser::either(const Token& where, const Test& left, const Test& right) {
  for (const Test* side : {&left, &right})
    for (const Conditions& way : *side)
      if (way.empty()) return {{}}; // holds always
  Test result = left;
  const Test more = both(where, negated(where, left), right);
  result.insert(result.end(), more.begin(), more.end());
  if (result.size() > most_ways) fail(where, "this condition is too long");
  return result;
}

bool QasmParser::is_constant(const Test& test) {
  return std::all_of(test.begin(), test.end(), [](const Conditions& way) { return way.empty(); });
}

QasmParser::Test QasmParser::parse_test() {
  const auto parse_all = [this] {
    Test test = parse_comparison();
    while (at("&&")) {
      const Token& where = take();
      test = both(where, test, parse_comparison());
    }
    return test;
  };
  Test test = parse_all();
  while (at("||")) {
    const Token& where = take();
    test = either(where, test, parse_all());
  }
  return test;
}

QasmParser::Test QasmParser::parse_comparison() {
  if (++depth_ > 200) fail(peek(), "this is nested too deeply");
  Test test;
  const Token& where = peek();
  if (take_cast_of_bits())
    test = parse_bit_comparison(true);
  else if (at_bit_name())
    test = parse_bit_comparison(false);
  else if (take_if("!"))
    test = negated(where, parse_comparison());
  else if (at("(") && !at_bracketed_expression()) {
    take();
    test = parse_test();
    expect(")");
  } else if (parse_constant_comparison())
    test = {{}};
  --depth_;
  return test;
}

bool QasmParser::parse_constant_comparison() {
  const QasmValue left = parse_expression();
  const Token sign = peek();
  if (!at("==") && !at("!=") && !at("<") && !at(">") && !at("<=") && !at(">=")) return left.number != 0;
  take();
  if (at_bit_name()) fail(sign, "write the measured bits on the left of the comparison");
  const QasmValue right = parse_expression();
  require_same_kind(sign, left, right);
  const double a = left.number, b = right.number;
  return sign.text == "=="   ? a == b
         : sign.text == "!=" ? a != b
         : sign.text == "<"  ? a < b
         : sign.text == ">"  ? a > b
         : sign.text == "<=" ? a <= b
                             : a >= b;
}

/// Neighbouring bits beside a number; alone, whether one of them is 1.
QasmParser::Test QasmParser::parse_bit_comparison(bool cast) {
  const Condition read = parse_condition_bits();
  if (cast) expect(")");
  const Token& sign = peek();
  const bool less = at("<") || at(">="), ordered = less || at("<=") || at(">");
  if (!ordered && !at("==") && !at("!="))
    return {{{read.first, read.size, read.size == 1 ? 1U : 0U, read.size == 1}}};
  take();
  const std::uint64_t value = parse_bit_value();
  if (!ordered) return {{{read.first, read.size, value, sign.text == "=="}}};
  // The values on one side, one way each, or none of those on the other.
  const std::uint64_t end = read.size < 64 ? std::uint64_t{1} << read.size : ~std::uint64_t{0};
  const std::uint64_t border = std::min(less || value == ~std::uint64_t{0} ? value : value + 1, end);
  const auto listed = [&](std::uint64_t from, std::uint64_t to) {
    Test test;
    for (; from < to; ++from) test.push_back({{read.first, read.size, from, true}});
    return test;
  };
  const bool lower = sign.text.starts_with("<");
  if (lower ? border <= most_ways : end - border <= most_ways)
    return lower ? listed(0, border) : listed(border, end);
  if (lower ? end - border <= most_ways : border <= most_ways)
    return negated(sign, lower ? listed(border, end) : listed(0, border));
  fail(sign, "'" + std::string(sign.text) + "' on measured bits is known next to the lowest or highest " +
                 std::to_string(most_ways) + " values; write '==' or '!='");
}

Condition QasmParser::parse_condition_bits() {
  const Token where = peek();
  Register bits;
  const Qubits chosen = parse_bit_operand(&bits);
  for (std::size_t k = 1; k < chosen.size(); ++k)
    if (chosen[k] != chosen[k - 1] + 1) fail(where, "a condition reads neighbouring bits in order");
  return {bits.first, bits.size, 0, true};
}

/// A whole number or a bit string, "0101" with bit 0 rightmost.
std::uint64_t QasmParser::parse_bit_value() {
  const Token where = peek();
  if (where.kind == TokenKind::text) {
    take();
    if (where.text.size() > 64 || where.text.find_first_not_of("01") != std::string_view::npos)
      fail(where, "expected a bit string");
    std::uint64_t value = 0;
    for (const char bit : where.text) value = value * 2 + (bit == '1' ? 1 : 0);
    return value;
  }
  const std::string_view next = peek(1).text;
  if (where.kind == TokenKind::integer &&
      (next == ")" || next == "&&" || next == "||" || next == "," || next == "{"))
    return take().integer;
  const int number = parse_index("the value to compare with");
  if (number < 0) fail(where, "expected a value that is not negative");
  return static_cast<std::uint64_t>(number);
}

} // namespace bloch::quantum
