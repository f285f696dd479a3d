#include "quantum/optimisers/simulated_annealing.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/random.h"

namespace bloch::quantum {
namespace {

struct Temperatures {
  double hot = 1, cold = 1;
};

Temperatures temperatures_of(const BinaryPolynomial& polynomial) {
  std::vector<double> largest(static_cast<std::size_t>(polynomial.variables()));
  double smallest = std::numeric_limits<double>::infinity();
  for (const BinaryPolynomial::Term& term : polynomial.terms()) {
    smallest = std::min(smallest, std::abs(term.coefficient));
    for (std::uint64_t left = term.bits; left != 0; left &= left - 1)
      largest[static_cast<std::size_t>(std::countr_zero(left))] += std::abs(term.coefficient);
  }
  if (polynomial.terms().empty()) return {};
  return {*std::max_element(largest.begin(), largest.end()), 0.1 * smallest};
}

class AnnealingRun {
 public:
  AnnealingRun(const BinaryPolynomial& polynomial, const FlipTable& flips, int ones, std::uint64_t seed)
      : flips_(flips)
      , variables_(polynomial.variables())
      , random_(seed) {
    if (ones < 0) {
      bits_ = random_.next() & ((std::uint64_t{1} << variables_) - 1);
    } else {
      while (std::popcount(bits_) < ones) bits_ |= std::uint64_t{1} << any_variable();
    }
    value_ = polynomial.value(bits_);
    best_ = {bits_, value_};
  }

  void sweep(double temperature, bool exchange) {
    for (int k = 0; k < variables_; ++k) {
      const int other = exchange ? any_variable() : k;
      std::uint64_t next = bits_ ^ std::uint64_t{1} << k;
      double change = flips_.change(bits_, k);
      if (exchange) {
        if ((bits_ >> k & 1) == (bits_ >> other & 1)) continue;
        change += flips_.change(next, other);
        next ^= std::uint64_t{1} << other;
      }
      if (change > 0 && random_.uniform() >= std::exp(-change / temperature)) continue;
      bits_ = next;
      value_ += change;
      if (value_ < best_.value) best_ = {bits_, value_};
    }
  }

  const AnnealingRead& best() const { return best_; }

 private:
  int any_variable() { return static_cast<int>(random_.uniform() * variables_); }

  const FlipTable& flips_;
  int variables_;
  Random random_;
  std::uint64_t bits_ = 0;
  double value_ = 0;
  AnnealingRead best_;
};

} // namespace

std::vector<AnnealingRead> simulated_annealing(const BinaryPolynomial& polynomial,
                                               const AnnealingOptions& options) {
  if (options.reads < 1 || options.sweeps < 1)
    throw std::invalid_argument("annealing needs at least one read of one sweep");
  if (options.ones > polynomial.variables())
    throw std::invalid_argument("annealing cannot keep more ones than there are variables");
  const FlipTable flips(polynomial);
  const Temperatures temperatures = temperatures_of(polynomial);
  std::vector<AnnealingRead> reads(static_cast<std::size_t>(options.reads));
  oneapi::tbb::parallel_for(std::size_t{0}, reads.size(), [&](std::size_t read) {
    AnnealingRun run(polynomial, flips, options.ones, Random(options.seed ^ (read << 32)).next());
    for (int sweep = 0; sweep < options.sweeps; ++sweep) {
      const double part = options.sweeps > 1 ? static_cast<double>(sweep) / (options.sweeps - 1) : 1;
      run.sweep(temperatures.hot * std::pow(temperatures.cold / temperatures.hot, part), options.ones >= 0);
    }
    reads[read] = {run.best().bits, polynomial.value(run.best().bits)};
  });
  return reads;
}

} // namespace bloch::quantum
