#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"

namespace bloch::imaging {

/// Connected regions of the voxels that are not 0, numbered from 1, the largest first.
struct Regions {
  std::vector<std::uint32_t> labels; ///< x fastest, 0 is background
  std::vector<std::size_t> sizes;    ///< voxels; sizes[0] belongs to label 1
};

/// neighbours touch by a face, or also by an edge or a corner. Errors: failed (what ITK refuses)
Result<Regions> connected_regions(std::span<const std::uint8_t> mask, const std::array<int, 3>& size,
                                  bool corners_touch);

} // namespace bloch::imaging
