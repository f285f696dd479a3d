#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/data/volume.h"

namespace bloch::imaging {

/// Which side of the usual grey value counts as odd; the other side is levelled to the median before features
/// are taken.
enum class Contrast { any, bright, dark };

/// What patch features are computed on: the mask's box, with a border of air wide enough that a patch never
/// leaves the grid, and grey values in units of their own spread, so that a model learnt on one scan reads
/// another.
struct FeatureVolume {
  VolumeGeometry source;             ///< of the volume
  std::array<int, 3> first{0, 0, 0}; ///< source voxel that lies at 0, 0, 0 of this grid; may be negative
  std::array<int, 3> size{0, 0, 0};
  std::array<double, 3> spacing_mm{1, 1, 1};
  std::array<int, 3> half{0, 0, 0}; ///< a patch reaches this many voxels to each side
  double patch_mm = 0;
  std::vector<float> intensity; ///< normal score of the value's rank in the mask; 0 outside
  std::vector<std::uint8_t> mask;
  std::vector<std::ptrdiff_t> patch; ///< offsets of a patch's voxels from its centre, x fastest

  std::size_t offset(int x, int y, int z) const {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size[1]) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(size[0]) +
           static_cast<std::size_t>(x);
  }
  /// Place on this grid of a voxel of the source. Contract: inside the mask's box.
  std::size_t offset_of_source(std::size_t source_offset) const;
  /// Source voxel (not rounded) of an offset of this grid.
  VoxelIndex source_voxel(std::size_t offset) const;
};

/// mask: of the volume's voxels; a voxel that is not finite must not be in it
/// errors: invalid_parameter (empty mask, every voxel the same)
Result<FeatureVolume> make_feature_volume(const Volume& volume, std::span<const std::uint8_t> mask,
                                          double patch_mm, Contrast contrast = Contrast::any);

/// The value below which the fraction of the values lies, linear between the neighbours. Contract: sorted, not
/// empty.
double quantile_of_sorted(std::span<const float> sorted, double fraction);

} // namespace bloch::imaging
