#include "quantum/simulators/split_plan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "quantum/gates/canonical.h"
#include "quantum/gates/euler_angles.h"
#include "quantum/simulators/exchange_plan.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t most_steps_back = 400;   ///< how far an item looks for a layer
constexpr int fewest_qubits = 13;              ///< below, taking matrices apart costs more than it gains
constexpr int fewest_qubits_of_exchanges = 17; ///< likewise
constexpr double negligible = 1e-13;

const double r = std::sqrt(0.5);
const OneQubitMatrix hadamard{r, r, r, -r};

class Splitter {
 public:
  void add(const PlanItem& item) {
    const std::size_t qubits = item.targets.size();
    if (item.kind == PlanKind::hadamards) {
      for (int qubit = 0; qubit < 64; ++qubit)
        if (item.hadamards >> qubit & 1) wait(qubit, hadamard);
    } else if (item.kind == PlanKind::phase) {
      add_phase(item.phase);
    } else if (item.kind == PlanKind::dense && item.controls.empty() && qubits <= 2 &&
               is_unitary(item.matrix)) {
      if (qubits == 1)
        wait(item.targets[0], {item.matrix[0], item.matrix[1], item.matrix[2], item.matrix[3]});
      else
        add_pair(item);
    } else {
      keep(item);
    }
  }

  std::vector<PlanItem> take() {
    flush(std::numeric_limits<std::uint64_t>::max());
    if (constant_ != 0) {
      auto phase = std::find_if(items_.begin(), items_.end(),
                                [](const PlanItem& item) { return item.kind == PlanKind::phase; });
      if (phase == items_.end()) phase = items_.insert(phase, phase_item());
      phase->phase.constant += constant_;
    }
    return std::move(items_);
  }

 private:
  static PlanItem phase_item() {
    PlanItem item;
    item.kind = PlanKind::phase;
    return item;
  }

  void keep(const PlanItem& item) {
    flush(item.mixed() | item.diagonal());
    items_.push_back(item);
  }

  void wait(int qubit, const OneQubitMatrix& matrix) {
    const auto [at, fresh] = waiting_.try_emplace(qubit, matrix);
    if (!fresh) at->second = product(matrix, at->second);
  }

  void add_phase(const PhasePolynomial& phase) {
    constant_ += phase.constant;
    PhasePolynomial rest;
    for (const auto& [pair, angle] : phase.pairs) {
      flush(qubit_bit(pair.first) | qubit_bit(pair.second));
      rest.add_pair(pair.first, pair.second, angle);
    }
    for (const auto& [qubit, angle] : phase.linear) {
      if (waiting_.contains(qubit))
        wait(qubit, {1, 0, 0, std::polar(1.0, angle)});
      else
        rest.add_linear(qubit, angle);
    }
    place_phase(rest);
  }

  void add_pair(const PlanItem& item) {
    if (!may_be_one_interaction(item.matrix)) return keep(item);
    const CanonicalForm form = canonical_form(item.matrix);
    if (std::max(std::abs(form.x), std::abs(form.y)) > 1e-12) return keep(item);
    for (std::size_t k = 0; k < 2; ++k) wait(item.targets[k], form.before[k]);
    flush(item.mixed());
    PhasePolynomial zz; // exp(i z ZZ)
    constant_ += form.z;
    for (const int qubit : item.targets) zz.add_linear(qubit, -2 * form.z);
    zz.add_pair(item.targets[0], item.targets[1], 4 * form.z);
    place_phase(zz);
    for (std::size_t k = 0; k < 2; ++k) wait(item.targets[k], form.after[k]);
  }

