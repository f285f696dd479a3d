#pragma once

#include <complex>
#include <optional>
#include <span>
#include <string_view>

namespace bloch::quantum {

using Complex = std::complex<double>;

/// One named gate: a unitary on `targets` qubits, applied where all `controls` qubits before them are 1.
struct Gate {
  std::string_view name; ///< as OpenQASM writes it
  int controls = 0;
  int targets = 1;
  int parameters = 0; ///< angles in radians
  /// Writes the unitary of the targets, row by row; bit k of a row or column index is target k.
  void (*unitary)(const double* parameters, Complex* matrix) = nullptr;
  std::string_view summary;

  int qubits() const { return controls + targets; }
};

/// A unitary that is diagonal whatever its one angle: basis state b turns by the angle times (constant + linear
/// * the bits of b + pair * their product).
struct AnglePhase {
  double constant = 0, linear = 0, pair = 0;
};

/// Nothing where the targets' unitary is not one of those (p, rz, rzz and their other names and controlled
/// forms are).
std::optional<AnglePhase> angle_phase(const Gate& gate);

/// Every gate of OpenQASM 2's qelib1.inc and OpenQASM 3's stdgates.inc. Global phases are Qiskit's: u(0,0,0) is
/// 1, rz(0) is 1.
std::span<const Gate> gates();

/// matrix: [row][column] of a square one.
bool is_diagonal(std::span<const Complex> matrix);

/// To 1e-12 in each product of two rows. matrix: [row][column]
bool is_unitary(std::span<const Complex> matrix);

/// nullptr when there is none of that name.
const Gate* find_gate(std::string_view name);

} // namespace bloch::quantum
