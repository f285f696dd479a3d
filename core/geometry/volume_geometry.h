#pragma once

#include <array>
#include <cstddef>

#include <Eigen/Core>

#include "core/geometry/voxel_index.h"
#include "core/geometry/world_point.h"

namespace bloch {

/// Where a voxel grid lies in the patient (DICOM LPS, mm). Columns of `direction` are the unit vectors of the
/// x, y, z axes.
struct VolumeGeometry {
  std::array<int, 3> size{1, 1, 1}; ///< x, y, z
  Eigen::Vector3d spacing_mm = Eigen::Vector3d::Ones();
  WorldPoint origin; ///< centre of voxel 0, 0, 0
  Eigen::Matrix3d direction = Eigen::Matrix3d::Identity();

  std::size_t voxel_count() const;
  WorldPoint to_world(const VoxelIndex& voxel) const;
  VoxelIndex to_voxel(const WorldPoint& point) const;
  WorldPoint centre() const;
  bool contains(const VoxelIndex& voxel) const;

  /// Voxel (homogeneous) to LPS mm; what NIfTI calls the affine, before its sign change.
  Eigen::Matrix4d voxel_to_world() const;

  /// The same grid to within the given distance at every corner.
  bool matches(const VolumeGeometry& other, double tolerance_mm = 1e-3) const;

  /// Unit, orthogonal axes, positive spacing and size. Left-handed grids are valid: NIfTI voxels are never
  /// reordered.
  bool is_valid() const;
};

/// 'L', 'R', 'A', 'P', 'S' or 'I': the patient side that a direction in LPS mostly points to.
char orientation_letter(const Eigen::Vector3d& direction_lps);

/// "AXIAL", "CORONAL" or "SAGITTAL": the acquisition plane, from the normal of the slices.
const char* plane_name(const VolumeGeometry& geometry);

} // namespace bloch
