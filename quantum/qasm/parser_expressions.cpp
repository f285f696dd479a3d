#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr int deepest_expression = 200;

/// Counts how deep the reader is, so that a hostile program cannot use up the stack.
class QasmDepth {
 public:
  explicit QasmDepth(int& depth)
      : depth_(depth) {
    ++depth_;
  }
  ~QasmDepth() { --depth_; }
  QasmDepth(const QasmDepth&) = delete;
  QasmDepth& operator=(const QasmDepth&) = delete;

 private:
  int& depth_;
};

constexpr int additive = 5;

/// 0: no operator between numbers. Comparisons stand in conditions alone; version 2 begins with sums.
int tightness(const Token& token) {
  if (token.kind != TokenKind::symbol) return 0;
  const char first = token.text[0];
  if (token.text.size() == 2) return token.text == "<<" || token.text == ">>" ? 4 : 0;
  if (token.text.size() != 1) return 0;
  switch (first) {
  case '|':
    return 1;
  case '^':
    return 2;
  case '&':
    return 3;
  case '+':
  case '-':
    return additive;
  case '*':
  case '/':
  case '%':
    return 6;
  default:
    return 0;
  }
}

/// As an integer, and exactly as a double.
bool fits_int64(double value) { return std::abs(value) < 9.0e15; }

bool is_cast(std::string_view name) {
  return name == "int" || name == "uint" || name == "float" || name == "angle" || name == "bool";
}

} // namespace

double QasmParser::parse_number() {
  const Token& where = peek();
  const double number = parse_plain();
  if (!std::isfinite(number)) fail(where, "this expression is not a finite number");
  return number;
}

/// Any number but a duration.
double QasmParser::parse_plain() {
  const Token& where = peek();
  const QasmValue value = parse_expression();
  if (value.duration) fail(where, "expected a number, not a duration");
  return value.number;
}

int QasmParser::parse_index(std::string_view what) {
  const Token& where = peek();
  const QasmValue value = parse_expression();
  if (!value.whole || !(std::abs(value.number) <= 1e9))
    fail(where, "expected a whole number for " + std::string(what));
  return static_cast<int>(value.number);
}

QasmValue QasmParser::parse_expression() {
  const QasmDepth depth(depth_);
  if (depth_ > deepest_expression) fail(peek(), "this is nested too deeply");
  return parse_binary(version_ == 3 ? 1 : additive);
}

/// What binds at least as tightly as `loosest`, from left to right.
QasmValue QasmParser::parse_binary(int loosest) {
  QasmValue left = parse_unary();
  for (int binds = tightness(peek()); binds >= loosest; binds = tightness(peek())) {
    const Token& sign = take();
    left = combined(sign, sign.text, left, parse_binary(binds + 1));
  }
  return left;
}

/// how: the operator; the sign may be of an assignment, "+="
QasmValue QasmParser::combined(const Token& sign, std::string_view how, const QasmValue& left,
                               const QasmValue& right) const {
  const double a = left.number, b = right.number;
  const bool whole = left.whole && right.whole;
  QasmValue result;
  if (how == "+" || how == "-") {
    require_same_kind(sign, left, right);
    result = {how == "+" ? a + b : a - b, whole, left.duration};
  } else if (how == "*") {
    if (left.duration && right.duration)
      fail(sign, "a duration is multiplied or divided by a number, or divided by a duration");
    result = {a * b, whole, left.duration || right.duration};
  } else if (how == "/" || how == "%") {
    result = divided(sign, left, right);
  } else if (how == "**") {
    if (left.duration || right.duration) fail(sign, "expected numbers, not durations");
    result = {std::pow(a, b), whole && b >= 0};
  } else {
    if (!whole || !fits_int64(a) || !fits_int64(b))
      fail(sign, "expected whole numbers on both sides of '" + std::string(sign.text) + "'");
    const auto i = static_cast<std::int64_t>(a), j = static_cast<std::int64_t>(b);
    if ((how == "<<" || how == ">>") && j < 0) fail(sign, "expected a shift that is not below zero");
    result = {how == "|"    ? static_cast<double>(i | j)
              : how == "&"  ? static_cast<double>(i & j)
              : how == "^"  ? static_cast<double>(i ^ j)
              : how == "<<" ? std::ldexp(a, static_cast<int>(std::min<std::int64_t>(j, 64)))
                            : static_cast<double>(i >> std::min<std::int64_t>(j, 62)),
              true};
  }
  if (result.whole && !fits_int64(result.number)) result.whole = false;
  return result;
}

