#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bloch::quantum {

/// One optimiser: a line in optimisers.inc.
struct Optimiser {
  std::string_view name;
  std::string_view summary;
  bool uses_gradient = false;
};
std::span<const Optimiser> optimisers();
/// nullptr when there is none of that name.
const Optimiser* find_optimiser(std::string_view name);

struct MinimiseOptions {
  std::string method = "cobyla";
  int evaluations = 500;   ///< at most, of the objective
  double tolerance = 1e-6; ///< relative change of the value at which it stops
  double first_step = 0.1; ///< of methods without gradients
  double lower = -1e6, upper = 1e6;
};

struct Minimum {
  std::vector<double> point;
  double value = 0;
  int evaluations = 0;
  bool converged = false; ///< stopped by the tolerance, not by the number of evaluations
};

/// Value at a point; where `gradient` is not empty it is filled.
using Objective = std::function<double(std::span<const double> point, std::span<double> gradient)>;

/// The lowest value met on the way down from `start`. Methods with gradients get central differences where the
/// objective cannot give any.
///
/// throws: std::invalid_argument (unknown method, no evaluations, empty start, a value that is not finite)
Minimum minimise(const Objective& objective, std::vector<double> start, const MinimiseOptions& options,
                 bool has_gradient);

} // namespace bloch::quantum
