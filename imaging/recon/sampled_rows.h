#pragma once

#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

// Looks at the rows along kx alone in which something was sampled: of a volume at R = 10 a tenth.

/// Sum of |sample|^2 over all coils.
double sampled_energy(const ReconstructionInput& input);
/// Whether all samples are finite numbers.
bool samples_finite(const ReconstructionInput& input);
/// extreme_exponent of the sampled rows.
int sampled_exponent(const ReconstructionInput& input);

} // namespace bloch::imaging