/// OpenQASM 2 has real division only; 3 divides whole numbers as C does, but for us not in the exponent of
/// 'pow'.
QasmValue QasmParser::divided(const Token& sign, const QasmValue& left, const QasmValue& right) const {
  const double a = left.number, b = right.number;
  if ((left.duration || right.duration) && (!left.duration || sign.text.starts_with("%")))
    fail(sign, "a duration is multiplied or divided by a number, or divided by a duration");
  if (b == 0 && !only_checking_) fail(sign, "division by zero");
  if (left.duration) return {a / b, false, !right.duration};
  const bool whole = left.whole && right.whole;
  if (sign.text.starts_with("%")) return {std::fmod(a, b), whole};
  if (whole && version_ == 3 && !real_division_) return {std::trunc(a / b), true};
  return {a / b, false};
}

QasmValue QasmParser::parse_unary() {
  const QasmDepth depth(depth_);
  if (depth_ > deepest_expression) fail(peek(), "this is nested too deeply");
  if (take_if("-")) {
    const QasmValue value = parse_unary();
    return {-value.number, value.whole, value.duration};
  }
  if (take_if("+")) return parse_unary();
  if (version_ == 3 && at("~")) {
    const Token& sign = take();
    const QasmValue value = parse_unary();
    if (!value.whole) fail(sign, "expected a whole number after '~'");
    return {-value.number - 1, true};
  }
  return parse_power();
}

QasmValue QasmParser::parse_power() {
  const QasmValue base = parse_primary();
  if (!at("**") && !(version_ == 2 && at("^"))) return base; // in version 3 '^' is the exclusive or
  const Token& sign = take();
  return combined(sign, "**", base, parse_unary()); // to the right first
}

QasmValue QasmParser::parse_primary() {
  const Token& token = peek();
  if (token.kind == TokenKind::integer) {
    take();
    return with_unit({token.number, token.integer < (std::uint64_t{1} << 53)});
  }
  if (token.kind == TokenKind::real) {
    take();
    return with_unit({token.number, false});
  }
  if (take_if("(")) {
    const QasmValue value = parse_expression();
    expect(")");
    return value;
  }
  if (token.kind != TokenKind::identifier) fail_expected("a number, a name or '('");
  const bool call = peek(1).text == "(" || (version_ == 3 && is_cast(token.text) && peek(1).text == "[");
  if (call && peek(1).kind == TokenKind::symbol) return parse_function(take());
  take();
  const QasmValue value = parse_named(token);
  return version_ == 3 && value.whole && at("[") ? parse_bit_of(value) : value;
}

/// The bit of a whole number: "a[2]".
QasmValue QasmParser::parse_bit_of(const QasmValue& value) {
  const Token& where = take();
  const int index = parse_index("the number of a bit");
  if (index < 0 || index > 62 || value.number < 0)
    fail(where, "expected bit 0 to 62 of a number that is not below zero");
  expect("]", "after the bit");
  return {static_cast<double>(static_cast<std::int64_t>(value.number) >> index & 1), true};
}

QasmValue QasmParser::parse_named(const Token& token) {
  for (std::size_t k = body_loops_.size(); k-- > first_body_loop_;)
    if (body_loops_[k].first == token.text) return body_loops_[k].second;
  if (body_gate_)
    for (std::size_t k = 0; k < body_gate_->parameters.size(); ++k)
      if (body_gate_->parameters[k] == token.text) return {body_angles_ ? (*body_angles_)[k] : 1.0, false};
  if (const auto found = variables_.find(token.text); found != variables_.end()) {
    if (body_gate_ && !found->second.constant)
      fail(token, "a gate reads constants only; declare '" + std::string(token.text) + "' with 'const'");
    return found->second;
  }
  if (token.text == "pi" || token.text == "\u03c0") return {std::numbers::pi, false};
  if (version_ == 3) {
    if (token.text == "tau" || token.text == "\u03c4") return {2 * std::numbers::pi, false};
    if (token.text == "euler" || token.text == "\u2107") return {std::numbers::e, false};
    if (token.text == "true") return {1, true};
    if (token.text == "false") return {0, true};
  }
  fail(token, "there is no number called '" + std::string(token.text) + "'");
}

} // namespace bloch::quantum
