#pragma once

#include "core/base/result.h"
#include "core/jobs/progress.h"
#include "core/parameters/parameter_set.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// Settings of ESPIRiT (`coils --set calibration=24`): calibration, kernel, crop, …
const std::vector<Parameter>& coil_parameters();

/// Coil sensitivities from the fully sampled centre of k-space, by ESPIRiT.
///
/// input:   one slice or volume; `sensitivities` is not looked at
/// returns: [set][coil][z][y][x], unit root-sum-of-squares where the eigenvalue of the set exceeds the crop,
/// else 0 errors:  invalid_parameter (no calibration region of at least the kernel size), cancelled source:
/// Uecker 2014, doi:10.1002/mrm.24751
Result<Sensitivities> espirit(const ReconstructionInput& input, const ParameterSet& parameters,
                              const Progress& progress = {});

} // namespace bloch::imaging
