#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"

namespace bloch::imaging {

/// Distance in mm from each voxel of the mask to the nearest voxel centre outside it, 0 outside. What lies
/// beyond the grid counts as outside only where the grid shows some outside. errors: failed source: Maurer
/// 2003, doi:10.1109/TPAMI.2003.1177156 (ITK)
Result<std::vector<float>> depth_inside(std::span<const std::uint8_t> mask, const std::array<int, 3>& size,
                                        const std::array<double, 3>& spacing_mm);

} // namespace bloch::imaging
