#include "quantum/optimisers/minimise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <nlopt.hpp>

namespace bloch::quantum {
namespace {

nlopt::algorithm algorithm_of(std::string_view method) {
#define BLOCH_OPTIMISER(name, algorithm, gradient, summary)                                                    \
  if (method == (name)) return algorithm;
#include "quantum/optimisers/optimisers.inc"
#undef BLOCH_OPTIMISER
  std::string names;
  for (const Optimiser& optimiser : optimisers())
    names += (names.empty() ? "" : ", ") + std::string(optimiser.name);
  throw std::invalid_argument("there is no optimiser '" + std::string(method) + "'; there are " + names);
}

/// What NLopt calls back: keeps the best point, because a run that is cut short returns another.
struct Descent {
  const Objective& objective;
  bool has_gradient;
  Minimum best;
  bool broken = false; ///< a value was not finite; exceptions do not pass through NLopt's C code

  double at(const std::vector<double>& point, std::span<double> gradient) {
    const double value = objective(point, gradient);
    ++best.evaluations;
    broken = broken || !std::isfinite(value);
    if (value < best.value) {
      best.value = value;
      best.point = point;
    }
    return value;
  }

  static double call(const std::vector<double>& point, std::vector<double>& gradient, void* data) {
    Descent& self = *static_cast<Descent*>(data);
    const bool differences = !gradient.empty() && !self.has_gradient;
    const double value = self.at(point, differences ? std::span<double>() : std::span<double>(gradient));
    if (differences) {
      constexpr double step = 1e-4;
      std::vector<double> moved = point;
      for (std::size_t k = 0; k < point.size(); ++k) {
        moved[k] = point[k] + step;
        const double above = self.at(moved, {});
        moved[k] = point[k] - step;
        gradient[k] = (above - self.at(moved, {})) / (2 * step);
        moved[k] = point[k];
      }
    }
    if (self.broken) throw nlopt::forced_stop();
    return value;
  }
};

} // namespace

std::span<const Optimiser> optimisers() {
  static constexpr std::array list = {
#define BLOCH_OPTIMISER(name, algorithm, gradient, summary) Optimiser{name, summary, gradient},
#include "quantum/optimisers/optimisers.inc"
#undef BLOCH_OPTIMISER
  };
  return list;
}

const Optimiser* find_optimiser(std::string_view name) {
  for (const Optimiser& optimiser : optimisers())
    if (optimiser.name == name) return &optimiser;
  return nullptr;
}

Minimum minimise(const Objective& objective, std::vector<double> start, const MinimiseOptions& options,
                 bool has_gradient) {
  const nlopt::algorithm algorithm = algorithm_of(options.method);
  if (start.empty()) throw std::invalid_argument("there is nothing to optimise: no angles");
  if (options.evaluations < 1) throw std::invalid_argument("an optimiser needs at least one evaluation");
  nlopt::opt optimiser(algorithm, static_cast<unsigned>(start.size()));
  Descent descent{objective, has_gradient, {start, std::numeric_limits<double>::infinity(), 0, false}};
  optimiser.set_min_objective(&Descent::call, &descent);
  optimiser.set_maxeval(options.evaluations);
  optimiser.set_ftol_rel(options.tolerance);
  optimiser.set_ftol_abs(options.tolerance * 1e-3);
  optimiser.set_xtol_rel(options.tolerance);
  optimiser.set_lower_bounds(options.lower);
  optimiser.set_upper_bounds(options.upper);
  if (!find_optimiser(options.method)->uses_gradient) optimiser.set_initial_step(options.first_step);
  for (double& coordinate : start) coordinate = std::clamp(coordinate, options.lower, options.upper);
  double value = 0;
  try {
    const nlopt::result result = optimiser.optimize(start, value);
    descent.best.converged = result != nlopt::MAXEVAL_REACHED && result != nlopt::MAXTIME_REACHED;
  } catch (const nlopt::roundoff_limited&) {
    descent.best.converged = true; // as low as the numbers go
  } catch (const nlopt::forced_stop&) {
  } catch (const std::runtime_error&) { // NLopt's word for a line search that finds nothing lower
    descent.best.converged = descent.best.evaluations > 1;
  }
  if (descent.broken) throw std::invalid_argument("the value to be minimised is not a finite number");
  return descent.best;
}

} // namespace bloch::quantum
