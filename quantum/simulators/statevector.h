#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "quantum/circuits/circuit.h"
#include "quantum/simulators/gate_kernels.h"
#include "quantum/simulators/random.h"

namespace bloch::quantum {

/// The largest statevector: 4 GiB in complex128.
inline constexpr int most_qubits = 28;

/// 2^qubits amplitudes, in complex64 (Real = float) or complex128 (double). Index = sum of q_i 2^i.
///
/// Work on large states is spread over the threads of the oneTBB arena it is called in.
template <class Real> class Statevector {
 public:
  /// |0…0>. throws: std::invalid_argument (more than most_qubits, or more memory than the machine has free)
  explicit Statevector(int qubits);
  Statevector(const Statevector& other);
  Statevector(Statevector&&) noexcept = default;
  Statevector& operator=(Statevector&&) noexcept = default;

  int qubits() const { return qubits_; }
  std::size_t size() const { return std::size_t{1} << qubits_; }

  Complex amplitude(std::size_t index) const;
  void set_amplitude(std::size_t index, Complex value);
  /// Amplitudes begin … begin+out.size()-1 in order of their index.
  void copy_to(std::span<std::complex<Real>> out, std::size_t begin = 0) const;
  void set_basis_state(std::size_t index);

  /// A step of kind gate or unitary; its conditions, and whether its matrix is unitary, are the caller's
  /// business. Barriers do nothing. throws: std::invalid_argument (a step that does not fit these qubits, or
  /// changes them otherwise)
  void apply(const Operation& operation);
  /// Every step of a circuit without measurement, reset or condition. throws: std::invalid_argument
  void apply(const Circuit& circuit);
  /// Steps of kinds gate, unitary and barrier, planned together; the rest as for one.
  void apply(std::span<const Operation> gates);
  /// What gates make of |0…0>, written without reading it first.
  static Statevector after(int qubits, std::span<const Operation> gates);
  /// The same in the memory of this state: large ones are spared what the system takes to clear new memory.
  void restart(std::span<const Operation> gates);

  double norm_squared() const;
  double probability_of_one(int qubit) const;
  /// Keeps the part where the qubit has this value, and divides by the square root of its probability.
  void project(int qubit, bool value, double probability);
  /// Index of the basis state of each shot, ascending; one pass however many. throws: std::invalid_argument
  /// (negative)
  std::vector<std::size_t> sample(std::size_t shots, Random& random) const;

  /// Amplitudes as the kernels keep them (gate_kernels.h).
  Real* data() { return buffer_.data(); }
  const Real* data() const { return buffer_.data(); }

 private:
  struct Unset {};
  Statevector(int qubits, Unset);
  std::size_t place(std::size_t index) const;
  int padded_qubits() const;

  int qubits_ = 0;
  AlignedBuffer<Real> buffer_;
};

extern template class Statevector<float>;
extern template class Statevector<double>;

} // namespace bloch::quantum
