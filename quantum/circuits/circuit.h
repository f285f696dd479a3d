#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quantum/gates/gate.h"

namespace bloch::quantum {

/// A named run of qubits or of classical bits.
struct Register {
  std::string name;
  int first = 0;
  int size = 0;
};

/// Classical bits first … first+size-1, read as a number with bit `first` least significant, compared with a
/// value.
struct Condition {
  int first = 0;
  int size = 1;
  std::uint64_t value = 0;
  bool equal = true; ///< false: must differ
};

enum class OperationKind {
  gate,
  unitary,
  measure,
  reset,
  barrier,
  delay,     ///< its qubits wait for each other, then together for a time
  box_begin, ///< of a box: its qubits wait for each other
  box_end    ///< its qubits wait for each other and for the time that the box lasts
};

/// One step of a circuit.
struct Operation {
  OperationKind kind = OperationKind::gate;
  const Gate* gate = nullptr; ///< of kind gate
  std::shared_ptr<const std::vector<Complex>> matrix =
      {}; ///< of kind unitary: [row][column], bit k of an index is target k
  std::vector<double> parameters = {};
  std::vector<int> qubits = {}; ///< controls first, then targets
  int controls = 0;
  bool adjoint = false;
  int bit = -1;                           ///< of kind measure
  double duration_ns = 0;                 ///< of kind delay; of a box, 0: as long as its steps take
  std::vector<Condition> conditions = {}; ///< all must hold

  /// False of what only tells when and in which order things happen: barriers, delays and boxes.
  bool changes_state() const { return kind <= OperationKind::reset; }
  int targets() const { return static_cast<int>(qubits.size()) - controls; }
  /// Unitary of the targets, row by row; of kinds gate and unitary only.
  std::vector<Complex> unitary() const;
};

/// Whether a step may be taken on so many qubits: they are there, each is named once, there are as many of
/// them, and of angles, as the gate needs, and the matrix has their size. Whether a matrix is unitary is not
/// asked: a channel's are not. throws: std::invalid_argument
void check_places(const Operation& operation, int qubits);

/// A quantum circuit: qubits that start at 0, classical bits that start at 0, and steps in order.
///
/// Every function that adds a step throws std::invalid_argument for a qubit or bit out of range, a qubit named
/// twice, a wrong number of qubits or angles, an angle that is not finite, a duration below zero, or a matrix
/// that is not unitary.
class Circuit {
 public:
  explicit Circuit(int qubits = 0, int bits = 0);

  int qubits() const { return qubits_; }
  int bits() const { return bits_; }
  const std::vector<Operation>& operations() const { return operations_; }
  /// In order of declaration. Without any, the bits count as one register.
  const std::vector<Register>& qubit_registers() const { return qubit_registers_; }
  const std::vector<Register>& bit_registers() const { return bit_registers_; }

  /// Appends `size` new qubits or bits and returns the first.
  int add_qubits(std::string name, int size);
  int add_bits(std::string name, int size);

  Circuit& gate(std::string_view name, std::span<const int> qubits, std::span<const double> parameters = {});
  Circuit& gate(std::string_view name, std::initializer_list<int> qubits,
                std::initializer_list<double> parameters = {});
  /// matrix: [row][column] of 2^targets, bit k of an index is target k.
  Circuit& unitary(std::span<const Complex> matrix, std::span<const int> targets,
                   std::span<const int> controls = {});
  Circuit& measure(int qubit, int bit);
  /// Every qubit into the bit of the same number; bits are added when there are too few.
  Circuit& measure_all();
  Circuit& reset(int qubit);
  Circuit& barrier(std::span<const int> qubits);
  /// The qubits wait for each other, then together for this time. Without noise the identity.
  Circuit& delay(double duration_ns, std::span<const int> qubits);
  Circuit& delay(double duration_ns, int qubit);
  /// Puts the steps from number `first` on into a box: their qubits wait for each other before and after it.
  /// Without such steps nothing is done.
  ///
  /// duration_ns: how long the box lasts, 0: as long as its steps take
  /// throws: std::invalid_argument (a duration below zero or not finite; first out of range)
  Circuit& box(std::size_t first, double duration_ns = 0);

  /// Any step, checked as above.
  Circuit& add(Operation operation);
  /// The steps of another circuit of at most as many qubits and bits.
  Circuit& append(const Circuit& other);

  Circuit& h(int q) { return gate("h", {q}); }
  Circuit& x(int q) { return gate("x", {q}); }
  Circuit& y(int q) { return gate("y", {q}); }
  Circuit& z(int q) { return gate("z", {q}); }
  Circuit& s(int q) { return gate("s", {q}); }
  Circuit& t(int q) { return gate("t", {q}); }
  Circuit& rx(double angle_rad, int q) { return gate("rx", {q}, {angle_rad}); }
  Circuit& ry(double angle_rad, int q) { return gate("ry", {q}, {angle_rad}); }
  Circuit& rz(double angle_rad, int q) { return gate("rz", {q}, {angle_rad}); }
  Circuit& p(double angle_rad, int q) { return gate("p", {q}, {angle_rad}); }
  Circuit& cx(int control, int target) { return gate("cx", {control, target}); }
  Circuit& cz(int a, int b) { return gate("cz", {a, b}); }
  Circuit& cp(double angle_rad, int a, int b) { return gate("cp", {a, b}, {angle_rad}); }
  Circuit& rzz(double angle_rad, int a, int b) { return gate("rzz", {a, b}, {angle_rad}); }
  Circuit& swap(int a, int b) { return gate("swap", {a, b}); }
  Circuit& ccx(int control_a, int control_b, int target) { return gate("ccx", {control_a, control_b, target}); }

 private:
  void check(const Operation& operation) const;

  int qubits_ = 0;
  int bits_ = 0;
  std::vector<Register> qubit_registers_;
  std::vector<Register> bit_registers_;
  std::vector<Operation> operations_;
};

/// Qubits and bits a circuit may declare; a simulator's limit is lower.
inline constexpr int largest_register = 100000;

} // namespace bloch::quantum
