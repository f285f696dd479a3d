#include "quantum/simulators/exchange_kernels.h"

#include <vector>

#include "quantum/simulators/gate_kernels.h"

namespace bloch::quantum {

template <class Real> ExchangePlaces exchange_places(const std::array<int, 2>& targets, std::uint64_t outer) {
  const int bits = lane_bits<Real>();
  ExchangePlaces places;
  places.fixed = outer >> bits;
  std::size_t rows = 1;
  for (const int target : targets) {
    if (target < bits) continue;
    places.fixed |= std::size_t{1} << (target - bits);
    for (std::size_t row = 0; row < rows; ++row)
      places.offsets[rows + row] = places.offsets[row] + (std::size_t{2} << target);
    rows *= 2;
  }
  return places;
}

template <class Real>
PreparedExchange<Real> prepare_exchange(const PlanExchange& exchange, const std::array<int, 2>& targets,
                                        double scale) {
  const int bits = lane_bits<Real>();
  const std::size_t lanes = std::size_t{1} << bits;
  std::vector<std::size_t> high, low; // positions in targets
  for (std::size_t k = 0; k < 2; ++k) (targets[k] < bits ? low : high).push_back(k);
  PreparedExchange<Real> gate;
  gate.high = static_cast<int>(high.size());
  gate.scaled = scale != 1;
  const std::size_t rows = std::size_t{1} << high.size();
  gate.places = exchange_places<Real>(targets, 0);
  for (std::size_t k = 0; k < high.size(); ++k)
    gate.tangents[k] = static_cast<Real>(exchange.tangents[high[k]]);
  for (std::size_t k = 0; k < low.size(); ++k) gate.lanes[k] = std::size_t{1} << targets[low[k]];

  gate.coefficients = AlignedBuffer<Real>((low.size() + 4 * rows) * lanes);
  Real* out = gate.coefficients.data();
  for (std::size_t k = 0; k < low.size(); ++k, out += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      out[lane] =
          static_cast<Real>((lane & gate.lanes[k]) ? exchange.tangents[low[k]] : -exchange.tangents[low[k]]);
  const Complex added[4] = {exchange.added[0], exchange.added[1], -std::conj(exchange.added[1]),
                            -std::conj(exchange.added[0])};
  const auto write = [&](const auto& value) {
    for (std::size_t row = 0; row < rows; ++row, out += 2 * lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::size_t index = 0;
        for (std::size_t k = 0; k < high.size(); ++k) index |= (row >> k & 1) << high[k];
        for (std::size_t k = 0; k < low.size(); ++k)
          if (lane & gate.lanes[k]) index |= std::size_t{1} << low[k];
        const Complex element = value(index);
        out[lane] = static_cast<Real>(element.real());
        out[lanes + lane] = static_cast<Real>(element.imag());
      }
  };
  write([&](std::size_t index) { return added[index]; });
  write([&](std::size_t index) { return scale * exchange.diagonal[index]; });
  return gate;
}

template ExchangePlaces exchange_places<float>(const std::array<int, 2>&, std::uint64_t);
template ExchangePlaces exchange_places<double>(const std::array<int, 2>&, std::uint64_t);
template PreparedExchange<float> prepare_exchange<float>(const PlanExchange&, const std::array<int, 2>&,
                                                         double);
template PreparedExchange<double> prepare_exchange<double>(const PlanExchange&, const std::array<int, 2>&,
                                                           double);

} // namespace bloch::quantum
