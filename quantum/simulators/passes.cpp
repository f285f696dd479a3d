#include "quantum/simulators/passes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/block_phase.h"
#include "quantum/simulators/wide_gate.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 19; ///< half of a 1 MiB second-level cache
constexpr int low_qubits_kept = 6;                        ///< runs of a column are at least this long
constexpr std::size_t most_items_ahead = 1000;            ///< among which a pass looks for what it can do
constexpr int few_qubits = 3;                             ///< phases of so few qubits are applied as diagonals
constexpr std::size_t few_terms = 2;                      ///< phases of so few terms are applied one by one

std::uint64_t qubit_bit(int qubit) { return std::uint64_t{1} << qubit; }

/// Items that run together, and the qubits of their blocks.
struct PassPlan {
  std::uint64_t active = 0;
  std::vector<PlanItem> items;
  bool wide = false; ///< one matrix on more targets than the vector kernels take
};

/// A plan that is taken pass by pass, in its order.
class WaitingPlan {
 public:
  /// width: qubits of a block; at least low_qubits_kept + 4 or all of them
  WaitingPlan(std::vector<PlanItem> items, int qubits, int width)
      : items_(std::move(items))
      , qubits_(qubits)
      , width_(width) {}

  bool empty() const { return front_ == items_.size(); }

