#include "quantum/simulators/pass_runner.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/block_kernels.h"
#include "quantum/simulators/block_layout.h"
#include "quantum/simulators/block_phase.h"
#include "quantum/simulators/exchange_kernels.h"
#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {
namespace {

/// One item made ready for the blocks of a pass.
template <class Real> struct BlockItem {
  PlanKind kind = PlanKind::dense;
  std::size_t hadamards = 0; ///< local qubits
  std::vector<RealTurn> turns = {};
  PreparedGate<Real> gate = {};
  PreparedExchange<Real> exchange = {};
  ExchangePlaces state_places = {};         ///< of the exchange, where its amplitudes are outside of the block
  std::uint64_t outer = 0, outer_value = 0; ///< qubits outside the block, and what they must be
  BlockPhase<Real> phase = {};
};

template <class Real> class PassRunner {
 public:
  PassRunner(const PassPlan& pass, int qubits)
      : layout_(pass.active, qubits) {
    const auto last = std::find_if(pass.items.rbegin(), pass.items.rend(), is_exchange);
    double scale = 1; // of exchanges so far
    for (const PlanItem& item : pass.items) {
      if (!is_exchange(item)) {
        prepare(item);
        continue;
      }
      scale *= item.exchange.scale;
      const bool now = scale < smallest_scale || &item == &*last;
      prepare_exchange_of(item, now ? scale : 1);
      if (now) scale = 1;
    }
  }

  /// first: what the state is, which then is not read; or none.
  void run(Real* state, const ProductState* product) const {
    std::optional<ProductFill<Real>> fill;
    if (product) fill.emplace(*product, layout_);
    const ProductFill<Real>* const first = fill ? &*fill : nullptr;
    if (layout_.blocks() == 1) return run_block(state, 0, first);
    oneapi::tbb::parallel_for(std::size_t{0}, layout_.blocks(),
                              [&](std::size_t block) { run_block(state, block, first); });
  }

 private:
  static constexpr int few_qubits = 3;           ///< phases of so few qubits are applied as diagonals
  static constexpr std::size_t few_terms = 2;    ///< phases of so few terms are applied one by one
  static constexpr double smallest_scale = 1e-6; ///< that exchanges may leave to later ones

  static bool is_exchange(const PlanItem& item) { return item.kind == PlanKind::exchange; }

  void prepare_exchange_of(const PlanItem& item, double scale) {
    BlockItem<Real> ready;
    ready.kind = item.kind;
    ready.exchange = prepare_exchange<Real>(
        item.exchange, {layout_.local(item.targets[0]), layout_.local(item.targets[1])}, scale);
    ready.state_places = exchange_places<Real>({item.targets[0], item.targets[1]}, layout_.outer_mask());
    items_.push_back(std::move(ready));
  }

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

  void run_block(Real* state, std::size_t index, const ProductFill<Real>* first) const {
    const std::size_t base = layout_.base(index), reals = std::size_t{2} << layout_.width();
    thread_local AlignedBuffer<Real> columns;
    Real* block = state + 2 * base;
    if (!layout_.in_place()) {
      if (columns.size() < reals) columns = AlignedBuffer<Real>(reals);
      block = columns.data();
    }
    std::size_t begin = 0, end = items_.size();
    if (end > 0 && carries(items_.back())) --end; // on the way out
    const bool zero = first ? !begin_block(block, base, *first, begin) : false;
    if (!first) begin = bring_in(state + 2 * base, block, end);
    for (std::size_t k = begin; !zero && k < end; ++k) apply_item(block, base, items_[k]);
    if (!zero && end < items_.size())
      carry(block, items_[end].exchange.places, state + 2 * base, items_[end].state_places, items_[end]);
    else
      copy_runs(state + 2 * base, block,
                [](Real* outside, Real* inside, std::size_t bytes) { std::memcpy(outside, inside, bytes); });
  }

  /// An exchange at either end of a pass takes the block along on its way: what waits for memory computes
  /// meanwhile.
  bool carries(const BlockItem<Real>& item) const {
    return item.kind == PlanKind::exchange && !layout_.in_place();
  }

  void carry(const Real* from, const ExchangePlaces& from_places, Real* to, const ExchangePlaces& to_places,
             const BlockItem<Real>& item) const {
    apply_exchange<Real>({from, from_places, to, to_places}, item.exchange, layout_.width());
  }

  /// copy(run in the state, run in the block, bytes) of each run of a block that has memory of its own.
  template <class Copy> void copy_runs(Real* outside, Real* block, Copy&& copy) const {
    if (layout_.in_place()) return;
    const std::size_t run = 2 * layout_.run_length();
    for (std::size_t k = 0; k < layout_.run_offsets().size(); ++k)
      copy(outside + 2 * layout_.run_offsets()[k], block + k * run, run * sizeof(Real));
  }

  /// The block from the state; how many items are done then. end: items on the way in and in the block
  std::size_t bring_in(Real* outside, Real* block, std::size_t end) const {
    if (end > 0 && carries(items_.front())) {
      carry(outside, items_.front().state_places, block, items_.front().exchange.places, items_.front());
      return 1;
    }
    copy_runs(outside, block, [](Real* from, Real* to, std::size_t bytes) { std::memcpy(to, from, bytes); });
    return 0;
  }

  /// The block of a product state, and its first items where they can be written at once: begin counts them.
  /// False where it is zero.
  bool begin_block(Real* block, std::size_t base, const ProductFill<Real>& first, std::size_t& begin) const {
    const std::optional<double>& value = first.uniform();
    if (!value || items_.empty() || items_[0].kind != PlanKind::phase) return first(block, base);
    // The value brings along what the next layer of H would be scaled by.
    const bool layer_next = items_.size() > 1 && items_[1].kind == PlanKind::hadamards;
    items_[begin++].phase.write(block, base, layer_next ? *value * scale_of(items_[1]) : *value);
    if (layer_next) hadamard_block<Real>(block, layout_.width(), items_[begin++].hadamards, 1);
    return true;
  }

  static double scale_of(const BlockItem<Real>& layer) {
    return std::pow(0.5, 0.5 * std::popcount(layer.hadamards));
  }

  void apply_item(Real* block, std::size_t base, const BlockItem<Real>& item) const {
    if (item.kind == PlanKind::hadamards)
      hadamard_block<Real>(block, layout_.width(), item.hadamards, static_cast<Real>(scale_of(item)));
    else if (item.kind == PlanKind::turns)
      turn_block<Real>(block, layout_.width(), item.turns);
    else if (item.kind == PlanKind::phase)
      item.phase.multiply(block, base);
    else if (item.kind == PlanKind::exchange)
      apply_exchange(block, item.exchange, layout_.width());
    else if ((base & item.outer) == item.outer_value)
      apply_groups(block, item.gate, 0, gate_groups(item.gate, layout_.width()));
  }

  BlockLayout layout_;
  std::vector<BlockItem<Real>> items_;
};

} // namespace

template <class Real> void run_pass(Real* state, int qubits, const PassPlan& pass, const ProductState* first) {
  PassRunner<Real>(pass, qubits).run(state, first);
}

template void run_pass<float>(float*, int, const PassPlan&, const ProductState*);
template void run_pass<double>(double*, int, const PassPlan&, const ProductState*);

} // namespace bloch::quantum
