#include "quantum/simulators/plan.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace bloch::quantum {
namespace {

/// matrix * before, both on the same targets.
std::vector<Complex> matrix_product(std::span<const Complex> matrix, std::span<const Complex> before) {
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  std::vector<Complex> result(matrix.size());
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t k = 0; k < size; ++k)
      for (std::size_t column = 0; column < size; ++column)
        result[row * size + column] += matrix[row * size + k] * before[k * size + column];
  return result;
}

/// An item's matrix, controls included, on an ordered set of targets that holds its qubits.
std::vector<Complex> widened(const PlanItem& item, std::span<const int> targets) {
  const std::size_t size = std::size_t{1} << targets.size(), inner = std::size_t{1} << item.targets.size();
  const auto position = [&](int qubit) {
    return static_cast<std::size_t>(std::find(targets.begin(), targets.end(), qubit) - targets.begin());
  };
  std::size_t control_bits = 0, target_bits = 0;
  for (const int control : item.controls) control_bits |= std::size_t{1} << position(control);
  for (const int target : item.targets) target_bits |= std::size_t{1} << position(target);
  const auto index_of = [&](std::size_t full) {
    std::size_t index = 0;
    for (std::size_t k = 0; k < item.targets.size(); ++k) index |= (full >> position(item.targets[k]) & 1) << k;
    return index;
  };
  std::vector<Complex> result(size * size);
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t column = 0; column < size; ++column) {
      if ((row & ~target_bits) != (column & ~target_bits)) continue;
      if ((row & control_bits) != control_bits)
        result[row * size + column] = row == column ? 1 : 0;
      else
        result[row * size + column] = item.matrix[index_of(row) * inner + index_of(column)];
    }
  return result;
}

class Planner {
 public:
  void add(PlanItem item);
  void add_phase(const PhasePolynomial& phase);
  void add_hadamard(int qubit);
  std::vector<PlanItem> take() {
    std::erase_if(items_, [](const PlanItem& item) {
      return (item.kind == PlanKind::hadamards && item.hadamards == 0) ||
             (item.kind == PlanKind::phase && item.phase.constant == 0 && item.phase.qubits == 0);
    });
    return std::move(items_);
  }

 private:
  /// The last item that touches any of these qubits, or nothing within reach.
  PlanItem* last_touching(std::uint64_t qubits) {
    for (std::size_t back = 0; back < std::min(items_.size(), most_steps_back); ++back) {
      PlanItem& item = items_[items_.size() - 1 - back];
      if ((item.mixed() | item.diagonal()) & qubits) return &item;
    }
    return nullptr;
  }
  bool absorb_neighbours(PlanItem& item);

  std::vector<PlanItem> items_;
};

void Planner::add_phase(const PhasePolynomial& phase) {
  const std::uint64_t qubits = phase.qubits;
  for (std::size_t back = 0; back < std::min(items_.size(), most_steps_back); ++back) {
    PlanItem& item = items_[items_.size() - 1 - back];
    if (item.kind == PlanKind::phase) return item.phase.add(phase);
    if ((item.mixed() & qubits) == 0) continue;
    // A diagonal that only reads qubits of a matrix goes into it for nothing.
    if (item.kind == PlanKind::dense && item.controls.empty() && item.targets.size() <= 2 &&
        (qubits & ~item.mixed()) == 0) {
      const std::size_t size = std::size_t{1} << item.targets.size();
      for (std::size_t row = 0; row < size; ++row) {
        std::uint64_t basis_state = 0;
        for (std::size_t k = 0; k < item.targets.size(); ++k) basis_state |= (row >> k & 1) << item.targets[k];
        const double angle = phase.at(basis_state);
        for (std::size_t column = 0; column < size; ++column)
          item.matrix[row * size + column] *= std::polar(1.0, angle);
      }
      return;
    }
    break;
  }
  PlanItem item;
  item.kind = PlanKind::phase;
  item.phase = phase;
  items_.push_back(std::move(item));
}

