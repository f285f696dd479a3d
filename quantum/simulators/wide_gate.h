#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {

/// A dense unitary on more targets than the vector kernels take: gathered, multiplied, put back, one group at a
/// time.
///
/// state: as gate_kernels.h keeps amplitudes
template <class Real>
void apply_wide_gate(Real* state, int qubits, std::span<const Complex> matrix, std::span<const int> targets,
                     std::span<const int> controls) {
  std::size_t control_mask = 0, target_mask = 0;
  for (const int control : controls) control_mask |= std::size_t{1} << control;
  for (const int target : targets) target_mask |= std::size_t{1} << target;
  const std::size_t width = std::size_t{1} << targets.size(), lanes = std::size_t{1} << lane_bits<Real>();
  std::vector<std::size_t> offsets(width);
  for (std::size_t row = 0; row < width; ++row)
    for (std::size_t k = 0; k < targets.size(); ++k) offsets[row] |= (row >> k & 1) << targets[k];
  std::vector<Complex> gathered(width);
  const auto place = [&](std::size_t index) { return state + index / lanes * 2 * lanes + index % lanes; };
  for (std::size_t base = 0; base < std::size_t{1} << qubits; ++base) {
    if ((base & target_mask) != 0 || (base & control_mask) != control_mask) continue;
    for (std::size_t row = 0; row < width; ++row) {
      const Real* amplitude = place(base | offsets[row]);
      gathered[row] = {amplitude[0], amplitude[lanes]};
    }
    for (std::size_t row = 0; row < width; ++row) {
      Complex sum{};
      for (std::size_t column = 0; column < width; ++column)
        sum += matrix[row * width + column] * gathered[column];
      Real* amplitude = place(base | offsets[row]);
      amplitude[0] = static_cast<Real>(sum.real());
      amplitude[lanes] = static_cast<Real>(sum.imag());
    }
  }
}

} // namespace bloch::quantum
