#include "quantum/simulators/exchange_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include "quantum/gates/canonical.h"
#include "quantum/gates/euler_angles.h"
#include "quantum/gates/gate.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
constexpr double largest_tangent = 1e3; ///< past it the rounding of single precision would show
constexpr double largest_error = 1e-13; ///< of an element; some canonical forms have lost more digits

/// Items next to each other on a qubit.
struct Neighbours {
  std::array<std::size_t, 2> before{none, none}, after{none, none}; ///< by target
};

bool is_matrix(const PlanItem& item) {
  return item.kind == PlanKind::dense && item.controls.empty() && item.targets.size() <= 2;
}

std::vector<Neighbours> neighbours_of(std::span<const PlanItem> plan) {
  std::vector<Neighbours> neighbours(plan.size());
  std::array<std::size_t, 64> last;
  last.fill(none);
  for (std::size_t k = 0; k < plan.size(); ++k) {
    const std::uint64_t qubits = plan[k].mixed() | plan[k].diagonal();
    for (int qubit = 0; qubit < 64; ++qubit) {
      if ((qubits >> qubit & 1) == 0) continue;
      const std::size_t before = std::exchange(last[static_cast<std::size_t>(qubit)], k);
      if (is_matrix(plan[k]))
        for (std::size_t target = 0; target < plan[k].targets.size(); ++target)
          if (plan[k].targets[target] == qubit) neighbours[k].before[target] = before;
      if (before != none && is_matrix(plan[before]))
        for (std::size_t target = 0; target < plan[before].targets.size(); ++target)
          if (plan[before].targets[target] == qubit) neighbours[before].after[target] = k;
    }
  }
  return neighbours;
}

std::size_t index_bit(const PlanItem& item, int qubit) { return item.targets[0] == qubit ? 1 : 2; }

/// Takes a one-qubit gate before the matrix into it.
void multiply_before(PlanItem& item, int qubit, const OneQubitMatrix& gate) {
  const std::size_t size = std::size_t{1} << item.targets.size(), bit = index_bit(item, qubit);
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t column = 0; column < size; ++column) {
      if (column & bit) continue;
      Complex &zero = item.matrix[row * size + column], &one = item.matrix[row * size + (column | bit)];
      std::tie(zero, one) = std::pair(zero * gate[0] + one * gate[2], zero * gate[1] + one * gate[3]);
    }
}

/// Takes diag(1, phase) after the item into it.
void multiply_after(PlanItem& item, int qubit, Complex phase) {
  const std::size_t size = std::size_t{1} << item.targets.size(), bit = index_bit(item, qubit);
  for (std::size_t row = 0; row < size; ++row) {
    if ((row & bit) == 0) continue;
    if (item.kind == PlanKind::exchange)
      item.exchange.diagonal[row] *= phase;
    else
      for (std::size_t column = 0; column < size; ++column) item.matrix[row * size + column] *= phase;
  }
}

/// The exchange of a canonical form; what comes before it (a phase of each target) and after it.
struct Exchanged {
  PlanExchange exchange;
  std::array<Complex, 2> before;
  std::array<OneQubitMatrix, 2> after;
  bool fine = false;

