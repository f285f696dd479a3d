#include "quantum/optimisers/qaoa.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/optimisers/weighted_sum.h"
#include "quantum/simulators/random.h"

namespace bloch::quantum {
namespace {

/// Chance of the strings that a test holds for, in chunks whose sums are added in order.
template <class Test> double chance_of(const Statevector<float>& state, const Test& test) {
  const std::size_t chunk = std::size_t{1} << 14;
  std::vector<double> sums((state.size() + chunk - 1) / chunk);
  oneapi::tbb::parallel_for(std::size_t{0}, sums.size(), [&](std::size_t part) {
    for (std::size_t bits = part * chunk; bits < std::min(state.size(), (part + 1) * chunk); ++bits)
      if (test(bits)) sums[part] += std::norm(state.amplitude(bits));
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// Angles of one layer more, read between those of the layers before.
std::vector<double> interpolated(const std::vector<double>& angles) {
  const std::size_t layers = angles.size();
  std::vector<double> more(layers + 1);
  for (std::size_t k = 0; k <= layers; ++k) {
    const double before = k > 0 ? angles[k - 1] : 0, here = k < layers ? angles[k] : 0;
    const double part = static_cast<double>(k) / static_cast<double>(layers);
    more[k] = part * before + (1 - part) * here;
  }
  return more;
}

void check_qaoa(const BinaryPolynomial& problem, const QaoaOptions& options) {
  if (options.layers < 1 || options.layers > 1000)
    throw std::invalid_argument("QAOA takes 1 to 1000 layers, not " + std::to_string(options.layers));
  if (problem.variables() > most_qubits)
    throw std::invalid_argument("QAOA is simulated for at most " + std::to_string(most_qubits) +
                                " variables, not " + std::to_string(problem.variables()));
  if (options.mixer == QaoaMixer::xy && (options.ones < 0 || options.ones > problem.variables()))
    throw std::invalid_argument("the xy mixer keeps a number of ones: say how many, from 0 to " +
                                std::to_string(problem.variables()));
  if (options.mixer == QaoaMixer::xy && options.warm_start)
    throw std::invalid_argument("a warm start is for the x mixer");
  if (!(options.warm_margin >= 0 && options.warm_margin <= 0.5))
    throw std::invalid_argument("the margin of a warm start is from 0 to 0.5");
}

} // namespace

std::vector<double> relaxed_minimum(const BinaryPolynomial& problem, std::uint64_t seed) {
  const auto variables = static_cast<std::size_t>(problem.variables());
  const Objective objective = [&](std::span<const double> point, std::span<double> gradient) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    double sum = problem.constant();
    for (const BinaryPolynomial::Term& term : problem.terms()) {
      double product = term.coefficient;
      for (std::uint64_t left = term.bits; left != 0; left &= left - 1)
        product *= point[static_cast<std::size_t>(std::countr_zero(left))];
      sum += product;
      for (std::uint64_t left = term.bits; !gradient.empty() && left != 0; left &= left - 1) {
        double others = term.coefficient;
        for (std::uint64_t rest = term.bits & ~(left & -left); rest != 0; rest &= rest - 1)
          others *= point[static_cast<std::size_t>(std::countr_zero(rest))];
        gradient[static_cast<std::size_t>(std::countr_zero(left))] += others;
      }
    }
    return sum;
  };
  Random random(seed);
  std::vector<double> start(variables);
  for (double& coordinate : start) coordinate = 0.5 + 0.02 * (random.uniform() - 0.5); // off the saddle
  return minimise(objective, start,
                  {.method = "slsqp", .evaluations = 200, .tolerance = 1e-6, .lower = 0, .upper = 1}, true)
      .point;
}

Qaoa::Qaoa(const BinaryPolynomial& problem, const QaoaOptions& options)
    : problem_(problem)
    , options_(options) {
  check_qaoa(problem, options);
  values_ = problem.values();
  double sum = 0, squares = 0, count = 0;
  for (std::size_t bits = 0; bits < values_.size(); ++bits) {
    if (options.mixer == QaoaMixer::xy && std::popcount(bits) != options.ones) continue;
    sum += values_[bits];
    squares += values_[bits] * values_[bits];
    ++count;
  }
  const double variance = squares / count - sum / count * (sum / count);
  spread_ = variance > 1e-24 * squares / count && variance > 0 ? std::sqrt(variance) : 1;
  if (options.warm_start) relaxed_ = relaxed_minimum(problem, options.seed);
}

double Qaoa::warm_angle(int variable) const {
  const double chance =
      std::clamp(relaxed_[static_cast<std::size_t>(variable)], options_.warm_margin, 1 - options_.warm_margin);
  return 2 * std::asin(std::sqrt(chance));
}

void Qaoa::add_cost(Circuit& circuit, double gamma) const {
  for (const BinaryPolynomial::Term& term : problem_.terms()) {
    Operation phase;
    phase.gate = find_gate("p");
    phase.parameters = {-gamma * term.coefficient / spread_};
    for (std::uint64_t left = term.bits; left != 0; left &= left - 1)
      phase.qubits.push_back(std::countr_zero(left));
    phase.controls = static_cast<int>(phase.qubits.size()) - 1;
    circuit.add(std::move(phase));
  }
}

void Qaoa::add_mixer(Circuit& circuit, double beta) const {
  const int variables = problem_.variables();
  if (options_.mixer == QaoaMixer::x) {
    for (int k = 0; k < variables; ++k) {
      if (relaxed_.empty())
        circuit.rx(-2 * beta, k); // -sum X has the start as its ground state
      else
        circuit.ry(-warm_angle(k), k).rz(-2 * beta, k).ry(warm_angle(k), k);
    }
    return;
  }
  // exp(i beta (XX + YY) / 2) on neighbours of a ring, those that do not meet first.
  const auto exchange = [&](int a, int b) {
    circuit.gate("rxx", {a, b}, {-beta}).gate("ryy", {a, b}, {-beta});
  };
  for (const int parity : {0, 1})
    for (int k = parity; k + 1 < variables; k += 2) exchange(k, k + 1);
  if (variables > 2) exchange(variables - 1, 0);
}

Circuit Qaoa::start() const {
  Circuit circuit(problem_.variables());
  for (int k = 0; k < problem_.variables(); ++k) {
    if (relaxed_.empty())
      circuit.h(k);
    else
      circuit.ry(warm_angle(k), k);
  }
  return circuit;
}

Circuit Qaoa::layers(const QaoaAngles& angles) const {
  if (angles.gammas.size() != angles.betas.size())
    throw std::invalid_argument("QAOA needs a gamma and a beta for each layer");
  Circuit circuit(problem_.variables());
  for (std::size_t layer = 0; layer < angles.gammas.size(); ++layer) {
    add_cost(circuit, angles.gammas[layer]);
    add_mixer(circuit, angles.betas[layer]);
  }
  return circuit;
}

Statevector<float> Qaoa::state(const QaoaAngles& angles) const {
  const Circuit circuit = layers(angles);
  if (options_.mixer == QaoaMixer::x) {
    Circuit whole = start();
    whole.append(circuit);
    return Statevector<float>::after(whole.qubits(), whole.operations());
  }
  Statevector<float> state(circuit.qubits());
  state.set_amplitude(0, 0);
  double count = 0;
  for (std::size_t bits = 0; bits < state.size(); ++bits) count += std::popcount(bits) == options_.ones ? 1 : 0;
  const double amplitude = 1 / std::sqrt(count);
  for (std::size_t bits = 0; bits < state.size(); ++bits)
    if (std::popcount(bits) == options_.ones) state.set_amplitude(bits, amplitude);
  state.apply(circuit.operations());
  return state;
}

double Qaoa::expectation(const Statevector<float>& state) const { return weighted_sum(state, values_); }

double Qaoa::probability_at_most(const Statevector<float>& state, double value) const {
  const int ones = options_.mixer == QaoaMixer::xy ? options_.ones : -1;
  return chance_of(state, [&](std::size_t bits) {
    return values_[bits] <= value && (ones < 0 || std::popcount(bits) == ones);
  });
}

double Qaoa::at(const std::vector<double>& angles) const {
  const auto half = static_cast<std::ptrdiff_t>(angles.size() / 2);
  return expectation(state({{angles.begin(), angles.begin() + half}, {angles.begin() + half, angles.end()}}));
}

QaoaResult Qaoa::run() const {
  QaoaResult result;
  std::vector<double> best;
  double lowest = std::numeric_limits<double>::infinity();
  for (const double gamma : {0.15, 0.3, 0.5, 0.75, 1.1, 1.6})
    for (const double part : {0.06, 0.12, 0.18, 0.24}) {
      const double value = at({gamma, part * std::numbers::pi});
      ++result.evaluations;
      if (value < lowest) {
        lowest = value;
        best = {gamma, part * std::numbers::pi};
      }
    }
  const Objective objective = [&](std::span<const double> point, std::span<double>) {
    return at({point.begin(), point.end()});
  };
  for (int layers = 1; layers <= options_.layers; ++layers) {
    if (layers > 1) {
      const auto half = static_cast<std::ptrdiff_t>(best.size() / 2);
      const auto gammas = interpolated({best.begin(), best.begin() + half});
      const auto betas = interpolated({best.begin() + half, best.end()});
      best = gammas;
      best.insert(best.end(), betas.begin(), betas.end());
    }
    const Minimum minimum = minimise(objective, best, options_.minimiser, false);
    best = minimum.point;
    lowest = minimum.value;
    result.evaluations += minimum.evaluations;
    result.converged = minimum.converged;
  }
  const auto half = static_cast<std::ptrdiff_t>(best.size() / 2);
  result.angles = {{best.begin(), best.begin() + half}, {best.begin() + half, best.end()}};
  result.expectation = lowest;
  return result;
}

} // namespace bloch::quantum
