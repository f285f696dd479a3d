#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "quantum/noise/noise_model.h"
#include "quantum/qasm/detail/lexer.h"
#include "quantum/qasm/qasm.h"

namespace bloch::quantum {

/// A number in a program's text; whole numbers divide and index as such. A duration is in ns.
struct QasmValue {
  double number = 0;
  bool whole = false;
  bool duration = false;
  bool constant = false; ///< of a variable: declared with 'const', which gates may read
};

/// A gate the program defines: its body is read again at each call, with names bound to angles and qubits.
struct QasmGate {
  std::vector<std::string_view> parameters;
  std::vector<std::string_view> qubits;
  std::size_t body = 0;   ///< token after '{'
  std::size_t source = 0; ///< index of the token list
  int depth = 1;          ///< of gates within gates
  bool opaque = false;
  std::size_t order = 0; ///< a body sees only gates defined before it, so that no gate can call itself
};

/// Reads a program by walking its tokens and adding the steps it meets. One statement a function.
class QasmParser {
 public:
  explicit QasmParser(const QasmOptions& options);
  Circuit run(std::string_view text);

 private:
  struct Modifier {
    enum Kind { inverse, power, control, negative_control } kind;
    double exponent = 1;
    int count = 1;
  };
  using Qubits = std::vector<int>;
  using Steps = std::vector<Operation>;

  // Tokens
  const Token& peek(std::size_t ahead = 0) const;
  bool at(std::string_view text) const;
  const Token& take();
  bool take_if(std::string_view text);
  void expect(std::string_view text, std::string_view where = {});
  std::string_view expect_name(std::string_view what);
  [[noreturn]] void fail(const Token& token, const std::string& what) const;
  [[noreturn]] void fail_expected(const std::string& what) const;
  void count_step(std::size_t count = 1);
  const QasmGate* find_defined(std::string_view name) const;
  void skip_statement();
  void skip_group();

  // Statements
  void parse_source(std::string_view text);
  void parse_version();
  void parse_statement();
  void parse_include();
  void parse_block_or_statement();
  void parse_qubits(bool version_2);
  void parse_bits(bool version_2);
  int first_of_bits(const Token& name, int size);
  void parse_constant();
  double input_value(const Token& name, const QasmValue& type) const;
  void parse_assignment();
  void parse_alias();
  void add_measurements(const Token& where, const Qubits& qubits, const Qubits& bits);
  void parse_measure_arrow();
  void parse_measure_assignment(const Qubits& bits);
  void parse_reset();
  Operation parse_barrier();
  Operation parse_delay();
  void parse_box();
  void parse_if();
  void parse_switch();
  void parse_while();
  Steps parse_nop();

  // Loops
  struct Loop {
    Token name;
    std::vector<QasmValue> values;
  };
  Loop parse_loop();
  void run_loop(const Loop& loop, const std::function<void(const QasmValue&)>& turn);
  void parse_for();

  // Conditions
  using Conditions = std::vector<Condition>;
  using Test = std::vector<Conditions>; ///< ways to hold, no two at once; without any it never holds
  struct OuterConditions {
    std::size_t watched;
    bool overwritten;
  };
  Test parse_test();
  Test parse_comparison();
  bool parse_constant_comparison();
  Test parse_bit_comparison(bool cast);
  Condition parse_condition_bits();
  std::uint64_t parse_bit_value();
  Test both(const Token& where, const Test& left, const Test& right);
  Test either(const Token& where, const Test& left, const Test& right);
  Test negated(const Token& where, const Test& test);
  static bool narrow(Conditions& way, const Condition& more);
  static bool is_constant(const Test& test);
  bool at_bit_name() const;
  bool at_bracketed_expression() const;
  bool take_cast_of_bits();
  void parse_under(const Token& where, const Test& test);
  OuterConditions enter_conditions(const Test& test);
  void leave_conditions(const OuterConditions& outer);

  // Names
  Qubits parse_qubit_operand();
  Qubits hardware_qubit(const Token& name);
  double parse_range_end(std::string_view close, double missing, std::string_view what);
  Qubits all_qubits() const;
  void require_each_once(const Token& where, Qubits qubits, std::string_view step) const;
  Qubits parse_bit_operand(Register* whole = nullptr);
  Qubits parse_indices(const Qubits& all, std::string_view what);
  std::vector<double> parse_range_or_set();
  void declare(const Token& name);
  void end_scope(std::size_t outer_names);

