#include "quantum/simulators/passes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "quantum/simulators/first_gates.h"
#include "quantum/simulators/pass_runner.h"
#include "quantum/simulators/wide_gate.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 19; ///< half of a 1 MiB second-level cache
constexpr int low_qubits_kept = 6;                        ///< runs of a column are at least this long
constexpr std::size_t most_items_ahead = 1000;            ///< among which a pass looks for what it can do
constexpr int worth_joining = 14;                         ///< qubits from which first gates are joined

/// A plan that is taken pass by pass, in its order.
class WaitingPlan {
 public:
  /// width: qubits of a block; at least low_qubits_kept + 4 or all of them
  WaitingPlan(std::vector<PlanItem> items, int qubits, int width)
      : items_(std::move(items))
      , qubits_(qubits)
      , width_(width) {}

  bool empty() const { return front_ == items_.size(); }

  /// The state after what comes first of all and joins few qubits, from |0…0>; that is taken out.
  template <class Real> ProductState take_first() {
    FirstGates first(qubits_ < worth_joining ? 0 : std::min(width_, qubits_ - 2));
    std::uint64_t held = 0;
    std::vector<PlanItem> left;
    std::size_t next = front_;
    for (; next < reach() && held != all(); ++next) {
      PlanItem& item = items_[next];
      const std::uint64_t qubits = item.mixed() | item.diagonal();
      if ((qubits & held) == 0 && first.take(item)) continue;
      held |= qubits;
      left.push_back(std::move(item));
    }
    put_back(std::move(left), next);
    return first.state<Real>();
  }

  /// As many items as the blocks allow, past those that must wait.
  PassPlan next_pass() {
    PassPlan pass = take(wanted());
    if (pass.items.empty()) pass = take(lowest()); // the first item at least
    for (int qubit = 0; qubit < qubits_ && std::popcount(pass.active) < width_; ++qubit)
      pass.active |= qubit_bit(qubit);
    return pass;
  }

 private:
  std::uint64_t all() const { return qubit_bit(qubits_) - 1; }
  std::uint64_t lowest() const { return qubit_bit(std::min({low_qubits_kept, width_, qubits_})) - 1; }
  bool room(std::uint64_t active) const { return std::popcount(active) <= width_; }
  static bool by_qubit(const PlanItem& item) {
    return item.kind == PlanKind::hadamards || item.kind == PlanKind::turns;
  }

  /// The qubits of the matrices that can come next, and of all that must come before those. What
  /// acts on qubits one by one has no wishes of its own.
  std::uint64_t wanted() const {
    std::uint64_t active = lowest(), held_mixed = 0, held_diagonal = 0;
    std::array<std::uint64_t, 64> before{}; // by qubit: those that must be in the block before it can be mixed
    for (std::size_t k = front_; k < reach() && held_mixed != all(); ++k) {
      const PlanItem& item = items_[k];
      const std::uint64_t mixed = item.mixed(), diagonal = item.diagonal();
      if (by_qubit(item)) {
        for (int qubit = 0; qubit < qubits_; ++qubit) before[qubit] |= mixed & qubit_bit(qubit);
        continue;
      }
      if (item.kind == PlanKind::phase) {
        for (const auto& [pair, angle] : item.phase.pairs) {
          const std::uint64_t both = before[pair.first] | before[pair.second];
          before[pair.first] = before[pair.second] = both;
          const std::uint64_t bits = qubit_bit(pair.first) | qubit_bit(pair.second);
          if ((bits & held_mixed) != 0) held_diagonal |= bits;
        }
        continue;
      }
      std::uint64_t needed = mixed;
      for (int qubit = 0; qubit < qubits_; ++qubit)
        if ((mixed | diagonal) >> qubit & 1) needed |= before[qubit];
      if (item.targets.size() <= 4 && (mixed & (held_mixed | held_diagonal)) == 0 &&
          (diagonal & held_mixed) == 0 && (needed & held_mixed) == 0 && room(active | needed)) {
        active |= needed;
        continue;
      }
      held_mixed |= mixed;
      held_diagonal |= diagonal;
    }
    return active;
  }

  /// One past the last item that is looked at.
  std::size_t reach() const { return std::min(front_ + most_items_ahead, items_.size()); }