void Planner::add_hadamard(int qubit) {
  const double r = std::sqrt(0.5);
  for (std::size_t back = 0; back < std::min(items_.size(), most_steps_back); ++back) {
    PlanItem& item = items_[items_.size() - 1 - back];
    const bool touches = ((item.mixed() | item.diagonal()) & qubit_bit(qubit)) != 0;
    if (item.kind == PlanKind::hadamards) {
      item.hadamards ^= qubit_bit(qubit); // two in a row cancel
      return;
    }
    if (!touches) continue;
    if (item.kind == PlanKind::dense && item.controls.empty() && item.targets.size() <= 2) {
      PlanItem gate;
      gate.matrix = {r, r, r, -r};
      gate.targets = {qubit};
      item.matrix = matrix_product(widened(gate, item.targets), item.matrix);
      return;
    }
    break;
  }
  PlanItem item;
  item.kind = PlanKind::hadamards;
  item.hadamards = qubit_bit(qubit);
  items_.push_back(std::move(item));
}

/// Takes what comes right before a matrix on its qubits into it. True when something was taken.
bool Planner::absorb_neighbours(PlanItem& item) {
  const double r = std::sqrt(0.5);
  const std::uint64_t qubits = item.mixed();
  bool any = false;
  for (const int qubit : item.targets) {
    PlanItem* before = last_touching(qubit_bit(qubit));
    if (!before) continue;
    if (before->kind == PlanKind::hadamards) {
      PlanItem gate;
      gate.matrix = {r, r, r, -r};
      gate.targets = {qubit};
      before->hadamards &= ~qubit_bit(qubit);
      item.matrix = matrix_product(item.matrix, widened(gate, item.targets));
      any = true;
    } else if (before->kind == PlanKind::phase) {
      const auto linear = before->phase.linear.find(qubit);
      const bool coupled =
          std::any_of(before->phase.pairs.begin(), before->phase.pairs.end(), [&](const auto& entry) {
            return entry.first.first == qubit || entry.first.second == qubit;
          });
      if (coupled || linear == before->phase.linear.end()) continue;
      PlanItem gate;
      gate.matrix = {1, 0, 0, std::polar(1.0, linear->second)};
      gate.targets = {qubit};
      before->phase.linear.erase(linear);
      before->phase.qubits &= ~qubit_bit(qubit);
      item.matrix = matrix_product(item.matrix, widened(gate, item.targets));
      any = true;
    } else if (((before->mixed() | before->diagonal()) & ~qubits) == 0) {
      // All of its qubits must come straight from it.
      bool direct = true;
      for (const int other : item.targets)
        if (((before->mixed() | before->diagonal()) & qubit_bit(other)) != 0)
          direct = direct && last_touching(qubit_bit(other)) == before;
      if (!direct) continue;
      item.matrix = matrix_product(item.matrix, widened(*before, item.targets));
      items_.erase(items_.begin() + (before - items_.data()));
      any = true;
    }
  }
  return any;
}

void Planner::add(PlanItem item) {
  const std::size_t qubits = item.targets.size() + item.controls.size();
  if (qubits > 2) {
    items_.push_back(std::move(item));
    return;
  }
  if (item.controls.empty()) {
    // A gate on qubits of the matrix before it is one matrix with it.
    PlanItem* before = last_touching(item.mixed());
    if (before && before->kind == PlanKind::dense && before->controls.empty() && before->targets.size() <= 2 &&
        (item.mixed() & ~before->mixed()) == 0) {
      before->matrix = matrix_product(widened(item, before->targets), before->matrix);
      return;
    }
    while (absorb_neighbours(item)) {
    }
    items_.push_back(std::move(item));
    return;
  }
  // A controlled gate alone is cheap; beside matrices on its qubits it is better part of one.
  const auto is_matrix = [&](int qubit) {
    const PlanItem* before = last_touching(qubit_bit(qubit));
    return before && before->kind == PlanKind::dense && before->controls.empty() &&
           before->targets.size() <= 2 && (before->mixed() & ~(item.mixed() | item.diagonal())) == 0;
  };
  if (!is_matrix(item.targets[0]) && !is_matrix(item.controls[0])) {
    items_.push_back(std::move(item));
    return;
  }
  PlanItem full;
  full.targets = {item.targets[0], item.controls[0]};
  full.matrix = widened(item, full.targets);
  add(std::move(full));
}

