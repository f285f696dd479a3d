#pragma once

#include <string>
#include <vector>

#include "app/cli/feature_table.h"
#include "core/base/result.h"
#include "core/parameters/parameter_set.h"
#include "quantum/kernels/quantum_kernel.h"

namespace CLI {
class App;
}

namespace bloch::app {

/// The command line of `kernel`, as given.
struct KernelRequest {
  std::string features, test, map, out, label;
  std::vector<std::string> settings;
  std::string kind = "fidelity";
  int order = quantum::QuantumKernel{}.order;
  std::string gamma = "auto";
  std::vector<double> depolarising;
  std::size_t shots = 0;
  std::uint64_t seed = 0;
  std::string with, weights = "align";
  bool tune_bandwidth = false;
  Eigen::Index landmarks = 0, block_rows = 0;
  double shot_error = 0.01, regularisation = 0.01;
};

/// Adds the options to `app`, bound to `request`.
void add_kernel_options(CLI::App& app, KernelRequest& request);

/// One kernel of the sum that is computed.
struct KernelTerm {
  quantum::QuantumKernel kernel;
  ParameterSet parameters; ///< of its map
  double weight = 1;
};

/// The kernels that a request names: --map first, then those of --with. Weights are 1, gamma is 1 where it is
/// auto. errors: invalid_parameter
Result<std::vector<KernelTerm>> kernel_terms(const KernelRequest& request);

/// The weights of --weights when they are numbers; empty for align and uniform. errors: invalid_parameter
Result<std::vector<double>> given_weights(const KernelRequest& request, std::size_t terms);

/// What a result depends on beside the map's settings, for its recipe: long names and values.
std::map<std::string, std::string> recipe_options(const KernelRequest& request);

} // namespace bloch::app
