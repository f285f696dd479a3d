#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "quantum/circuits/circuit.h"
#include "quantum/noise/noise_model.h"

namespace bloch::quantum {

/// What is wrong with a program, and where: "line 3, column 7: expected ';', found 'h'".
class QasmError : public std::invalid_argument {
 public:
  QasmError(int line, int column, const std::string& what)
      : std::invalid_argument("line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
                              what)
      , line_(line)
      , column_(column) {}
  int line() const { return line_; }
  int column() const { return column_; }

 private:
  int line_;
  int column_;
};

struct QasmOptions {
  /// Text of an included file, or nothing. qelib1.inc and stdgates.inc are known without it.
  std::function<std::optional<std::string>(const std::string& name)> read_include = {};
  /// Statements, gate calls and loop turns before a program is refused as too long.
  std::size_t most_steps = 2'000'000;
  /// How long the machine's unit of time 'dt' lasts; 0: not known, and a duration in dt is refused.
  double dt_ns = 0;
  /// The machine whose gate times durationof knows; nullptr: it knows delays and boxes of given length alone.
  const NoiseModel* machine = nullptr;
  /// Values of what the program declares with 'input'.
  std::map<std::string, double, std::less<>> inputs = {};
};

/// Reads OpenQASM 2 or 3: by its version line; without one 3 if it includes stdgates.inc or declares a qubit,
/// else 2.
///
/// Of OpenQASM 3: qubit and bit registers, hardware qubits ($0), aliases, gate definitions, broadcasting, ctrl,
/// negctrl, inv and pow, gphase, constants, inputs and variables of the program text, expressions, for and
/// while on those, if, else and switch on measured bits or constants, measure, reset, barrier, nop, delay, box,
/// durations (ns, us, ms, s, dt, durationof) and what can be reckoned with them, include. A delay on several
/// qubits begins when the last of them is free. A box under a condition lasts as long whether its steps are
/// done or not (see scheduled()).
///
/// A condition on measured bits that is more than comparisons joined by && becomes ways to hold of which no two
/// hold at once, and what stands under it is written out for each, one after the other also in time. A name
/// lives until the end of its block; a block does not declare a name anew that is in sight.
///
/// The body of a gate holds gates, for loops, barriers, nop, delays and boxes on the gate's qubits, and reads
/// its parameters, variables of its loops and what is declared with const. Each call puts its boxes around the
/// steps they hold. `inv` turns boxes round, a power repeats delays and boxes; `ctrl` leaves delays and
/// barriers to the gate's own qubits and takes the control into a box with the steps that it controls.
///
/// nop does nothing but in a box, which holds its qubits with its own: a barrier on each says so in the
/// circuit. durationof adds up gates, for loops, barriers, delays and boxes; a gate that is in no box of given
/// length needs a machine. Whole numbers divide to whole numbers, but not in pow(1/2).
///
/// throws: QasmError; whatever the text is, nothing worse
/// source: OpenQASM 3.1 specification, "Gates", "Circuit timing", "Scoping of variables", "Looping and
/// branching";
///         nop: 3.2
Circuit parse_qasm(std::string_view text, const QasmOptions& options = {});

} // namespace bloch::quantum
