#include "quantum/noise/readout_mitigation.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "quantum/simulators/detail/shots.h"

namespace bloch::quantum {
namespace {

struct ReadBit {
  int bit, qubit;
};

/// Measured bits in ascending order, with the qubit each was read from.
std::vector<ReadBit> read_bits(const Circuit& circuit) {
  (void)gates_before_measurement(circuit); // refuses circuits that go on
  const std::vector<bool> final = final_measurements(circuit);
  std::map<int, int> qubit_of;
  for (std::size_t k = 0; k < final.size(); ++k)
    if (final[k]) qubit_of[circuit.operations()[k].bit] = circuit.operations()[k].qubits[0];
  std::vector<ReadBit> bits;
  for (const auto& [bit, qubit] : qubit_of) bits.push_back({bit, qubit});
  return bits;
}

/// The nearest vector, in the sum of squares, of numbers from 0 that add up to 1.
void make_probabilities(std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  double debt = 0; // what was negative, spread over those that stay
  for (std::size_t k = 0; k < order.size(); ++k) {
    double& value = values[order[k]];
    const double share = debt / static_cast<double>(order.size() - k);
    if (value + share < 0) {
      debt += value;
      value = 0;
      continue;
    }
    for (std::size_t rest = k; rest < order.size(); ++rest) values[order[rest]] += share;
    return;
  }
}

} // namespace

std::map<std::string, double> mitigated_readout(const Counts& counts, const Circuit& given,
                                                const NoiseModel& model) {
  model.check();
  const Circuit circuit = measures_something(given) ? given : measured_everywhere(given, most_qubits);
  const std::vector<ReadBit> bits = read_bits(circuit);
  if (bits.size() > static_cast<std::size_t>(most_mitigated_bits))
    throw std::invalid_argument("read-out mitigation takes at most " + std::to_string(most_mitigated_bits) +
                                " measured bits, not " + std::to_string(bits.size()));
  std::vector<double> values(std::size_t{1} << bits.size());
  double shots = 0;
  for (const auto& [text, times] : counts) {
    std::vector<bool> read; // bit 0 first
    for (std::size_t k = text.size(); k-- > 0;)
      if (text[k] != ' ') read.push_back(text[k] == '1');
    if (static_cast<int>(read.size()) != circuit.bits())
      throw std::invalid_argument("the counts are not those of this circuit");
    std::size_t index = 0;
    for (std::size_t k = 0; k < bits.size(); ++k)
      index |= std::size_t{read[static_cast<std::size_t>(bits[k].bit)]} << k;
    values[index] += static_cast<double>(times);
    shots += static_cast<double>(times);
  }
  if (!(shots > 0)) throw std::invalid_argument("read-out mitigation needs counts");
  for (double& value : values) value /= shots;
  for (std::size_t k = 0; k < bits.size(); ++k) {
    const QubitNoise& noise = model.of_qubit(bits[k].qubit);
    const double up = noise.one_given_zero, down = noise.zero_given_one, determinant = 1 - up - down;
    if (std::abs(determinant) < 1e-6)
      throw std::invalid_argument("qubit " + std::to_string(bits[k].qubit) +
                                  " reads the same whatever it holds; its errors cannot be undone");
    const std::size_t bit = std::size_t{1} << k;
    for (std::size_t index = 0; index < values.size(); ++index) {
      if (index & bit) continue;
      const double zero = values[index], one = values[index | bit];
      values[index] = ((1 - down) * zero - down * one) / determinant;
      values[index | bit] = ((1 - up) * one - up * zero) / determinant;
    }
  }
  make_probabilities(values);
  std::map<std::string, double> result;
  ShotBits text_bits(static_cast<std::size_t>(circuit.bits()));
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (values[index] < 1e-12) continue;
    for (std::size_t k = 0; k < bits.size(); ++k)
      text_bits[static_cast<std::size_t>(bits[k].bit)] = index >> k & 1;
    result[bit_string(text_bits, circuit.bit_registers())] = values[index];
  }
  return result;
}

} // namespace bloch::quantum
