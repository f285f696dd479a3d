#pragma once

#include <vector>

#include "quantum/circuits/circuit.h"
#include "quantum/simulators/expectation.h"

namespace bloch::quantum {

/// An expectation value and its derivatives.
struct ExpectationGradient {
  double value = 0;
  std::vector<double> gradient; ///< by each angle of each step, in order; steps without angles have no entry
};

/// <0| U^H sum U |0> of a circuit of gates U, with its derivative by every angle, by going backwards through
/// the circuit once. An angle that several gates share has the sum of their derivatives.
///
/// throws: std::invalid_argument (measurement, reset or condition in the circuit; a sum on more qubits than it
/// has;
///         two states of this size do not fit memory)
/// cost:   a pass over two states for each step with angles, and the circuit undone on both; two states
/// source: Jones and Gacon 2020, arXiv:2009.02823
template <class Real> ExpectationGradient adjoint_gradient(const Circuit& circuit, const PauliSum& sum);

/// Derivative of a step's unitary by one of its angles: [row][column], as Operation::unitary().
std::vector<Complex> unitary_derivative(const Operation& operation, std::size_t parameter);

} // namespace bloch::quantum
