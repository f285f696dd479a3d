#include "quantum/noise/channel.h"

#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

namespace bloch::quantum {
namespace {

constexpr int most_channel_targets = 4;

void check_probability(double probability, const char* what) {
  if (!(probability >= 0 && probability <= 1))
    throw std::invalid_argument(std::string(what) + " is a probability from 0 to 1, not " +
                                std::to_string(probability));
}

void check_targets(int targets) {
  if (targets < 1 || targets > most_channel_targets)
    throw std::invalid_argument("a noise channel acts on 1 to 4 qubits, not " + std::to_string(targets) +
                                "; write larger gates by smaller ones");
}

std::vector<Complex> pauli_matrix(const PauliString& string, int targets, double scale) {
  const std::size_t size = std::size_t{1} << targets;
  static constexpr Complex turns[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  std::vector<Complex> matrix(size * size);
  for (std::size_t column = 0; column < size; ++column) {
    const int quarter = std::popcount(string.x & string.z) + 2 * std::popcount(string.z & column);
    matrix[(column ^ string.x) * size + column] = scale * turns[quarter % 4];
  }
  return matrix;
}

} // namespace

std::vector<PauliTerm> depolarising_errors(double probability, int targets) {
  check_probability(probability, "depolarising");
  check_targets(targets);
  const std::uint64_t size = std::uint64_t{1} << targets;
  std::vector<PauliTerm> errors;
  for (std::uint64_t x = 0; x < size; ++x)
    for (std::uint64_t z = 0; z < size; ++z)
      if ((x | z) != 0) errors.push_back({probability / static_cast<double>(size * size), {x, z}});
  return errors;
}

Channel depolarising_channel(double probability, int targets) {
  return pauli_channel(depolarising_errors(probability, targets), targets);
}

Channel pauli_channel(std::span<const PauliTerm> errors, int targets) {
  check_targets(targets);
  Channel channel{targets, {}};
  double rest = 1;
  for (const PauliTerm& error : errors) {
    check_probability(error.coefficient, "a Pauli error");
    if ((error.string.x | error.string.z) >> targets != 0)
      throw std::invalid_argument("a Pauli error acts on more qubits than its gate has");
    rest -= error.coefficient;
    if (error.coefficient > 0)
      channel.kraus.push_back(pauli_matrix(error.string, targets, std::sqrt(error.coefficient)));
  }
  if (rest < -1e-12) throw std::invalid_argument("the probabilities of Pauli errors add up to more than 1");
  channel.kraus.push_back(pauli_matrix({}, targets, std::sqrt(std::max(rest, 0.0))));
  return channel;
}

Channel amplitude_damping_channel(double probability) {
  check_probability(probability, "amplitude damping");
  return {1, {{1, 0, 0, std::sqrt(1 - probability)}, {0, std::sqrt(probability), 0, 0}}};
}

Channel phase_damping_channel(double probability) {
  check_probability(probability, "phase damping");
  return {1, {{1, 0, 0, std::sqrt(1 - probability)}, {0, 0, 0, std::sqrt(probability)}}};
}

Channel relaxation_channel(double t1, double t2, double time) {
  if (!(t1 > 0) || !(t2 > 0)) throw std::invalid_argument("T1 and T2 are times above zero");
  if (t2 > 2 * t1 * (1 + 1e-12)) throw std::invalid_argument("T2 is at most twice T1");
  if (!(time >= 0) || !std::isfinite(time)) throw std::invalid_argument("a gate lasts zero or longer");
  const double decay = -std::expm1(-time / t1), coherence = std::exp(-time / t2);
  // Amplitude damping leaves sqrt(1 - decay) of the coherences; what T2 takes beyond that is a chance of Z.
  const double kept = std::min(coherence / std::sqrt(1 - decay), 1.0), plain = std::sqrt((1 + kept) / 2),
               flipped = std::sqrt((1 - kept) / 2), damped = std::sqrt(1 - decay);
  return {1, {{plain, 0, 0, plain * damped}, {flipped, 0, 0, -flipped * damped}, {0, std::sqrt(decay), 0, 0}}};
}

std::vector<Complex> superoperator(const Channel& channel) {
  const std::size_t size = std::size_t{1} << channel.targets;
  std::vector<Complex> result(size * size * size * size);
  for (const std::vector<Complex>& kraus : channel.kraus)
    for (std::size_t row = 0; row < size; ++row)
      for (std::size_t other_row = 0; other_row < size; ++other_row)
        for (std::size_t column = 0; column < size; ++column)
          for (std::size_t other = 0; other < size; ++other)
            result[(row + size * other_row) * size * size + column + size * other] +=
                kraus[row * size + column] * std::conj(kraus[other_row * size + other]);
  return result;
}

} // namespace bloch::quantum
