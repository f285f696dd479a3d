#include <cmath>
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

bool fits_int64(double value) { return std::abs(value) < 9.0e15; }

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
  if (!value.whole || std::abs(value.number) > 1e9)
    fail(where, "expected a whole number for " + std::string(what));
  return static_cast<int>(value.number);
}

QasmValue QasmParser::parse_expression() {
  const QasmDepth depth(depth_);
  if (depth_ > deepest_expression) fail(peek(), "this is nested too deeply");
  return parse_sum();
}

QasmValue QasmParser::parse_sum() {
  QasmValue left = parse_product();
  while (at("+") || at("-")) {
    const Token& sign = take();
    const QasmValue right = parse_product();
    require_same_kind(sign, left, right);
    left = {sign.text == "+" ? left.number + right.number : left.number - right.number,
            left.whole && right.whole, left.duration};
  }
  return left;
}

QasmValue QasmParser::parse_product() {
  QasmValue left = parse_unary();
  while (at("*") || at("/") || at("%")) {
    const Token& sign = take();
    const QasmValue right = parse_unary();
    const bool whole = left.whole && right.whole;
    if (left.duration || right.duration) {
      if (sign.text == "*" ? left.duration && right.duration : !left.duration || sign.text == "%")
        fail(sign, "a duration is multiplied or divided by a number, or divided by a duration");
      if (sign.text == "/" && right.number == 0 && !only_checking_) fail(sign, "division by zero");
      left = sign.text == "*" ? QasmValue{left.number * right.number, false, true}
                              : QasmValue{left.number / right.number, false, !right.duration};
    } else if (sign.text == "*")
      left = {left.number * right.number, whole};
    else {
      if (right.number == 0 && !only_checking_) fail(sign, "division by zero");
      // OpenQASM 2 has real division only; 3 divides whole numbers as C does.
      if (sign.text == "%")
        left = {std::fmod(left.number, right.number), whole};
      else if (whole && version_ == 3)
        left = {std::trunc(left.number / right.number), true};
      else
        left = {left.number / right.number, false};
    }
    if (left.whole && !fits_int64(left.number)) left.whole = false;
  }
  return left;
}

QasmValue QasmParser::parse_unary() {
  const QasmDepth depth(depth_);
  if (depth_ > deepest_expression) fail(peek(), "this is nested too deeply");
  if (take_if("-")) {
    const QasmValue value = parse_unary();
    return {-value.number, value.whole, value.duration};
  }
  if (take_if("+")) return parse_unary();
  return parse_power();
}

QasmValue QasmParser::parse_power() {
  const QasmValue base = parse_primary();
  if (!at("^") && !at("**")) return base;
  const Token& sign = take();
  const QasmValue exponent = parse_unary(); // to the right first
  if (base.duration || exponent.duration) fail(sign, "expected numbers, not durations");
  const double number = std::pow(base.number, exponent.number);
  return {number, base.whole && exponent.whole && exponent.number >= 0 && fits_int64(number)};
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
  if (peek(1).text == "(" && peek(1).kind == TokenKind::symbol) return parse_function(take());
  take();
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

QasmValue QasmParser::parse_function(const Token& name) {
  if (name.text == "durationof" && version_ == 3) return parse_durationof(name);
  expect("(");
  const double x = parse_plain();
  double y = 0;
  const bool two = name.text == "pow" || name.text == "mod";
  if (two) {
    expect(",");
    y = parse_plain();
  }
  expect(")");
  struct Function {
    std::string_view name;
    double (*call)(double);
  };
  static constexpr Function functions[] = {
      {"sin", [](double v) { return std::sin(v); }},
      {"cos", [](double v) { return std::cos(v); }},
      {"tan", [](double v) { return std::tan(v); }},
      {"exp", [](double v) { return std::exp(v); }},
      {"ln", [](double v) { return std::log(v); }},
      {"log", [](double v) { return std::log(v); }},
      {"sqrt", [](double v) { return std::sqrt(v); }},
      {"arcsin", [](double v) { return std::asin(v); }},
      {"arccos", [](double v) { return std::acos(v); }},
      {"arctan", [](double v) { return std::atan(v); }},
      {"asin", [](double v) { return std::asin(v); }},
      {"acos", [](double v) { return std::acos(v); }},
      {"atan", [](double v) { return std::atan(v); }},
      {"abs", [](double v) { return std::abs(v); }},
      {"float", [](double v) { return v; }},
      {"angle", [](double v) { return v; }},
  };
  double result = 0;
  bool whole = false, found = true;
  if (name.text == "pow")
    result = std::pow(x, y);
  else if (name.text == "mod") {
    result = std::fmod(x, y);
    whole = x == std::floor(x) && y == std::floor(y);
  } else if (name.text == "floor" || name.text == "ceiling" || name.text == "int" || name.text == "uint") {
    result = name.text == "floor" ? std::floor(x) : name.text == "ceiling" ? std::ceil(x) : std::trunc(x);
    whole = true;
  } else {
    found = false;
    for (const Function& function : functions)
      if (function.name == name.text) {
        result = function.call(x);
        found = true;
      }
  }
  if (!found) fail(name, "there is no function called '" + std::string(name.text) + "'");
  if (!std::isfinite(result) && !only_checking_)
    fail(name, "the value of " + std::string(name.text) + " is not a finite number");
  return {result, whole && fits_int64(result)};
}

} // namespace bloch::quantum
