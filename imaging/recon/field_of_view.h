#pragma once

#include <array>

#include "core/data/volume.h"

namespace bloch::imaging {

/// The middle of a grid: centre n / 2 stays the centre. Contract: no larger than the grid.
VolumeGeometry middle_of(const VolumeGeometry& geometry, const std::array<int, 3>& size);
ComplexVolume cut_to_middle(const ComplexVolume& volume, const std::array<int, 3>& size);
/// As float32.
Volume cut_to_middle(const Volume& volume, const std::array<int, 3>& size);

} // namespace bloch::imaging
