#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruct.h"

namespace bloch::imaging {

// What a task brings beside the k-space, held against its size.

/// "256 x 256", "256 x 256 x 64"
std::string extent_text(int x, int y, int z);

/// errors: invalid_parameter (values that are not finite, maps of another size, or for another number of
/// slices)
Result<void> check_given_maps(const ReconstructionTask& task, const KSpaceSize& size);

/// The mask that under-samples, when the task wants one. errors: invalid_parameter
Result<std::optional<SamplingMask>> retrospective_mask(const ReconstructionTask& task, const KSpaceSize& size);

/// Samples outside the mask become 0.
void keep_only(std::vector<Complex>& samples, const SamplingMask& mask, const KSpaceSize& size);

/// Full-size mask of where any coil has a sample.
SamplingMask acquired_points(std::span<const Complex> samples, const KSpaceSize& size);

} // namespace bloch::imaging
