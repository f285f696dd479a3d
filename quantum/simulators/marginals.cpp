#include "quantum/simulators/marginals.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {
namespace {

constexpr std::size_t marginal_parts = 16;                         ///< each has a table of its own
constexpr std::size_t largest_shared_table = std::size_t{1} << 16; ///< above it one table, and no threads

void check_marginal_qubits(std::span<const int> qubits, int available) {
  if (qubits.empty()) throw std::invalid_argument("name at least one qubit whose probabilities are wanted");
  std::vector<int> sorted(qubits.begin(), qubits.end());
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() < 0 || sorted.back() >= available)
    throw std::invalid_argument("qubit " + std::to_string(sorted.front() < 0 ? sorted.front() : sorted.back()) +
                                " is out of range: the state has " + std::to_string(available) + " qubits");
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    throw std::invalid_argument("a qubit is named twice in the list of probabilities");
}

} // namespace

template <class Real>
std::vector<double> marginals(const Statevector<Real>& state, std::span<const int> qubits) {
  check_marginal_qubits(qubits, state.qubits());
  const int bits = lane_bits<Real>(), padded = std::max(bits, state.qubits());
  const std::size_t lanes = std::size_t{1} << bits, vectors = std::size_t{1} << (padded - bits);
  const auto outcome = [&](std::size_t index) {
    std::size_t result = 0;
    for (std::size_t k = 0; k < qubits.size(); ++k) result |= (index >> qubits[k] & 1) << k;
    return result;
  };
  std::vector<std::size_t> lane_outcome(lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane) lane_outcome[lane] = outcome(lane);
  const std::size_t size = std::size_t{1} << qubits.size();
  const std::size_t parts = size > largest_shared_table ? 1 : std::min(vectors, marginal_parts);
  std::vector<std::vector<double>> tables(parts, std::vector<double>(size));
  oneapi::tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t part) {
    std::vector<double>& table = tables[part];
    for (std::size_t v = vectors * part / parts; v < vectors * (part + 1) / parts; ++v) {
      const Real* place = state.data() + 2 * lanes * v;
      const std::size_t high = outcome(v << bits);
      for (std::size_t lane = 0; lane < lanes; ++lane)
        table[high | lane_outcome[lane]] +=
            static_cast<double>(place[lane]) * static_cast<double>(place[lane]) +
            static_cast<double>(place[lanes + lane]) * static_cast<double>(place[lanes + lane]);
    }
  });
  for (std::size_t part = 1; part < parts; ++part)
    for (std::size_t k = 0; k < size; ++k) tables[0][k] += tables[part][k];
  return std::move(tables[0]);
}

template std::vector<double> marginals(const Statevector<float>&, std::span<const int>);
template std::vector<double> marginals(const Statevector<double>&, std::span<const int>);

} // namespace bloch::quantum
