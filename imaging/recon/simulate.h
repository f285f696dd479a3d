#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/volume.h"
#include "core/parameters/parameter_set.h"

namespace bloch::imaging {

/// How k-space is made from an image: `--simulate coils=8,noise=0.01,phase=smooth,seed=1`.
struct SimulationRequest {
  int coils = 8;
  double noise = 0.01;          ///< standard deviation of the complex noise over the image's maximum
  std::string phase = "smooth"; ///< none, smooth
  int seed = 1;
  std::optional<Volume> phase_map = {}; ///< in radians, on the image's grid; takes the place of `phase`
};

/// The settings as `--set`-like descriptions, for the command line and the form.
const std::vector<Parameter>& simulation_parameters();
Result<SimulationRequest> simulation_request(const ParameterSet& set);
/// Reads "coils=8,noise=0.01". Errors: invalid_parameter.
Result<SimulationRequest> parse_simulation(std::string_view text);
/// "8 simulated coils, smooth phase, noise 0.01, seed 1".
std::string to_text(const SimulationRequest& request);

/// Multi-coil k-space of the slices first..last (inclusive) of a volume; size nx, ny, 1, coils, slices.
/// `simulated` is set.
KSpace simulate_kspace(const Volume& volume, int first, int last, const SimulationRequest& request);

} // namespace bloch::imaging
