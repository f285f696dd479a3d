#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/volume.h"

namespace bloch::imaging {

/// Where to look in an image that came without a mask.
struct Foreground {
  std::vector<std::uint8_t> mask; ///< x fastest, 0 or 1
  std::size_t voxels = 0;
  std::string warning; ///< why another rule than "not 0" was taken; usually empty
};

/// Voxels that are not 0, closed by a ball of 2 mm, the largest face-connected component.
///
/// Where nearly every voxel (98 %) differs from 0 the background is noise, not 0: then voxels above Otsu's
/// threshold with their holes closed take the place of "not 0", and `warning` says so. errors:
/// invalid_parameter (nothing but 0), failed source: Otsu 1979, doi:10.1109/TSMC.1979.4310076
/// inverse: small values are bright (SeriesInfo::inverse), so the background is the largest value in place of 0
Result<Foreground> find_foreground(const Volume& volume, bool inverse = false);

/// Otsu's threshold of finite samples from 256 bins. Contract: at least one sample.
double otsu_threshold(std::span<const float> samples);

/// Binary closing by a ball, in mm; the border of the grid does not erode. Errors: failed.
Result<std::vector<std::uint8_t>> close_mask(std::span<const std::uint8_t> mask, const std::array<int, 3>& size,
                                             const std::array<double, 3>& spacing_mm, double radius_mm);

} // namespace bloch::imaging