  explicit Exchanged(const CanonicalForm& form) {
    const std::array<EulerAngles, 2> turned{euler_angles(form.before[0]), euler_angles(form.before[1])};
    const std::array<double, 2> tangents{std::tan(turned[0].theta / 2), std::tan(turned[1].theta / 2)};
    const double even = std::tan(form.x - form.y), odd = std::tan(form.x + form.y);
    for (const double tangent : {tangents[0], tangents[1], std::abs(even), std::abs(odd)})
      if (!(tangent < largest_tangent)) return;
    fine = true;
    const auto cosine = [](double tangent) { return 1 / std::sqrt(1 + tangent * tangent); };
    exchange.tangents = tangents;
    exchange.added = {std::polar(1.0, turned[0].phi + turned[1].phi) * Complex(0, even),
                      std::polar(1.0, turned[1].phi - turned[0].phi) * Complex(0, odd)};
    const double ratio = std::cos(form.x + form.y) / std::cos(form.x - form.y);
    exchange.diagonal = {1, std::polar(1.0, turned[0].phi - 2 * form.z) * ratio,
                         std::polar(1.0, turned[1].phi - 2 * form.z) * ratio,
                         std::polar(1.0, turned[0].phi + turned[1].phi)};
    exchange.scale = cosine(exchange.tangents[0]) * cosine(exchange.tangents[1]) * std::cos(form.x - form.y);
    after = form.after;
    const Complex constant = std::polar(1.0, turned[0].phase + turned[1].phase + form.z);
    for (Complex& element : after[0]) element *= constant;
    before = {std::polar(1.0, turned[0].lambda), std::polar(1.0, turned[1].lambda)};
  }
};

/// Largest difference of an element from the matrix it stands for.
double error_of(const Exchanged& exchanged, std::span<const Complex> matrix) {
  const PlanExchange& exchange = exchanged.exchange;
  double largest = 0;
  for (std::size_t column = 0; column < 4; ++column) {
    std::array<Complex, 4> v{};
    v[column] = exchange.scale;
    for (std::size_t k = 0; k < 2; ++k)
      if (column >> k & 1) v[column] *= exchanged.before[k];
    const auto on_each = [&](std::size_t k, const OneQubitMatrix& gate) {
      for (std::size_t row = 0; row < 4; ++row) {
        if (row >> k & 1) continue;
        Complex &zero = v[row], &one = v[row | std::size_t{1} << k];
        std::tie(zero, one) = std::pair(gate[0] * zero + gate[1] * one, gate[2] * zero + gate[3] * one);
      }
    };
    for (std::size_t k = 0; k < 2; ++k) on_each(k, {1, -exchange.tangents[k], exchange.tangents[k], 1});
    const auto& [even, odd] = exchange.added;
    v = {v[0] + even * v[3], v[1] + odd * v[2], v[2] - std::conj(odd) * v[1], v[3] - std::conj(even) * v[0]};
    for (std::size_t row = 0; row < 4; ++row) v[row] *= exchange.diagonal[row];
    for (std::size_t k = 0; k < 2; ++k) on_each(k, exchanged.after[k]);
    for (std::size_t row = 0; row < 4; ++row)
      largest = std::max(largest, std::abs(v[row] - matrix[4 * row + column]));
  }
  return largest;
}

} // namespace

std::vector<PlanItem> exchange_matrices(std::vector<PlanItem> plan) {
  const std::vector<Neighbours> neighbours = neighbours_of(plan);
  const auto takes = [&](std::size_t at) {
    return at != none && (is_matrix(plan[at]) || plan[at].kind == PlanKind::exchange);
  };
  for (std::size_t k = 0; k < plan.size(); ++k) {
    PlanItem& item = plan[k];
    const Neighbours& near = neighbours[k];
    if (!is_matrix(item) || item.targets.size() != 2 || !takes(near.before[0]) || !takes(near.before[1]) ||
        !takes(near.after[0]) || !takes(near.after[1]) || !is_unitary(item.matrix))
      continue;
    const Exchanged exchanged(with_smallest_z(canonical_form(item.matrix)));
    if (!exchanged.fine || error_of(exchanged, item.matrix) > largest_error) continue;
    for (std::size_t target = 0; target < 2; ++target) {
      multiply_after(plan[near.before[target]], item.targets[target], exchanged.before[target]);
      multiply_before(plan[near.after[target]], item.targets[target], exchanged.after[target]);
    }
    item.kind = PlanKind::exchange;
    item.exchange = exchanged.exchange;
    item.matrix.clear();
  }
  return plan;
}

} // namespace bloch::quantum