  // Gates
  void parse_gate_definition();
  void parse_opaque();
  std::vector<std::string_view> parse_names(std::string_view close);
  void parse_gate_call(Steps& steps);
  std::vector<Modifier> parse_modifiers();
  static std::size_t controls_of(const std::vector<Modifier>& modifiers);
  std::vector<double> parse_angles();
  void call_gate(const Token& name, const std::vector<double>& angles, const std::vector<Modifier>& modifiers,
                 const std::vector<Qubits>& operands, Steps& steps);
  Steps steps_of_call(const Token& name, const std::vector<double>& angles, const Qubits& qubits);
  Steps modified(const Token& where, Steps steps, const std::vector<Modifier>& modifiers,
                 const Qubits& controls);
  Steps powered(const Token& where, Steps steps, double exponent);
  Steps controlled(Steps steps, const Qubits& controls);
  static Steps inverted(Steps steps);
  void check_call(const Token& name, std::size_t angles, std::size_t qubits);
  void add(Operation operation, const Token& where);
  void close_box(std::size_t first, double duration_ns);

  // Bodies of gates, and what durationof asks about
  Steps steps_of_body(const QasmGate& gate, const std::vector<double>& angles, const Qubits& qubits);
  void parse_body_statements(Steps& steps);
  void parse_body_statement(Steps& steps);
  void parse_body_box(Steps& steps);
  void parse_body_for(Steps& steps);
  QasmValue parse_durationof(const Token& name);

  // Expressions
  double parse_number();
  double parse_plain();
  double parse_duration();
  double parse_box_duration();
  QasmValue with_unit(QasmValue value);
  void require_same_kind(const Token& sign, const QasmValue& left, const QasmValue& right) const;
  int parse_index(std::string_view what);
  QasmValue parse_expression();
  QasmValue parse_binary(int loosest);
  QasmValue combined(const Token& sign, std::string_view how, const QasmValue& left,
                     const QasmValue& right) const;
  QasmValue divided(const Token& sign, const QasmValue& left, const QasmValue& right) const;
  QasmValue parse_unary();
  QasmValue parse_power();
  QasmValue parse_primary();
  QasmValue parse_named(const Token& name);
  QasmValue parse_bit_of(const QasmValue& value);
  QasmValue parse_function(const Token& name);

  QasmOptions options_;
  Circuit circuit_;
  int version_ = 2;
  bool version_said_ = false;
  bool real_division_ = false; ///< of whole numbers too
  bool library_included_ = false;
  std::size_t steps_ = 0;
  int depth_ = 0; ///< of blocks and expressions
  int include_depth_ = 0;

  std::deque<std::string> texts_; ///< programs and includes, which tokens look into
  std::deque<std::vector<Token>> sources_;
  std::size_t source_ = 0;
  std::size_t position_ = 0;

  std::map<std::string, Qubits, std::less<>> qubit_names_;
  std::map<std::string, Qubits, std::less<>> bit_names_;
  std::map<std::string, Register, std::less<>> bit_registers_; ///< of the circuit, in sight or not
  std::map<std::string, QasmValue, std::less<>> variables_;
  std::vector<std::string> declared_; ///< bits, variables and aliases in order, for the end of a block
  std::map<std::string, QasmGate, std::less<>> gates_;

  // Within a gate's body: its own names.
  const QasmGate* body_gate_ = nullptr;
  const std::vector<double>* body_angles_ = nullptr;
  const Qubits* body_qubits_ = nullptr;
  bool only_checking_ = false; ///< at a definition: the body is read, nothing is called
  int deepest_call_ = 0;
  std::vector<std::pair<std::string_view, QasmValue>>
      body_loops_;                  ///< variables of loops, of the innermost last
  std::size_t first_body_loop_ = 0; ///< of those that the body sees

  int first_hardware_qubit_ = -1; ///< $0, once one is named
  int hardware_qubits_ = 0;
  int boxes_around_ = 0;
  NoiseModel times_;            ///< what durationof knows
  bool asked_duration_ = false; ///< within durationof
  int timed_boxes_ = 0;         ///< of given length, around what is read within durationof

  std::vector<std::size_t> open_boxes_; ///< of a gate that is being added: their first steps
  Conditions conditions_;               ///< of the step that is read
  Conditions watched_;                  ///< that the tests around it read
  bool condition_overwritten_ = false;
};

} // namespace bloch::quantum
