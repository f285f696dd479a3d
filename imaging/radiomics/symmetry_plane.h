#pragma once

#include <optional>

#include "imaging/radiomics/feature_volume.h"

namespace bloch::imaging {

/// The plane that best mirrors one half of the patient onto the other: normal . p = offset, in LPS mm.
struct SymmetryPlane {
  Eigen::Vector3d normal = Eigen::Vector3d::UnitX(); ///< unit length, pointing to the left
  double offset_mm = 0;
  double correlation = 0; ///< of the grey values with their mirror images

  WorldPoint mirrored(const WorldPoint& point) const;
};

/// Pattern search over two tilts and the offset, started at the plane through the mask's centre across
/// left-right. Deterministic; about 20,000 voxels are compared.
SymmetryPlane find_symmetry_plane(const FeatureVolume& volume);

/// Grey values by trilinear interpolation over the voxels inside the mask alone; nothing where none of the
/// eight is inside.
std::optional<double> masked_value_at(const FeatureVolume& volume, std::span<const float> samples,
                                      const WorldPoint& point);

} // namespace bloch::imaging