  PassPlan take(std::uint64_t active) {
    PassPlan pass;
    pass.active = active;
    std::uint64_t held_mixed = 0, held_diagonal = 0; // qubits that an item left behind mixes, or only reads
    std::vector<PlanItem> left;
    std::size_t next = front_;
    for (; next < reach() && held_mixed != all() && !pass.wide; ++next) {
      PlanItem& item = items_[next];
      if (by_qubit(item) || item.kind == PlanKind::phase) {
        PlanItem part = by_qubit(item) ? taken_qubits(item, held_mixed | held_diagonal, pass.active)
                                       : taken_terms(item, held_mixed);
        if (part.mixed() != 0 || part.phase.qubits != 0 || part.phase.constant != 0)
          pass.items.push_back(std::move(part));
        held_mixed |= item.mixed();
        held_diagonal |= item.diagonal();
        if ((item.mixed() | item.diagonal()) != 0) left.push_back(std::move(item));
        continue;
      }
      const std::uint64_t mixed = item.mixed(), diagonal = item.diagonal();
      const bool wide = item.targets.size() > 4;
      if (wide && pass.items.empty() && left.empty()) {
        pass.wide = true;
        pass.items.push_back(std::move(item));
        continue;
      }
      if (!wide && (mixed & (held_mixed | held_diagonal)) == 0 && (diagonal & held_mixed) == 0 &&
          room(pass.active | mixed)) {
        pass.active |= mixed;
        pass.items.push_back(std::move(item));
        continue;
      }
      held_mixed |= wide ? all() : mixed;
      held_diagonal |= diagonal;
      left.push_back(std::move(item));
    }
    put_back(std::move(left), next);
    return pass;
  }

  /// What was left of the items before `next` comes first again.
  void put_back(std::vector<PlanItem> left, std::size_t next) {
    front_ = next - left.size();
    std::move(left.begin(), left.end(), items_.begin() + static_cast<std::ptrdiff_t>(front_));
  }

  /// Moves the qubits of a layer that may go, and have room, into a layer of their own.
  PlanItem taken_qubits(PlanItem& item, std::uint64_t held, std::uint64_t& active) const {
    PlanItem part;
    part.kind = item.kind;
    const std::uint64_t layer = item.mixed();
    for (int qubit = 0; qubit < qubits_; ++qubit) {
      const std::uint64_t bit = qubit_bit(qubit);
      if ((layer & bit) == 0 || (held & bit) != 0 || !room(active | bit)) continue;
      active |= bit;
      part.hadamards |= item.hadamards & bit;
      item.hadamards &= ~bit;
      part.turns.insert(item.turns.extract(qubit));
    }
    return part;
  }

  /// Moves the terms of a phase that may go into one of their own, where that sets half of its qubits free: two
  /// phases take twice the time of one.
  static PlanItem taken_terms(PlanItem& item, std::uint64_t held) {
    PlanItem part;
    part.kind = PlanKind::phase;
    if ((item.phase.qubits & held) == 0) {
      std::swap(part.phase, item.phase);
      return part;
    }
    PhasePolynomial rest;
    part.phase.constant = item.phase.constant;
    for (const auto& [qubit, angle] : item.phase.linear)
      ((held & qubit_bit(qubit)) == 0 ? part.phase : rest).add_linear(qubit, angle);
    for (const auto& [pair, angle] : item.phase.pairs) {
      const std::uint64_t bits = qubit_bit(pair.first) | qubit_bit(pair.second);
      ((held & bits) == 0 ? part.phase : rest).add_pair(pair.first, pair.second, angle);
    }
    const int released = std::popcount(item.phase.qubits & ~rest.qubits);
    if (2 * released < std::popcount(item.phase.qubits)) {
      part.phase = {};
      return part;
    }
    item.phase = std::move(rest);
    return part;
  }

  std::vector<PlanItem> items_;
  std::size_t front_ = 0;
  int qubits_, width_;
};

} // namespace

template <class Real>
void run_plan(Real* state, int qubits, std::span<const PlanItem> plan, bool fresh, int block_qubits) {
  int width = block_qubits;
  while (block_qubits == 0 && (std::size_t{4} << width) * sizeof(Real) <= block_bytes) ++width;
  WaitingPlan waiting({plan.begin(), plan.end()}, qubits, std::min(width, qubits));
  std::optional<ProductState> first;
  if (fresh) first = waiting.take_first<Real>();
  const auto run = [&](const PassPlan& pass) {
    run_pass(state, qubits, pass, first ? &*first : nullptr);
    first.reset();
  };
  while (!waiting.empty() || first) {
    const PassPlan pass = waiting.next_pass();
    if (!pass.wide) {
      run(pass);
      continue;
    }
    if (first) run({pass.active, {}}); // a wide matrix reads the state: it must be there
    const PlanItem& item = pass.items[0];
    apply_wide_gate(state, qubits, item.matrix, item.targets, item.controls);
  }
}

template void run_plan<float>(float*, int, std::span<const PlanItem>, bool, int);
template void run_plan<double>(double*, int, std::span<const PlanItem>, bool, int);

} // namespace bloch::quantum
