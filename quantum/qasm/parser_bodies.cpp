#include <algorithm>
#include <iterator>
#include <tuple>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {
namespace {

constexpr std::string_view not_in_bodies[] = {"const",   "duration", "float", "angle",    "int",     "uint",
                                              "bool",    "bit",      "qubit", "let",      "measure", "reset",
                                              "if",      "switch",   "while", "continue", "end",     "return",
                                              "stretch", "gate",     "break", "def"};

} // namespace

// The bodies of gates, and the scope of durationof: statements that are read into steps. A loop is written out
// here, so that modifiers of the gate apply to its turns.

QasmParser::Steps QasmParser::steps_of_body(const QasmGate& gate, const std::vector<double>& angles,
                                            const Qubits& qubits) {
  const auto outer =
      std::make_tuple(body_gate_, body_angles_, body_qubits_, source_, position_, first_body_loop_);
  body_gate_ = &gate;
  body_angles_ = &angles;
  body_qubits_ = &qubits;
  source_ = gate.source;
  position_ = gate.body;
  first_body_loop_ = body_loops_.size();
  Steps steps;
  parse_body_statements(steps);
  std::tie(body_gate_, body_angles_, body_qubits_, source_, position_, first_body_loop_) = outer;
  return steps;
}

/// After '{', up to and past '}'.
void QasmParser::parse_body_statements(Steps& steps) {
  while (!at("}")) {
    if (peek().kind == TokenKind::end) fail_expected("'}'");
    parse_body_statement(steps);
  }
  take();
}

void QasmParser::parse_body_statement(Steps& steps) {
  if (take_if(";")) return;
  const bool three = version_ == 3, delay = three && at("delay");
  if (delay || at("barrier")) {
    Operation operation = delay ? parse_delay() : parse_barrier();
    if (!only_checking_) steps.push_back(std::move(operation));
    return;
  }
  if (three && at("nop")) {
    Steps used = parse_nop();
    if (!only_checking_) std::move(used.begin(), used.end(), std::back_inserter(steps));
    return;
  }
  if (three && (at("box") || at("for") || at("{"))) {
    if (++depth_ > 200) fail(peek(), "this is nested too deeply");
    if (at("box"))
      parse_body_box(steps);
    else if (at("for"))
      parse_body_for(steps);
    else {
      take();
      parse_body_statements(steps);
    }
    --depth_;
    return;
  }
  for (const std::string_view word : not_in_bodies)
    if (at(word))
      fail(peek(), body_gate_ ? "'" + std::string(word) + "' stands outside gate definitions; expected a gate" +
                                    (three ? ", for, barrier, nop, delay, box or '}'" : ", barrier or '}'")
                              : "'" + std::string(word) +
                                    "' has no place in durationof; expected delays, boxes, for, barrier, nop, "
                                    "gates or '}'");
  parse_gate_call(steps);
}

/// Every turn is read again, so that a call does what the definition was checked for.
void QasmParser::parse_body_for(Steps& steps) {
  const Loop loop = parse_loop();
  if (body_gate_)
    for (const std::vector<std::string_view>* names : {&body_gate_->parameters, &body_gate_->qubits})
      if (std::find(names->begin(), names->end(), loop.name.text) != names->end())
        fail(loop.name, "'" + std::string(loop.name.text) + "' is a name of the gate already");
  run_loop(loop, [&](const QasmValue& value) {
    body_loops_.emplace_back(loop.name.text, value);
    if (take_if("{"))
      parse_body_statements(steps);
    else
      parse_body_statement(steps);
    body_loops_.pop_back();
  });
}

/// Which qubits it holds together is known when the gate's steps are: its edges name none until then.
void QasmParser::parse_body_box(Steps& steps) {
  take();
  Operation edge;
  edge.kind = OperationKind::box_begin;
  edge.duration_ns = parse_box_duration();
  take();
  if (!only_checking_) steps.push_back(edge);
  ++boxes_around_;
  if (edge.duration_ns > 0) ++timed_boxes_;
  parse_body_statements(steps);
  if (edge.duration_ns > 0) --timed_boxes_;
  --boxes_around_;
  edge.kind = OperationKind::box_end;
  if (!only_checking_) steps.push_back(std::move(edge));
  count_step();
}

} // namespace bloch::quantum
