#pragma once

#include <cstddef>
#include <span>

namespace bloch::quantum {

/// Multiplies a block by a factor of a product state: the vectors whose index has bits of `done` alone are
/// there; each times values[v] goes to its index | places[v].
///
/// values: complex numbers, or vectors of them (of_lanes): all real parts before all imaginary parts
template <class Real>
void spread_factor(Real* block, std::size_t done, std::span<const std::size_t> places, const Real* values,
                   bool of_lanes);

} // namespace bloch::quantum
