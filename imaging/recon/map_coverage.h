#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// Share of the pixels on which every coil of every set is zero.
double empty_share(const Sensitivities& maps);

/// What there is to say where estimated maps leave next to nothing of an image.
///
/// shares:  empty_share of each slice
/// slices:  their numbers, when there are several to name; empty: there is only one
std::optional<std::string> scarce_maps_warning(const std::vector<double>& shares,
                                               const std::vector<int>& slices);

/// "slice 3", "slices 0, 3 and 7", "slices 0, 1, 2, 3, 4 and 12 others". Contract: at least one.
std::string slices_text(const std::vector<int>& slices);

} // namespace bloch::imaging