/// The phase of a gate that is diagonal on at most two qubits. True when it is one.
bool phase_of_gate(const PlanItem& item, PhasePolynomial& phase) {
  const std::size_t size = std::size_t{1} << item.targets.size();
  if (item.targets.size() + item.controls.size() > 2 || !is_diagonal(item.matrix)) return false;
  for (std::size_t k = 0; k < size; ++k) // channels of density matrices damp: those are no phases
    if (std::abs(std::abs(item.matrix[k * size + k]) - 1) > 1e-9) return false;
  const auto angle = [&](std::size_t k) { return std::arg(item.matrix[k * size + k]); };
  if (item.controls.size() == 1) {
    phase.add_linear(item.controls[0], angle(0));
    phase.add_pair(item.controls[0], item.targets[0], angle(1) - angle(0));
  } else if (item.targets.size() == 1) {
    phase.constant += angle(0);
    phase.add_linear(item.targets[0], angle(1) - angle(0));
  } else {
    phase.constant += angle(0);
    phase.add_linear(item.targets[0], angle(1) - angle(0));
    phase.add_linear(item.targets[1], angle(2) - angle(0));
    phase.add_pair(item.targets[0], item.targets[1], angle(3) - angle(1) - angle(2) + angle(0));
  }
  return true;
}

/// The same by the gate's angle alone. False where the gate has none, or another form.
bool phase_of_angle(const Operation& operation, PhasePolynomial& phase) {
  if (operation.kind != OperationKind::gate || operation.qubits.size() > 2) return false;
  const auto form = angle_phase(*operation.gate);
  if (!form || operation.parameters.size() != 1) return false;
  double angle = operation.adjoint ? -operation.parameters[0] : operation.parameters[0];
  // Whole turns cost digits; half of the angle counts too.
  if (!(std::abs(angle) < 100)) angle = 2 * std::arg(std::polar(1.0, angle / 2));
  const std::vector<int>& qubits = operation.qubits;
  if (operation.controls == 1) {
    phase.add_linear(qubits[0], form->constant * angle);
    phase.add_pair(qubits[0], qubits[1], form->linear * angle);
    return true;
  }
  phase.constant += form->constant * angle;
  for (const int qubit : qubits) phase.add_linear(qubit, form->linear * angle);
  if (qubits.size() == 2) phase.add_pair(qubits[0], qubits[1], form->pair * angle);
  return true;
}

PlanItem item_of(const Operation& operation) {
  PlanItem item;
  item.matrix = operation.unitary();
  item.controls.assign(operation.qubits.begin(), operation.qubits.begin() + operation.controls);
  item.targets.assign(operation.qubits.begin() + operation.controls, operation.qubits.end());
  return item;
}

bool is_gate(const Operation& operation, const Gate* gate) {
  return operation.kind == OperationKind::gate && operation.gate == gate &&
         static_cast<int>(operation.qubits.size()) == gate->qubits();
}

/// cx, a phase on its target, the same cx: a phase on the parity.
bool parity_phase(const Operation& before, const Operation& middle, const Operation& after,
                  PhasePolynomial& phase) {
  static const Gate* const cx = find_gate("cx");
  if (!is_gate(before, cx) || !is_gate(after, cx) || before.qubits != after.qubits ||
      middle.qubits.size() != 1 || middle.qubits[0] != before.qubits[1])
    return false;
  PhasePolynomial single;
  if (!phase_of_angle(middle, single) && !phase_of_gate(item_of(middle), single)) return false;
  const int a = before.qubits[0], b = before.qubits[1];
  const double angle = single.linear.empty() ? 0 : single.linear.begin()->second;
  phase.constant = single.constant;
  phase.add_linear(a, angle);
  phase.add_linear(b, angle);
  phase.add_pair(a, b, -2 * angle);
  return true;
}

} // namespace

