#pragma once

#include <vector>

#include "quantum/simulators/pauli_sum.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

/// <state| sum |state> of a normalised state.
///
/// throws: std::invalid_argument (the sum acts on a qubit that the state does not have)
/// cost:   one pass over the state for each x of the strings, however many strings share it
template <class Real> double expectation(const Statevector<Real>& state, const PauliSum& sum);

/// <state| string |state> of each term, without its coefficient, in order of PauliSum::terms(). throws, cost:
/// as above
template <class Real> std::vector<double> expectations(const Statevector<Real>& state, const PauliSum& sum);

/// sum |state>, which is not normalised. throws: as above
template <class Real> Statevector<Real> applied(const PauliSum& sum, const Statevector<Real>& state);

/// <a|b>. throws: std::invalid_argument (different numbers of qubits)
template <class Real> Complex inner_product(const Statevector<Real>& a, const Statevector<Real>& b);

/// |<a|b>|^2 of normalised states. throws: as above
template <class Real> double fidelity(const Statevector<Real>& a, const Statevector<Real>& b);

} // namespace bloch::quantum
