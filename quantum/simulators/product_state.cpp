#include "quantum/simulators/product_state.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "quantum/simulators/gate_kernels.h"
#include "quantum/simulators/product_kernels.h"

namespace bloch::quantum {

void ProductState::add(Factor factor) {
  for (const int qubit : factor.qubits) held_ |= qubit_bit(qubit);
  factors_.push_back(std::move(factor));
}

std::optional<double> ProductState::uniform(int qubits) const {
  if (held_ != 0 || std::popcount(plus_) != qubits) return std::nullopt;
  return std::pow(0.5, 0.5 * qubits);
}

std::vector<ProductState::Factor> ProductState::factors() const {
  constexpr double root_half = 0.70710678118654752440;
  std::vector<Factor> all = factors_;
  for (std::uint64_t left = plus_; left != 0; left &= left - 1)
    all.push_back({{std::countr_zero(left)}, {root_half, root_half}});
  return all;
}

template <class Real>
ProductFill<Real>::ProductFill(const ProductState& state, const BlockLayout& layout)
    : uniform_(state.uniform(layout.qubits()))
    , size_(std::size_t{1} << layout.width())
    , held_(state.held())
    , lanes_held_(0) {
  if (uniform_) return;
  const int bits = lane_bits<Real>();
  for (int k = 0; k < bits; ++k)
    if (held_ & qubit_bit(layout.local_qubits()[static_cast<std::size_t>(k)]))
      lanes_held_ |= std::size_t{1} << k;
  std::size_t vectors = 1;
  for (ProductState::Factor& factor : state.factors()) {
    const bool outside = std::all_of(factor.qubits.begin(), factor.qubits.end(),
                                     [&](int qubit) { return layout.is_outer(qubit); });
    if (outside) {
      outside_.push_back(std::move(factor));
    } else {
      factors_.push_back(prepared(factor, layout));
      vectors *= factors_.back().places.size();
    }
  }
  whole_ = vectors << bits == size_;
  std::stable_sort(factors_.begin(), factors_.end(),
                   [](const Prepared& a, const Prepared& b) { return a.places.size() < b.places.size(); });
}

template <class Real>
typename ProductFill<Real>::Prepared ProductFill<Real>::prepared(const ProductState::Factor& factor,
                                                                 const BlockLayout& layout) const {
  const int bits = lane_bits<Real>();
  const std::size_t lanes = std::size_t{1} << bits;
  Prepared made;
  // A bit of an index into the factor, by the bits of an index into the table, and by lane.
  std::vector<std::size_t> inner, inner_place, outer, of_lane(lanes, 0);
  bool in_lanes = false;
  for (std::size_t k = 0; k < factor.qubits.size(); ++k) {
    const std::size_t bit = std::size_t{1} << k;
    const int qubit = factor.qubits[k], local = layout.is_outer(qubit) ? -1 : layout.local(qubit);
    if (local < 0) {
      made.outer.push_back(qubit);
      outer.push_back(bit);
    } else if (local < bits) {
      in_lanes = true;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        if (lane >> local & 1) of_lane[lane] |= bit;
    } else {
      inner.push_back(bit);
      inner_place.push_back(std::size_t{1} << (local - bits));
    }
  }
  const auto chosen = [](std::size_t value, const std::vector<std::size_t>& from) {
    std::size_t sum = 0;
    for (std::size_t k = 0; k < from.size(); ++k)
      if (value >> k & 1) sum |= from[k];
    return sum;
  };
  for (std::size_t value = 0; value < std::size_t{1} << inner.size(); ++value)
    made.places.push_back(chosen(value, inner_place));
  inner.insert(inner.end(), outer.begin(), outer.end());
  made.entry = in_lanes ? 2 * lanes : 2;
  const std::size_t entries = std::size_t{1} << inner.size(), width = made.entry / 2;
  made.table = AlignedBuffer<Real>(entries * made.entry);
  for (std::size_t entry = 0; entry < entries; ++entry) {
    const std::size_t from = chosen(entry, inner);
    Real* to = made.table.data() + entry * made.entry;
    for (std::size_t lane = 0; lane < width; ++lane) {
      const Complex amplitude = factor.amplitudes[from | of_lane[lane]];
      to[lane] = static_cast<Real>(amplitude.real());
      to[width + lane] = static_cast<Real>(amplitude.imag());
    }
  }
  return made;
}

/// The amplitudes of a factor in the block at `base`.
template <class Real> const Real* ProductFill<Real>::values(const Prepared& factor, std::size_t base) const {
  std::size_t outer = 0;
  for (std::size_t k = 0; k < factor.outer.size(); ++k) outer |= (base >> factor.outer[k] & 1) << k;
  return factor.table.data() + outer * factor.places.size() * factor.entry;
}

template <class Real> bool ProductFill<Real>::operator()(Real* block, std::size_t base) const {
  const std::size_t lanes = std::size_t{1} << lane_bits<Real>();
  if (uniform_) {
    for (std::size_t k = 0; k < 2 * size_; ++k)
      block[k] = k / lanes % 2 ? Real{0} : static_cast<Real>(*uniform_);
    return true;
  }
  Complex scale = (base & ~held_) == 0 ? 1 : 0;
  for (const ProductState::Factor& factor : outside_) {
    std::size_t index = 0;
    for (std::size_t k = 0; k < factor.qubits.size(); ++k) index |= (base >> factor.qubits[k] & 1) << k;
    scale *= factor.amplitudes[index];
  }
  if (scale == Complex{} || !whole_) std::fill_n(block, 2 * size_, Real{0});
  if (scale == Complex{}) return false;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const Complex start = (lane & ~lanes_held_) == 0 ? scale : 0;
    block[lane] = static_cast<Real>(start.real());
    block[lanes + lane] = static_cast<Real>(start.imag());
  }
  std::size_t done = 0;
  for (const Prepared& factor : factors_) {
    spread_factor<Real>(block, done, factor.places, values(factor, base), factor.entry > 2);
    done |= factor.places.back();
  }
  return true;
}

template class ProductFill<float>;
template class ProductFill<double>;

} // namespace bloch::quantum