  /// H on every one of these qubits, when the plan begins with that; it is taken out.
  std::uint64_t take_first_hadamards() {
    if (empty() || items_[front_].kind != PlanKind::hadamards) return 0;
    return items_[front_++].hadamards;
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
    front_ = next - left.size();
    std::move(left.begin(), left.end(), items_.begin() + static_cast<std::ptrdiff_t>(front_));
    return pass;
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

/// One item made ready for the blocks of a pass.
template <class Real> struct BlockItem {
  PlanKind kind = PlanKind::dense;
  std::size_t hadamards = 0; ///< local qubits
  std::vector<RealTurn> turns = {};
  PreparedGate<Real> gate = {};
  std::uint64_t outer = 0, outer_value = 0; ///< qubits outside the block, and what they must be
  BlockPhase<Real> phase = {};
};

/// Where the qubits of a pass lie in its blocks.
class BlockLayout {
 public:
  BlockLayout(std::uint64_t active, int qubits)
      : active_(active) {
    for (int qubit = 0; qubit < qubits; ++qubit) {
      if (active >> qubit & 1)
        local_.push_back(qubit);
      else
        outer_.push_back(qubit);
    }
    while (contiguous_ < width() && local_[contiguous_] == contiguous_) ++contiguous_;
    for (std::size_t run = 0; run < std::size_t{1} << (width() - contiguous_); ++run) {
      std::size_t offset = 0;
      for (int k = contiguous_; k < width(); ++k) offset |= (run >> (k - contiguous_) & 1) << local_[k];
      run_offsets_.push_back(offset);
    }
  }

  int width() const { return static_cast<int>(local_.size()); }
  const std::vector<int>& local_qubits() const { return local_; }
  bool is_outer(int qubit) const { return (active_ >> qubit & 1) == 0; }
  int local(int qubit) const {
    return static_cast<int>(std::lower_bound(local_.begin(), local_.end(), qubit) - local_.begin());
  }
  bool in_place() const { return contiguous_ == width(); }
  std::size_t blocks() const { return std::size_t{1} << outer_.size(); }
  std::size_t run_length() const { return std::size_t{1} << contiguous_; }
  const std::vector<std::size_t>& run_offsets() const { return run_offsets_; }
  /// Index of a block's first amplitude.
  std::size_t base(std::size_t block) const {
    std::size_t index = 0;
    for (std::size_t k = 0; k < outer_.size(); ++k) index |= (block >> k & 1) << outer_[k];
    return index;
  }

 private:
  std::uint64_t active_;
  std::vector<int> local_, outer_;
  int contiguous_ = 0;
  std::vector<std::size_t> run_offsets_;
};

template <class Real> class PassRunner {
 public:
  PassRunner(const PassPlan& pass, int qubits)
      : layout_(pass.active, qubits) {
    for (const PlanItem& item : pass.items) prepare(item);
  }

  /// fresh: qubits that have had an H from |0…0>; the state is not read.
  void run(Real* state, std::optional<std::uint64_t> fresh) const {
    if (layout_.blocks() == 1) return run_block(state, 0, fresh);
    oneapi::tbb::parallel_for(std::size_t{0}, layout_.blocks(),
                              [&](std::size_t block) { run_block(state, block, fresh); });
  }

 private:
  void prepare(const PlanItem& item) {
    if (item.kind == PlanKind::phase) {
      if (std::popcount(item.phase.qubits) <= few_qubits) return prepare_diagonal(item.phase);
      const std::size_t terms = item.phase.linear.size() + item.phase.pairs.size();
      if (terms <= few_terms || layout_.width() < phase_table_qubits) return prepare_terms(item.phase);
      BlockItem<Real> ready;
      ready.kind = PlanKind::phase;
      ready.phase = BlockPhase<Real>(item.phase, layout_.local_qubits());
      items_.push_back(std::move(ready));
      return;
    }
    if (item.kind == PlanKind::dense) return prepare_matrix(item.matrix, item.targets, item.controls);
    BlockItem<Real> ready;
    ready.kind = item.kind;
    for (int k = 0; k < layout_.width(); ++k)
      if (item.hadamards >> layout_.local_qubits()[k] & 1) ready.hadamards |= std::size_t{1} << k;
    for (const auto& [qubit, turn] : item.turns)
      ready.turns.push_back({layout_.local(qubit), std::tan(turn.angle), turn.flip});
    items_.push_back(std::move(ready));
  }

  void prepare_matrix(std::span<const Complex> matrix, std::span<const int> targets,
                      std::span<const int> controls) {
    BlockItem<Real> ready;
    std::vector<int> local_targets, local_controls;
    for (const int target : targets) local_targets.push_back(layout_.local(target));
    for (const int control : controls) {
      if (layout_.is_outer(control))
        ready.outer |= qubit_bit(control);
      else
        local_controls.push_back(layout_.local(control));
    }
    ready.outer_value = ready.outer;
    ready.gate = prepare_gate<Real>(matrix, local_targets, local_controls);
    items_.push_back(std::move(ready));
  }

  void prepare_terms(const PhasePolynomial& phase) {
    const auto alone = [&](const auto& add) {
      PhasePolynomial term;
      add(term);
      prepare_diagonal(term);
    };
    if (phase.constant != 0) alone([&](PhasePolynomial& term) { term.constant = phase.constant; });
    for (const auto& entry : phase.linear)
      alone([&](PhasePolynomial& term) { term.add_linear(entry.first, entry.second); });
    for (const auto& entry : phase.pairs)
      alone([&](PhasePolynomial& term) { term.add_pair(entry.first.first, entry.first.second, entry.second); });
  }

  /// A phase of few qubits: a diagonal on those in the block for each value of those outside.
  void prepare_diagonal(const PhasePolynomial& phase) {
    std::vector<int> inside, outside;
    for (int qubit = 0; qubit < 64; ++qubit)
      if (phase.qubits >> qubit & 1) (layout_.is_outer(qubit) ? outside : inside).push_back(qubit);
    if (inside.empty()) inside.push_back(layout_.local_qubits()[0]); // any: its values make no difference
    for (std::size_t outer = 0; outer < std::size_t{1} << outside.size(); ++outer) {
      const auto bits_of = [](std::size_t value, const std::vector<int>& qubits) {
        std::uint64_t bits = 0;
        for (std::size_t k = 0; k < qubits.size(); ++k) bits |= (value >> k & 1) << qubits[k];
        return bits;
      };
      const std::size_t size = std::size_t{1} << inside.size();
      std::vector<Complex> matrix(size * size);
      for (std::size_t row = 0; row < size; ++row)
        matrix[row * size + row] = std::polar(1.0, phase.at(bits_of(outer, outside) | bits_of(row, inside)));
      const auto is_one = [&](std::size_t row) { return matrix[row * size + row] == Complex(1); };
      std::size_t ones = 0;
      while (ones < size && is_one(ones)) ++ones;
      if (ones == size) continue; // nothing to do there
      prepare_matrix(matrix, inside, {});
      items_.back().outer = bits_of(static_cast<std::size_t>(-1), outside);
      items_.back().outer_value = bits_of(outer, outside);
    }
  }

  void run_block(Real* state, std::size_t index, std::optional<std::uint64_t> fresh) const {
    const std::size_t base = layout_.base(index), run = layout_.run_length(),
                      reals = std::size_t{2} << layout_.width();
    thread_local AlignedBuffer<Real> columns;
    Real* block = state + 2 * base;
    if (!layout_.in_place()) {
      if (columns.size() < reals) columns = AlignedBuffer<Real>(reals);
      block = columns.data();
    }
    bool zero = false;
    if (fresh)
      zero = !fill_fresh(block, base, *fresh);
    else if (!layout_.in_place())
      for (std::size_t k = 0; k < layout_.run_offsets().size(); ++k)
        std::memcpy(block + 2 * k * run, state + 2 * (base + layout_.run_offsets()[k]), 2 * run * sizeof(Real));
    if (!zero)
      for (const BlockItem<Real>& item : items_) apply_item(block, base, item);
    if (!layout_.in_place())
      for (std::size_t k = 0; k < layout_.run_offsets().size(); ++k)
        std::memcpy(state + 2 * (base + layout_.run_offsets()[k]), block + 2 * k * run, 2 * run * sizeof(Real));
  }

  /// The block of |+> on some qubits and |0> on the others. False where it is zero.
  bool fill_fresh(Real* block, std::size_t base, std::uint64_t plus) const {
    const std::size_t size = std::size_t{1} << layout_.width(), lanes = std::size_t{1} << lane_bits<Real>();
    if ((base & ~plus) != 0) {
      std::fill_n(block, 2 * size, Real{0});
      return false;
    }
    const Real value = static_cast<Real>(std::pow(0.5, 0.5 * std::popcount(plus)));
    std::size_t local = 0;
    for (int k = 0; k < layout_.width(); ++k)
      if (plus >> layout_.local_qubits()[k] & 1) local |= std::size_t{1} << k;
    if (local == size - 1 && size >= lanes) {
      std::fill_n(block, lanes, value);
      std::fill_n(block + lanes, lanes, Real{0});
      for (std::size_t done = 2 * lanes; done < 2 * size; done *= 2)
        std::memcpy(block + done, block, done * sizeof(Real));
    } else {
      std::fill_n(block, 2 * size, Real{0});
      block[0] = 1;
      if (local != 0)
        hadamard_block<Real>(block, layout_.width(), local, value);
      else
        block[0] = value;
    }
    return true;
  }

  void apply_item(Real* block, std::size_t base, const BlockItem<Real>& item) const {
    if (item.kind == PlanKind::hadamards)
      hadamard_block<Real>(block, layout_.width(), item.hadamards,
                           static_cast<Real>(std::pow(0.5, 0.5 * std::popcount(item.hadamards))));
    else if (item.kind == PlanKind::turns)
      turn_block<Real>(block, layout_.width(), item.turns);
    else if (item.kind == PlanKind::phase)
      item.phase.multiply(block, base);
    else if ((base & item.outer) == item.outer_value)
      apply_groups(block, item.gate, 0, gate_groups(item.gate, layout_.width()));
  }

  BlockLayout layout_;
  std::vector<BlockItem<Real>> items_;
};

} // namespace

template <class Real>
void run_plan(Real* state, int qubits, std::span<const PlanItem> plan, bool fresh, int block_qubits) {
  int width = block_qubits;
  while (block_qubits == 0 && (std::size_t{4} << width) * sizeof(Real) <= block_bytes) ++width;
  WaitingPlan waiting({plan.begin(), plan.end()}, qubits, std::min(width, qubits));
  std::optional<std::uint64_t> plus;
  if (fresh) plus = waiting.take_first_hadamards();
  while (!waiting.empty() || plus) {
    PassPlan pass = waiting.next_pass();
    if (pass.wide && plus) { // a wide matrix reads the state: it must be there
      PassPlan none;
      none.active = pass.active;
      PassRunner<Real>(none, qubits).run(state, plus);
      plus.reset();
    }
    if (pass.wide) {
      const PlanItem& item = pass.items[0];
      apply_wide_gate(state, qubits, item.matrix, item.targets, item.controls);
      continue;
    }
    PassRunner<Real>(pass, qubits).run(state, plus);
    plus.reset();
  }
}

template void run_plan<float>(float*, int, std::span<const PlanItem>, bool, int);
template void run_plan<double>(double*, int, std::span<const PlanItem>, bool, int);

} // namespace bloch::quantum
