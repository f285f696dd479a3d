#include "quantum/qasm/write_qasm.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <set>
#include <stdexcept>

#include "quantum/gates/euler_angles.h"
#include "quantum/qasm/detail/gate_definitions.h"

namespace bloch::quantum {
namespace {

std::string number(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  std::string result(text, end);
  if (result.find_first_of(".e") == std::string::npos) result += ".0"; // a whole angle divides as a real one
  return result;
}

std::string list_of(const std::vector<double>& angles) {
  if (angles.empty()) return {};
  std::string text = "(";
  for (std::size_t k = 0; k < angles.size(); ++k) text += (k ? ", " : "") + number(angles[k]);
  return text + ")";
}

class Writer {
 public:
  Writer(const Circuit& circuit, int version)
      : circuit_(circuit)
      , version_(version) {}

  std::string run() {
    std::string body;
    for (const Operation& operation : circuit_.operations()) body += step(operation);
    for (; open_boxes_ > 0; --open_boxes_) body += "}\n";
    std::string text = version_ == 3 ? "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                                     : "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";
    for (const GateText& gate : gate_definitions(version_))
      if (used_.contains(gate.name)) text += std::string(gate.definition) + "\n";
    for (const Register& qubits : circuit_.qubit_registers()) text += declaration(qubits, "qubit", "qreg");
    for (const Register& bits : circuit_.bit_registers()) text += declaration(bits, "bit", "creg");
    return text + body;
  }

 private:
  std::string declaration(const Register& reg, const char* three, const char* two) const {
    const std::string size = "[" + std::to_string(reg.size) + "]";
    return version_ == 3 ? three + size + " " + reg.name + ";\n"
                         : std::string(two) + " " + reg.name + size + ";\n";
  }
  static std::string name_of(const std::vector<Register>& registers, int index) {
    for (const Register& reg : registers)
      if (index >= reg.first && index < reg.first + reg.size)
        return reg.name + "[" + std::to_string(index - reg.first) + "]";
    throw std::invalid_argument("a step names what no register holds");
  }
  std::string qubit(int index) const { return name_of(circuit_.qubit_registers(), index); }
  std::string qubit_list(const std::vector<int>& qubits) const {
    std::string text;
    for (std::size_t k = 0; k < qubits.size(); ++k) text += (k ? ", " : " ") + qubit(qubits[k]);
    return text + ";";
  }

  std::string step(const Operation& operation) {
    std::string text;
    switch (operation.kind) {
    case OperationKind::barrier:
      text = operation.qubits.empty() ? "barrier;" : "barrier" + qubit_list(operation.qubits);
      break;
    case OperationKind::delay:
    case OperationKind::box_begin:
    case OperationKind::box_end:
      if (version_ == 2) return timing_2(operation) + "\n";
      text = timing_3(operation);
      break;
    case OperationKind::reset:
      text = "reset " + qubit(operation.qubits[0]) + ";";
      break;
    case OperationKind::measure: {
      const std::string bit = name_of(circuit_.bit_registers(), operation.bit);
      text = version_ == 3 ? bit + " = measure " + qubit(operation.qubits[0]) + ";"
                           : "measure " + qubit(operation.qubits[0]) + " -> " + bit + ";";
      break;
    }
    default:
      text = version_ == 3 ? gate_3(operation) : gate_2(operation);
      break;
    }
    return conditions(operation, text) + "\n";
  }

  static std::string brackets(const Operation& operation) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, operation.duration_ns).ptr;
    return "[" + std::string(text, end) + "ns]";
  }

  std::string timing_3(const Operation& operation) {
    if (operation.kind == OperationKind::delay)
      return "delay" + brackets(operation) + qubit_list(operation.qubits);
    if (operation.kind == OperationKind::box_begin) {
      ++open_boxes_;
      return operation.duration_ns > 0 ? "box" + brackets(operation) + " {" : "box {";
    }
    if (open_boxes_ == 0) return "barrier" + qubit_list(operation.qubits); // a part of a circuit
    --open_boxes_;
    return "}";
  }

  /// Version 2 has no time: what it can say is that the qubits wait for each other.
  std::string timing_2(const Operation& operation) const {
    const std::string text = "barrier" + qubit_list(operation.qubits);
    if (operation.kind == OperationKind::delay) return text + " // delay" + brackets(operation);
    return text + (operation.kind == OperationKind::box_end ? " // end of a box"
                   : operation.duration_ns > 0              ? " // box" + brackets(operation)
                                                            : " // box");
  }

