#pragma once

#include <cstddef>

namespace bloch::quantum {

// Products of amplitudes whose indices differ by a pattern x, for Pauli strings. Blocks as gate_kernels.h keeps
// them, of so many vectors; x counts amplitudes: its low bits exchange lanes, the others vectors.

/// out[b] = block[b] * conj(partner[b ^ x])
template <class Real>
void multiply_partners(const Real* block, const Real* partner, std::size_t vectors, std::size_t x, Real* out);

/// out[b] += block[b ^ x] * factors[b ^ x]
template <class Real>
void add_partners(const Real* block, const Real* factors, std::size_t vectors, std::size_t x, Real* out);

/// sums[0], sums[1] += real and imaginary part of sum conj(a) b
template <class Real> void add_inner_product(const Real* a, const Real* b, std::size_t vectors, double* sums);

} // namespace bloch::quantum
