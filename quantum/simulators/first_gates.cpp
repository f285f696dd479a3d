#include "quantum/simulators/first_gates.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <utility>

#include "quantum/simulators/gate_kernels.h"
#include "quantum/simulators/passes.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {
namespace {

bool acts_by_qubit(const PlanItem& item) {
  return item.kind == PlanKind::hadamards || item.kind == PlanKind::turns;
}

/// A qubit's number among those of a mask.
int number_in(std::uint64_t qubits, int qubit) { return std::popcount(qubits & (qubit_bit(qubit) - 1)); }

/// An item that is no phase on the qubits of a mask, numbered from 0.
PlanItem renumbered(PlanItem item, std::uint64_t qubits) {
  for (int& target : item.targets) target = number_in(qubits, target);
  for (int& control : item.controls) control = number_in(qubits, control);
  std::uint64_t hadamards = 0;
  for (std::uint64_t left = item.hadamards; left != 0; left &= left - 1)
    hadamards |= qubit_bit(number_in(qubits, std::countr_zero(left)));
  item.hadamards = hadamards;
  std::map<int, PlanTurn> turns;
  for (const auto& [qubit, turn] : item.turns) turns.emplace(number_in(qubits, qubit), turn);
  item.turns = std::move(turns);
  return item;
}

/// What one item makes of |0> or |00>, where that can be read from it.
std::vector<Complex> first_column(const PlanItem& item) {
  if (item.kind == PlanKind::turns) {
    const PlanTurn& turn = item.turns.begin()->second;
    const double c = std::cos(turn.angle), s = std::sin(turn.angle);
    return turn.flip ? std::vector<Complex>{-s, c} : std::vector<Complex>{c, s};
  }
  const std::size_t size = std::size_t{1} << item.targets.size();
  std::vector<Complex> column;
  for (std::size_t row = 0; row < size; ++row) column.push_back(item.matrix[row * size]);
  return column;
}

/// What items on the qubits of a mask make of |0…0>, in order of the index.
template <class Real> std::vector<Complex> simulated(const std::vector<PlanItem>& items, std::uint64_t qubits) {
  std::vector<PlanItem> plan;
  plan.reserve(items.size());
  for (const PlanItem& item : items) plan.push_back(renumbered(item, qubits));
  Statevector<Real> state(std::popcount(qubits));
  run_plan(state.data(), std::max(state.qubits(), lane_bits<Real>()), plan, true);
  std::vector<Complex> amplitudes(state.size());
  for (std::size_t k = 0; k < amplitudes.size(); ++k) amplitudes[k] = state.amplitude(k);
  return amplitudes;
}

} // namespace

bool FirstGates::take(PlanItem& item) {
  const std::uint64_t qubits = item.mixed() | item.diagonal();
  const bool first = (qubits & touched()) == 0;
  // Layers and phases go over many qubits at once: what is left of one takes as long as all of it.
  if (item.kind == PlanKind::phase) return false;
  if (acts_by_qubit(item)) {
    if (!first) return false;
    for (std::uint64_t left = item.mixed(); left != 0; left &= left - 1)
      take_one_qubit(item, std::countr_zero(left));
    return true;
  }
  const bool column = item.kind == PlanKind::dense && item.controls.empty() && item.targets.size() <= 2;
  if (!first || !column) {
    std::uint64_t all = qubits;
    for (const Group& group : groups_)
      if (group.qubits & qubits) all |= group.qubits;
    if (std::popcount(all) > most_joined_ || item.targets.size() > 4) return false;
  }
  joined(qubits).items.push_back(std::move(item));
  return true;
}

/// The group of these qubits, made of those that hold one of them.
FirstGates::Group& FirstGates::joined(std::uint64_t qubits) {
  Group together;
  together.qubits = qubits;
  if (const std::uint64_t plus = plus_ & qubits; plus != 0) {
    PlanItem& layer = together.items.emplace_back();
    layer.kind = PlanKind::hadamards;
    layer.hadamards = plus;
    plus_ &= ~plus;
  }
  const auto apart = std::partition(groups_.begin(), groups_.end(),
                                    [&](const Group& group) { return (group.qubits & qubits) == 0; });
  for (auto group = apart; group != groups_.end(); ++group) {
    together.qubits |= group->qubits;
    std::move(group->items.begin(), group->items.end(), std::back_inserter(together.items));
  }
  groups_.erase(apart, groups_.end());
  grouped_ |= qubits;
  return groups_.emplace_back(std::move(together));
}

void FirstGates::take_one_qubit(PlanItem& layer, int qubit) {
  const std::uint64_t bit = qubit_bit(qubit);
  if (layer.kind == PlanKind::hadamards && (touched() & bit) == 0) {
    plus_ |= bit;
    return;
  }
  PlanItem alone;
  alone.kind = layer.kind;
  alone.hadamards = layer.hadamards & bit;
  alone.turns.insert(layer.turns.extract(qubit));
  joined(bit).items.push_back(std::move(alone));
}

template <class Real> ProductState FirstGates::state() const {
  ProductState state;
  state.add_plus(plus_);
  for (const auto& [qubits, items] : groups_) {
    const PlanItem& item = items.front();
    if (items.size() == 1 && item.kind == PlanKind::dense && item.controls.empty() &&
        item.targets.size() <= 2) {
      state.add({item.targets, first_column(item)});
      continue;
    }
    std::vector<int> numbers;
    for (std::uint64_t left = qubits; left != 0; left &= left - 1) numbers.push_back(std::countr_zero(left));
    const bool one_turn = items.size() == 1 && item.kind == PlanKind::turns && item.turns.size() == 1;
    state.add({std::move(numbers), one_turn ? first_column(item) : simulated<Real>(items, qubits)});
  }
  return state;
}

template ProductState FirstGates::state<float>() const;
template ProductState FirstGates::state<double>() const;

} // namespace bloch::quantum
