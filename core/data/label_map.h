#pragma once

#include <cstdint>

#include "core/data/voxel_grid.h"

namespace bloch {

/// A whole number for each voxel; 0 is background.
using LabelMap = VoxelGrid<std::uint8_t, std::uint16_t>;

} // namespace bloch