  std::string conditions(const Operation& operation, const std::string& text) const {
    if (operation.conditions.empty()) return text;
    std::string result = text;
    if (version_ == 2) {
      const Condition& condition = operation.conditions[0];
      for (const Register& reg : circuit_.bit_registers())
        if (operation.conditions.size() == 1 && condition.equal && reg.first == condition.first &&
            reg.size == condition.size)
          return "if (" + reg.name + " == " + std::to_string(condition.value) + ") " + text;
      throw std::invalid_argument("OpenQASM 2 compares whole registers for equality only; write OpenQASM 3");
    }
    for (std::size_t k = operation.conditions.size(); k-- > 0;) {
      const Condition& condition = operation.conditions[k];
      std::string bits = name_of(circuit_.bit_registers(), condition.first);
      for (const Register& reg : circuit_.bit_registers()) {
        if (condition.first < reg.first || condition.first >= reg.first + reg.size || condition.size == 1)
          continue;
        const int first = condition.first - reg.first;
        bits = condition.size == reg.size ? reg.name
                                          : reg.name + "[" + std::to_string(first) + ":" +
                                                std::to_string(first + condition.size - 1) + "]";
      }
      result = "if (" + bits + (condition.equal ? " == " : " != ") + std::to_string(condition.value) + ") { " +
               result + " }";
    }
    return result;
  }

  std::string gate_3(const Operation& operation) {
    std::string prefix;
    const int own = operation.gate ? operation.gate->controls : 0;
    if (operation.controls > own)
      prefix = operation.controls - own == 1 ? "ctrl @ "
                                             : "ctrl(" + std::to_string(operation.controls - own) + ") @ ";
    if (operation.kind == OperationKind::gate) {
      used_.insert(operation.gate->name);
      return prefix + (operation.adjoint ? "inv @ " : "") + std::string(operation.gate->name) +
             list_of(operation.parameters) + qubit_list(operation.qubits);
    }
    if (operation.targets() != 1)
      throw std::invalid_argument("OpenQASM has no gate for a matrix on several qubits");
    const EulerAngles angles = euler_angles(operation.unitary());
    const std::vector<int> controls(operation.qubits.begin(), operation.qubits.begin() + operation.controls);
    std::string text =
        prefix + "U" + list_of({angles.theta, angles.phi, angles.lambda}) + qubit_list(operation.qubits);
    if (angles.phase != 0)
      text +=
          " " + prefix + "gphase" + list_of({angles.phase}) + (controls.empty() ? ";" : qubit_list(controls));
    return text;
  }

  std::string gate_2(const Operation& operation) {
    if (operation.kind == OperationKind::unitary) {
      if (operation.targets() != 1 || operation.controls > 1)
        throw std::invalid_argument("OpenQASM 2 has no gate for this matrix");
      const EulerAngles a = euler_angles(operation.unitary());
      if (operation.controls == 1)
        return "cu" + list_of({a.theta, a.phi, a.lambda, a.phase}) + qubit_list(operation.qubits);
      return "u3" + list_of({a.theta, a.phi, a.lambda}) +
             qubit_list(operation.qubits); // a global phase has no place in version 2
    }
    std::string name(operation.gate->name);
    std::vector<double> angles = operation.parameters;
    if (operation.controls > operation.gate->controls) {
      const Gate* controlled = nullptr;
      for (const Gate& gate : gates())
        if (gate.controls == operation.controls && gate.unitary == operation.gate->unitary && !controlled)
          controlled = &gate;
      if (!controlled)
        throw std::invalid_argument("OpenQASM 2 has no gate '" + name + "' with " +
                                    std::to_string(operation.controls) + " controls");
      name = controlled->name;
    }
    if (operation.adjoint) invert(name, angles);
    if (name == "phase") name = "p";
    if (name == "cphase") name = "cp";
    if (name == "c3sx") name = "c3sqrtx";
    for (const GateText& gate : gate_definitions(2))
      if (gate.name == name) used_.insert(gate.name);
    return name + list_of(angles) + qubit_list(operation.qubits);
  }

  static void invert(std::string& name, std::vector<double>& angles) {
    static constexpr std::string_view own_inverse[] = {"id",  "u0",  "x",   "y",     "z",   "h",
                                                       "cx",  "CX",  "cy",  "cz",    "ch",  "swap",
                                                       "ecr", "ccx", "ccz", "cswap", "c3x", "c4x"};
    static constexpr std::pair<std::string_view, std::string_view> partners[] = {
        {"s", "sdg"}, {"t", "tdg"}, {"sx", "sxdg"}, {"cs", "csdg"}};
    if (std::find(std::begin(own_inverse), std::end(own_inverse), name) != std::end(own_inverse)) return;
    for (const auto& [a, b] : partners) {
      if (name == a || name == b) {
        name = name == a ? b : a;
        return;
      }
    }
    if (angles.empty()) throw std::invalid_argument("OpenQASM 2 has no inverse of gate '" + name + "'");
    if (name == "u2") {
      name = "u3";
      angles.insert(angles.begin(), std::numbers::pi / 2);
    }
    for (double& angle : angles) angle = -angle;
    if (angles.size() >= 3) std::swap(angles[1], angles[2]);
  }

  const Circuit& circuit_;
  int version_;
  int open_boxes_ = 0;
  std::set<std::string_view> used_;
};

} // namespace

std::string to_qasm3(const Circuit& circuit) { return Writer(circuit, 3).run(); }
std::string to_qasm2(const Circuit& circuit) { return Writer(circuit, 2).run(); }

} // namespace bloch::quantum