  void flush(std::uint64_t qubits) {
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      if ((qubits & qubit_bit(at->first)) == 0) {
        ++at;
        continue;
      }
      place(at->first, at->second);
      at = waiting_.erase(at);
    }
  }

  /// A one-qubit unitary: e^(i a) diag(1, e^(i b)) turn diag(1, e^(i c)).
  void place(int qubit, const OneQubitMatrix& m) {
    const auto linear = [&](double angle) {
      PhasePolynomial phase;
      if (std::abs(angle) > negligible) phase.add_linear(qubit, angle);
      place_phase(phase);
    };
    const double cosine = std::abs(m[0]), sine = std::abs(m[2]);
    if (sine < negligible) {
      constant_ += std::arg(m[0]);
      return linear(std::arg(m[3] / m[0]));
    }
    if (std::abs(m[1] - m[0]) + std::abs(m[2] - m[0]) + std::abs(m[3] + m[0]) < 1e-12) {
      constant_ += std::arg(m[0]);
      layer(PlanKind::hadamards, qubit).hadamards |= qubit_bit(qubit);
      return;
    }
    const EulerAngles angles = euler_angles(m);
    // Past 45 degrees a turn is another one after X, and that one after Z.
    const bool flip = sine > cosine;
    constant_ += angles.phase;
    linear(angles.lambda + (flip ? std::numbers::pi : 0));
    layer(PlanKind::turns, qubit).turns[qubit] = {(angles.theta - (flip ? std::numbers::pi : 0)) / 2, flip};
    linear(angles.phi);
  }

  /// The earliest layer of a kind that the qubit can still join, or a new one.
  PlanItem& layer(PlanKind kind, int qubit) {
    PlanItem* earliest = nullptr;
    for (std::size_t back = 0; back < std::min(items_.size(), most_steps_back); ++back) {
      PlanItem& item = items_[items_.size() - 1 - back];
      if ((item.mixed() | item.diagonal()) & qubit_bit(qubit)) break;
      if (item.kind == kind) earliest = &item;
    }
    if (earliest) return *earliest;
    items_.emplace_back();
    items_.back().kind = kind;
    return items_.back();
  }

  void place_phase(const PhasePolynomial& phase) {
    if (phase.qubits == 0) return;
    PlanItem* earliest = nullptr;
    for (std::size_t back = 0; back < std::min(items_.size(), most_steps_back); ++back) {
      PlanItem& item = items_[items_.size() - 1 - back];
      if (item.mixed() & phase.qubits) break;
      if (item.kind == PlanKind::phase) earliest = &item;
    }
    if (!earliest) {
      items_.push_back(phase_item());
      earliest = &items_.back();
    }
    earliest->phase.add(phase);
  }

  std::vector<PlanItem> items_;
  std::map<int, OneQubitMatrix> waiting_; ///< products of one-qubit gates not placed yet
  double constant_ = 0;
};

} // namespace

std::vector<PlanItem> split_matrices(std::span<const PlanItem> plan) {
  Splitter splitter;
  for (const PlanItem& item : plan) splitter.add(item);
  return splitter.take();
}

double plan_cost(std::span<const PlanItem> plan) {
  double cost = 0;
  for (const PlanItem& item : plan) {
    const auto sweeps = [](std::size_t qubits) { return std::ceil(static_cast<double>(qubits) / 4); };
    switch (item.kind) {
    case PlanKind::hadamards:
      cost += 0.9 * sweeps(static_cast<std::size_t>(std::popcount(item.hadamards)));
      break;
    case PlanKind::turns:
      cost += sweeps(item.turns.size());
      break;
    case PlanKind::phase: {
      const auto terms = static_cast<double>(item.phase.linear.size() + item.phase.pairs.size());
      cost += std::min(0.4 * terms, 1.6);
      break;
    }
    case PlanKind::exchange:
      cost += 1.4;
      break;
    case PlanKind::dense:
      cost +=
          std::ldexp(1.0, static_cast<int>(item.targets.size()) - 1 - static_cast<int>(item.controls.size()));
      break;
    }
  }
  return cost;
}

namespace {

/// Whether taking matrices apart may gain more than it costs: at most half of the time that the plan takes,
/// against what canonical_form and the layers take for each matrix.
bool may_pay(std::span<const PlanItem> plan, int qubits) {
  constexpr double ns_a_unit = 0.15, ns_a_pair = 3000, ns_a_single = 250; // measured, see the README
  double work_ns = 0;
  for (const PlanItem& item : plan)
    if (item.kind == PlanKind::dense && item.controls.empty() && item.targets.size() <= 2)
      work_ns += item.targets.size() == 1 ? ns_a_single : ns_a_pair;
  return work_ns > 0 && work_ns < 0.5 * ns_a_unit * std::ldexp(plan_cost(plan), qubits);
}

} // namespace

std::vector<PlanItem> best_plan(std::span<const Operation> operations, int qubits) {
  std::vector<PlanItem> plan = plan_gates(operations);
  if (qubits < fewest_qubits || !may_pay(plan, qubits)) return plan;
  std::vector<PlanItem> split = split_matrices(plan);
  if (plan_cost(split) < plan_cost(plan)) plan = std::move(split);
  return qubits < fewest_qubits_of_exchanges ? plan : exchange_matrices(std::move(plan));
}

} // namespace bloch::quantum
