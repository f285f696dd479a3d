#include "quantum/simulators/statevector.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/memory.h"
#include "quantum/simulators/passes.h"
#include "quantum/simulators/split_plan.h"
#include "quantum/simulators/wide_gate.h"

namespace bloch::quantum {
namespace {

/// Below this many groups of vectors a second thread costs more than it brings.
constexpr std::size_t groups_a_task = 4096;

template <class Body> void over_groups(std::size_t groups, const Body& body) {
  if (groups <= groups_a_task) return body(std::size_t{0}, groups);
  oneapi::tbb::parallel_for(oneapi::tbb::blocked_range<std::size_t>(0, groups, groups_a_task),
                            [&](const auto& range) { body(range.begin(), range.end()); });
}

template <class Real> AlignedBuffer<Real> make_state(int qubits) {
  if (qubits < 1 || qubits > most_qubits)
    throw std::invalid_argument("a statevector has 1 to " + std::to_string(most_qubits) + " qubits, not " +
                                std::to_string(qubits));
  const std::size_t reals = std::size_t{2} << std::max(qubits, lane_bits<Real>());
  check_memory(reals * sizeof(Real), "the statevector of " + std::to_string(qubits) + " qubits");
  return AlignedBuffer<Real>(reals);
}

} // namespace

template <class Real>
Statevector<Real>::Statevector(int qubits)
    : qubits_(qubits)
    , buffer_(make_state<Real>(qubits)) {
  set_basis_state(0);
}

template <class Real>
Statevector<Real>::Statevector(int qubits, Unset)
    : qubits_(qubits)
    , buffer_(make_state<Real>(qubits)) {}

template <class Real>
Statevector<Real>::Statevector(const Statevector& other)
    : qubits_(other.qubits_)
    , buffer_(make_state<Real>(other.qubits_)) {
  std::copy_n(other.data(), buffer_.size(), data());
}

template <class Real> int Statevector<Real>::padded_qubits() const {
  return std::max(qubits_, lane_bits<Real>());
}

template <class Real> std::size_t Statevector<Real>::place(std::size_t index) const {
  const int bits = lane_bits<Real>();
  const std::size_t lanes = std::size_t{1} << bits;
  return (index >> bits) * 2 * lanes + (index & (lanes - 1));
}

template <class Real> Complex Statevector<Real>::amplitude(std::size_t index) const {
  const Real* pointer = data() + place(index);
  return {pointer[0], pointer[std::size_t{1} << lane_bits<Real>()]};
}

template <class Real> void Statevector<Real>::set_amplitude(std::size_t index, Complex value) {
  Real* pointer = data() + place(index);
  pointer[0] = static_cast<Real>(value.real());
  pointer[std::size_t{1} << lane_bits<Real>()] = static_cast<Real>(value.imag());
}

template <class Real>
void Statevector<Real>::copy_to(std::span<std::complex<Real>> out, std::size_t begin) const {
  const std::size_t lanes = std::size_t{1} << lane_bits<Real>();
  for (std::size_t k = 0; k < out.size(); ++k) {
    const Real* pointer = data() + place(begin + k);
    out[k] = {pointer[0], pointer[lanes]};
  }
}

template <class Real> void Statevector<Real>::set_basis_state(std::size_t index) {
  over_groups(buffer_.size() / 16, [&](std::size_t begin, std::size_t end) {
    const std::size_t last = end == buffer_.size() / 16 ? buffer_.size() : end * 16;
    std::fill(data() + begin * 16, data() + last, Real{0});
  });
  set_amplitude(index, 1);
}

template <class Real> void Statevector<Real>::apply(const Operation& operation) {
  if (!operation.changes_state()) return;
  check_places(operation, qubits_);
  const std::vector<Complex> matrix = operation.unitary();
  const std::span<const int> controls(operation.qubits.data(), static_cast<std::size_t>(operation.controls));
  const std::span<const int> targets(operation.qubits.data() + operation.controls,
                                     static_cast<std::size_t>(operation.targets()));
  if (targets.size() > 4) return apply_wide_gate(data(), padded_qubits(), matrix, targets, controls);
  const PreparedGate<Real> gate = prepare_gate<Real>(matrix, targets, controls);
  over_groups(gate_groups(gate, padded_qubits()),
              [&](std::size_t begin, std::size_t end) { apply_groups(data(), gate, begin, end); });
}

template <class Real> void Statevector<Real>::apply(const Circuit& circuit) {
  if (circuit.qubits() > qubits_)
    throw std::invalid_argument("the circuit has more qubits than the statevector");
  for (const Operation& operation : circuit.operations())
    if (!operation.conditions.empty() || operation.kind == OperationKind::measure ||
        operation.kind == OperationKind::reset)
      throw std::invalid_argument(
          "a statevector applies gates only; measurement, reset and conditions need shots");
  apply(circuit.operations());
}

template <class Real> void Statevector<Real>::apply(std::span<const Operation> gates) {
  for (const Operation& gate : gates) check_places(gate, qubits_);
  run_plan(data(), padded_qubits(), best_plan(gates, qubits()), false);
}

template <class Real> Statevector<Real> Statevector<Real>::after(int qubits, std::span<const Operation> gates) {
  Statevector state(qubits, Unset{});
  state.restart(gates);
  return state;
}

template <class Real> void Statevector<Real>::restart(std::span<const Operation> gates) {
  run_plan(data(), padded_qubits(), best_plan(gates, qubits()), true);
}

template <class Real> double Statevector<Real>::norm_squared() const {
  std::vector<double> sums(std::size_t{1} << lane_bits<Real>());
  add_lane_norms(data(), 0, buffer_.size() / (2 * sums.size()), sums.data());
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

template <class Real> double Statevector<Real>::probability_of_one(int qubit) const {
  const int bits = lane_bits<Real>();
  std::vector<double> sums(std::size_t{1} << bits);
  const std::size_t vectors = buffer_.size() / (2 * sums.size());
  double total = 0;
  if (qubit < bits) {
    add_lane_norms(data(), 0, vectors, sums.data());
    for (std::size_t lane = 0; lane < sums.size(); ++lane)
      if (lane >> qubit & 1) total += sums[lane];
    return total;
  }
  const std::size_t run = std::size_t{1} << (qubit - bits);
  for (std::size_t first = run; first < vectors; first += 2 * run)
    add_lane_norms(data(), first, first + run, sums.data());
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

template <class Real> void Statevector<Real>::project(int qubit, bool value, double probability) {
  if (!(probability > 0)) throw std::invalid_argument("a projection of probability zero");
  const double scale = 1 / std::sqrt(probability);
  const Complex matrix[4] = {value ? 0 : scale, 0, 0, value ? scale : 0};
  const int targets[1] = {qubit};
  const PreparedGate<Real> gate = prepare_gate<Real>(matrix, targets, {});
  over_groups(gate_groups(gate, padded_qubits()),
              [&](std::size_t begin, std::size_t end) { apply_groups(data(), gate, begin, end); });
}

template <class Real>
std::vector<std::size_t> Statevector<Real>::sample(std::size_t shots, Random& random) const {
  std::vector<double> draws(shots);
  for (double& draw : draws) draw = random.uniform();
  std::sort(draws.begin(), draws.end());
  std::vector<std::size_t> indices;
  indices.reserve(shots);
  const double norm = norm_squared();
  const std::size_t lanes = std::size_t{1} << lane_bits<Real>(), vectors = buffer_.size() / (2 * lanes);
  const std::size_t chunk = std::min<std::size_t>(vectors, 256);
  std::vector<double> sums(lanes);
  double before = 0;
  std::size_t likely = 0; // where a draw lands that rounding leaves past the end: the last chunk with weight
  for (std::size_t first = 0; first < vectors && indices.size() < shots; first += chunk) {
    std::fill(sums.begin(), sums.end(), 0.0);
    add_lane_norms(data(), first, first + chunk, sums.data());
    const double weight = std::accumulate(sums.begin(), sums.end(), 0.0) / norm;
    if (!(weight > 0)) continue;
    double cumulative = before;
    before += weight;
    likely = first * lanes;
    if (draws[indices.size()] >= before) continue;
    std::size_t possible = likely;
    for (std::size_t index = first * lanes; index < (first + chunk) * lanes && indices.size() < shots;
         ++index) {
      const double probability = std::norm(amplitude(index)) / norm;
      if (probability == 0) continue;
      cumulative += probability;
      possible = index;
      while (indices.size() < shots && draws[indices.size()] < cumulative) indices.push_back(index);
    }
    while (indices.size() < shots && draws[indices.size()] < before) indices.push_back(possible);
  }
  if (indices.size() < shots)
    while (std::norm(amplitude(likely)) == 0) ++likely;
  indices.resize(shots, likely);
  return indices;
}

template class Statevector<float>;
template class Statevector<double>;

} // namespace bloch::quantum
