#include <set>
#include <utility>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t most_nested_conditions = 16;

} // namespace

// Loops, and what stands under a condition.

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

/// Without a bit in its condition, as a circuit has no loops.
void QasmParser::parse_while() {
  const Token where = take();
  const std::size_t condition = position_;
  while (true) {
    count_step();
    position_ = condition;
    expect("(", "after 'while'");
    const Test test = parse_test();
    expect(")", "after the condition");
    if (!is_constant(test))
      fail(where, "'while' on measured bits is not supported; expected variables and constants");
    if (test.empty()) break;
    parse_block_or_statement();
  }
  skip_statement();
}

/// Reads what stands under a condition once for each way in which the condition can hold.
void QasmParser::parse_under(const Token& where, const Test& test) {
  const std::size_t body = position_, outer = conditions_.size();
  if (test.empty()) skip_statement();
  for (const Conditions& way : test) {
    if (condition_overwritten_)
      fail(where,
           &way == &test.front()
               ? "the bits of the condition are measured again before this '" + std::string(where.text) +
                     "'; copy it into a second if"
               : std::string("the condition can hold in several ways and its bits are measured again under "
                             "it; write an if for each"));
    position_ = body;
    conditions_.insert(conditions_.end(), way.begin(), way.end());
    if (conditions_.size() > most_nested_conditions) fail(where, "conditions are nested too deeply");
    parse_block_or_statement();
    conditions_.resize(outer);
  }
}

/// Until leave_conditions, a measurement into a bit that a test reads is the last step under it.
QasmParser::OuterConditions QasmParser::enter_conditions(const Test& test) {
  const OuterConditions outer{watched_.size(), condition_overwritten_};
  for (const Conditions& way : test) watched_.insert(watched_.end(), way.begin(), way.end());
  condition_overwritten_ = false;
  return outer;
}

void QasmParser::leave_conditions(const OuterConditions& outer) {
  watched_.resize(outer.watched);
  condition_overwritten_ = (outer.overwritten || condition_overwritten_) && !conditions_.empty();
}

void QasmParser::parse_if() {
  const Token where = take();
  expect("(", "after 'if'");
  const Test test = parse_test();
  expect(")", "after the condition");
  if (is_constant(test)) {
    if (version_ == 2) fail(where, "expected a register of bits in the condition, as in 'if (c == 1)'");
    !test.empty() ? parse_block_or_statement() : skip_statement();
    if (take_if("else")) !test.empty() ? skip_statement() : parse_block_or_statement();
    return;
  }
  const OuterConditions outer = enter_conditions(test);
  parse_under(where, test);
  if (version_ == 3 && at("else")) {
    const Token& other = take();
    parse_under(other, negated(other, test));
  }
  leave_conditions(outer);
}

/// switch (c) { case 1, 2 { … } default { … } }: of whole numbers, or of neighbouring bits.
void QasmParser::parse_switch() {
  take();
  expect("(", "after 'switch'");
  const bool cast = take_cast_of_bits(), bits = cast || at_bit_name();
  Condition read;
  int value = 0;
  if (bits)
    read = parse_condition_bits();
  else
    value = parse_index("what to switch on");
  if (cast) expect(")");
  expect(")", "after what to switch on");
  expect("{", "and the cases");
  Test other{{}}; // what no case has taken
  std::set<std::uint64_t> taken;
  const OuterConditions outer = enter_conditions(bits ? Test{{read}} : Test{});
  while (at("case")) {
    const Token& where = take();
    Test test;
    do {
      const Token& label = peek();
      std::uint64_t number = 0;
      if (bits)
        number = parse_bit_value();
      else
        number = static_cast<std::uint64_t>(static_cast<std::int64_t>(parse_index("a case")));
      if (!taken.insert(number).second) fail(label, "this case stands here twice");
      if (bits)
        test.push_back({{read.first, read.size, number, true}});
      else if (number == static_cast<std::uint64_t>(static_cast<std::int64_t>(value)))
        test.emplace_back();
    } while (take_if(",") && !at("{"));
    if (!at("{")) fail_expected("'{' after the case");
    if (test.size() > most_nested_conditions) fail(where, "this case has too many values");
    parse_under(where, test);
    other = both(where, other, negated(where, test));
  }
  if (taken.empty()) fail_expected("'case'");
  if (at("default")) {
    const Token& where = take();
    if (!at("{")) fail_expected("'{' after 'default'");
    parse_under(where, other);
  }
  expect("}", "after the cases");
  leave_conditions(outer);
}

} // namespace bloch::quantum