double PhasePolynomial::at(std::uint64_t basis_state) const {
  const auto bit = [&](int qubit) { return static_cast<double>(basis_state >> qubit & 1); };
  double angle = constant;
  for (const auto& [qubit, term] : linear) angle += term * bit(qubit);
  for (const auto& [pair, term] : pairs) angle += term * bit(pair.first) * bit(pair.second);
  return angle;
}

void PhasePolynomial::add_linear(int qubit, double angle) {
  if (angle == 0) return;
  linear[qubit] += angle;
  qubits |= qubit_bit(qubit);
}

void PhasePolynomial::add_pair(int a, int b, double angle) {
  if (angle == 0) return;
  pairs[std::minmax(a, b)] += angle;
  qubits |= qubit_bit(a) | qubit_bit(b);
}

void PhasePolynomial::clear() {
  constant = 0;
  linear.clear();
  pairs.clear();
  qubits = 0;
}

void PhasePolynomial::add(const PhasePolynomial& more) {
  constant += more.constant;
  for (const auto& [qubit, angle] : more.linear) add_linear(qubit, angle);
  for (const auto& [pair, angle] : more.pairs) add_pair(pair.first, pair.second, angle);
}

std::uint64_t PlanItem::mixed() const {
  std::uint64_t qubits = hadamards;
  for (const int target : targets) qubits |= qubit_bit(target);
  for (const auto& [qubit, turn] : turns) qubits |= qubit_bit(qubit);
  return qubits;
}

std::uint64_t PlanItem::diagonal() const {
  std::uint64_t qubits = phase.qubits;
  for (const int control : controls) qubits |= qubit_bit(control);
  return qubits;
}

std::vector<PlanItem> plan_gates(std::span<const Operation> operations) {
  std::vector<const Operation*> gates;
  for (const Operation& operation : operations) {
    if (!operation.changes_state()) continue;
    if (operation.kind != OperationKind::gate && operation.kind != OperationKind::unitary)
      throw std::invalid_argument("a plan holds gates only");
    for (const int qubit : operation.qubits)
      if (qubit > 62) throw std::invalid_argument("a plan takes at most 63 qubits");
    gates.push_back(&operation);
  }
  static const Gate* const h = find_gate("h");
  Planner planner;
  PhasePolynomial phase; // of one gate
  for (std::size_t k = 0; k < gates.size(); ++k, phase.clear()) {
    if (k + 2 < gates.size() && parity_phase(*gates[k], *gates[k + 1], *gates[k + 2], phase)) {
      planner.add_phase(phase);
      k += 2;
      continue;
    }
    if (is_gate(*gates[k], h)) {
      planner.add_hadamard(gates[k]->qubits[0]);
      continue;
    }
    if (phase_of_angle(*gates[k], phase)) {
      planner.add_phase(phase);
      continue;
    }
    PlanItem item = item_of(*gates[k]);
    if (phase_of_gate(item, phase))
      planner.add_phase(phase);
    else
      planner.add(std::move(item));
  }
  return planner.take();
}

std::string to_text(std::span<const PlanItem> plan) {
  std::string text;
  for (const PlanItem& item : plan) {
    const auto list = [](std::uint64_t qubits) {
      std::string names;
      for (int qubit = 0; qubit < 64; ++qubit)
        if (qubits >> qubit & 1) names += " " + std::to_string(qubit);
      return names;
    };
    if (item.kind == PlanKind::hadamards)
      text += "hadamards on" + list(item.hadamards);
    else if (item.kind == PlanKind::phase)
      text += "phase of " + std::to_string(item.phase.linear.size()) + " linear and " +
              std::to_string(item.phase.pairs.size()) + " pair terms on" + list(item.phase.qubits);
    else if (item.kind == PlanKind::turns)
      text += "turns of" + list(item.mixed());
    else if (item.kind == PlanKind::exchange)
      text += "exchange on" + list(item.mixed());
    else {
      text += "matrix on" + list(item.mixed());
      if (!item.controls.empty()) text += ", where 1:" + list(item.diagonal());
    }
    text += "\n";
  }
  return text;
}

} // namespace bloch::quantum
