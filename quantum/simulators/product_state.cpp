#include "quantum/simulators/product_state.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "quantum/simulators/block_kernels.h"
#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {
namespace {

constexpr double root_half = 0.70710678118654752440;

/// The next value of the bits of a mask, the others 0; 0 after the last.
std::size_t next_of(std::size_t value, std::size_t mask) { return (value - mask) & mask; }

/// to = factor * from, of so many amplitudes in one vector.
template <class Real> void write_multiple(Real* to, const Real* from, std::size_t lanes, Complex factor) {
  const Real c = static_cast<Real>(factor.real()), s = static_cast<Real>(factor.imag());
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const Real re = from[lane], im = from[lanes + lane];
    to[lane] = c * re - s * im;
    to[lanes + lane] = c * im + s * re;
  }
}

} // namespace

bool ProductState::take(const PlanItem& item) {
  if (item.kind == PlanKind::hadamards) {
    plus_ |= item.hadamards;
    return true;
  }
  if (item.kind == PlanKind::turns) {
    for (const auto& [qubit, turn] : item.turns) {
      const double c = std::cos(turn.angle), s = std::sin(turn.angle);
      factors_.push_back({{qubit}, turn.flip ? std::vector<Complex>{-s, c} : std::vector<Complex>{c, s}});
    }
  } else if (item.kind == PlanKind::dense && item.controls.empty() && item.targets.size() <= 2) {
    Factor factor{item.targets, {}};
    const std::size_t size = std::size_t{1} << item.targets.size();
    for (std::size_t row = 0; row < size; ++row) factor.amplitudes.push_back(item.matrix[row * size]);
    factors_.push_back(std::move(factor));
  } else {
    return false;
  }
  held_ |= item.mixed();
  return true;
}

/// The factors on the qubits of a block, numbered as there; what those outside give goes into `scale`.
std::vector<ProductState::Factor> ProductState::local_factors(const BlockLayout& layout, std::size_t base,
                                                              Complex& scale) const {
  std::vector<Factor> local;
  const auto add = [&](const Factor& factor) {
    Factor rest{{}, {}};
    std::size_t fixed = 0, kept = 0;
    for (std::size_t k = 0; k < factor.qubits.size(); ++k) {
      if (layout.is_outer(factor.qubits[k])) {
        fixed |= (base >> factor.qubits[k] & 1) << k;
      } else {
        rest.qubits.push_back(layout.local(factor.qubits[k]));
        kept |= std::size_t{1} << k;
      }
    }
    std::size_t part = 0;
    do {
      rest.amplitudes.push_back(factor.amplitudes[fixed | part]);
      part = next_of(part, kept);
    } while (part != 0);
    if (rest.qubits.empty())
      scale *= rest.amplitudes[0];
    else
      local.push_back(std::move(rest));
  };
  for (const Factor& factor : factors_) add(factor);
  for (std::uint64_t left = plus_; left != 0; left &= left - 1)
    add({{std::countr_zero(left)}, {root_half, root_half}});
  return local;
}

std::optional<double> ProductState::uniform(const BlockLayout& layout) const {
  const int qubits = layout.qubits();
  if (held_ != 0 || std::popcount(plus_) != qubits) return std::nullopt;
  return std::pow(0.5, 0.5 * qubits);
}

template <class Real> bool ProductState::fill(Real* block, const BlockLayout& layout, std::size_t base) const {
  const std::size_t size = std::size_t{1} << layout.width(), lanes = std::size_t{1} << lane_bits<Real>();
  if (const auto value = uniform(layout); value && size >= lanes) {
    for (std::size_t k = 0; k < 2 * size; ++k) block[k] = k / lanes % 2 ? Real{0} : static_cast<Real>(*value);
    return true;
  }
  Complex scale = 1;
  const std::vector<Factor> factors = local_factors(layout, base, scale);
  const bool zero = (base & ~(plus_ | held_)) != 0 || scale == Complex{};
  if (zero) {
    std::fill_n(block, 2 * size, Real{0});
    return false;
  }
  std::size_t covered = 0;
  for (const Factor& factor : factors)
    for (const int qubit : factor.qubits) covered |= std::size_t{1} << qubit;
  if (covered != size - 1) std::fill_n(block, 2 * size, Real{0});
  // Amplitudes one by one where a factor reaches into the lanes, ...
  const auto in_lanes = [&](const Factor& factor) {
    return std::any_of(factor.qubits.begin(), factor.qubits.end(),
                       [&](int qubit) { return std::size_t{1} << qubit < lanes; });
  };
  const auto place = [&](std::size_t index) { return block + index / lanes * 2 * lanes + index % lanes; };
  const auto bits_of = [](const Factor& factor, std::size_t value) {
    std::size_t bits = 0;
    for (std::size_t k = 0; k < factor.qubits.size(); ++k) bits |= (value >> k & 1) << factor.qubits[k];
    return bits;
  };
  place(0)[0] = static_cast<Real>(scale.real());
  place(0)[lanes] = static_cast<Real>(scale.imag());
  std::size_t done = 0;
  const auto each_done = [&](std::size_t mask, const auto& body) {
    std::size_t index = 0;
    do {
      body(index);
      index = next_of(index, mask);
    } while (index != 0);
  };
  for (const Factor& factor : factors) {
    if (!in_lanes(factor)) continue;
    each_done(done, [&](std::size_t index) {
      for (std::size_t value = factor.amplitudes.size(); value-- > 0;) {
        const Real* from = place(index);
        const Complex product = Complex(from[0], from[lanes]) * factor.amplitudes[value];
        Real* to = place(index | bits_of(factor, value));
        to[0] = static_cast<Real>(product.real());
        to[lanes] = static_cast<Real>(product.imag());
      }
    });
    done |= bits_of(factor, factor.amplitudes.size() - 1);
  }
  // ... the rest by vectors.
  for (const Factor& factor : factors) {
    if (in_lanes(factor)) continue;
    each_done(done & ~(lanes - 1), [&](std::size_t index) {
      for (std::size_t value = factor.amplitudes.size(); value-- > 0;)
        write_multiple(place(index | bits_of(factor, value)), place(index), lanes, factor.amplitudes[value]);
    });
    done |= bits_of(factor, factor.amplitudes.size() - 1);
  }
  return true;
}

template bool ProductState::fill<float>(float*, const BlockLayout&, std::size_t) const;
template bool ProductState::fill<double>(double*, const BlockLayout&, std::size_t) const;

} // namespace bloch::quantum
