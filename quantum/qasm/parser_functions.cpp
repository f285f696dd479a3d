#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

struct QasmFunction {
  std::string_view name;
  double (*call)(double);
};

constexpr QasmFunction real_functions[] = {
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

constexpr QasmFunction whole_functions[] = {
    {"floor", [](double v) { return std::floor(v); }},
    {"ceiling", [](double v) { return std::ceil(v); }},
    {"int", [](double v) { return std::trunc(v); }},
    {"uint", [](double v) { return std::trunc(v); }},
    {"bool", [](double v) { return v != 0 ? 1.0 : 0.0; }},
    {"popcount",
     [](double v) {
       return v >= 0 && v < 9.0e15 ? std::popcount(static_cast<std::uint64_t>(v)) : std::nan("");
     }},
};

template <std::size_t Count>
const QasmFunction* find_function(const QasmFunction (&functions)[Count], std::string_view name) {
  for (const QasmFunction& function : functions)
    if (function.name == name) return &function;
  return nullptr;
}

} // namespace

/// A function of numbers, or a cast: "sin(x)", "uint[4](x)".
QasmValue QasmParser::parse_function(const Token& name) {
  if (name.text == "durationof" && version_ == 3) return parse_durationof(name);
  if (take_if("[")) {
    parse_index("the width of the type");
    expect("]");
  }
  expect("(");
  const double x = parse_plain();
  double result = 0;
  bool whole = false;
  if (name.text == "pow" || name.text == "mod") {
    expect(",");
    const double y = parse_plain();
    result = name.text == "pow" ? std::pow(x, y) : std::fmod(x, y);
    whole = name.text == "mod" && x == std::floor(x) && y == std::floor(y);
  } else if (const QasmFunction* of_reals = find_function(real_functions, name.text))
    result = of_reals->call(x);
  else if (const QasmFunction* to_whole = find_function(whole_functions, name.text)) {
    result = to_whole->call(x);
    whole = true;
  } else
    fail(name, "there is no function called '" + std::string(name.text) + "'");
  expect(")");
  if (!std::isfinite(result) && !only_checking_)
    fail(name, "the value of " + std::string(name.text) + " is not a finite number");
  return {result, whole && std::abs(result) < 9.0e15};
}

} // namespace bloch::quantum
