#include "core/geometry/volume_geometry.h"

#include <cmath>

#include <Eigen/LU>

namespace bloch {

std::size_t VolumeGeometry::voxel_count() const {
  return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
         static_cast<std::size_t>(size[2]);
}

WorldPoint VolumeGeometry::to_world(const VoxelIndex& voxel) const {
  return {origin.mm + direction * spacing_mm.cwiseProduct(voxel.index)};
}

VoxelIndex VolumeGeometry::to_voxel(const WorldPoint& point) const {
  return {(direction.inverse() * (point.mm - origin.mm)).cwiseQuotient(spacing_mm)};
}

WorldPoint VolumeGeometry::centre() const {
  return to_world({Eigen::Vector3d((size[0] - 1) / 2.0, (size[1] - 1) / 2.0, (size[2] - 1) / 2.0)});
}

bool VolumeGeometry::contains(const VoxelIndex& voxel) const {
  for (int axis = 0; axis < 3; ++axis)
    if (!(voxel.index[axis] >= -0.5 && voxel.index[axis] < size[static_cast<std::size_t>(axis)] - 0.5))
      return false;
  return true;
}

Eigen::Matrix4d VolumeGeometry::voxel_to_world() const {
  Eigen::Matrix4d affine = Eigen::Matrix4d::Identity();
  affine.topLeftCorner<3, 3>() = direction * spacing_mm.asDiagonal();
  affine.topRightCorner<3, 1>() = origin.mm;
  return affine;
}

bool VolumeGeometry::matches(const VolumeGeometry& other, double tolerance_mm) const {
  if (size != other.size) return false;
  for (int corner = 0; corner < 8; ++corner) {
    const VoxelIndex voxel{Eigen::Vector3d(corner & 1 ? size[0] - 1 : 0, corner & 2 ? size[1] - 1 : 0,
                                           corner & 4 ? size[2] - 1 : 0)};
    if ((to_world(voxel).mm - other.to_world(voxel).mm).norm() > tolerance_mm) return false;
  }
  return true;
}

bool VolumeGeometry::is_valid() const {
  if (size[0] < 1 || size[1] < 1 || size[2] < 1) return false;
  if (!spacing_mm.allFinite() || !origin.mm.allFinite() || !direction.allFinite()) return false;
  if ((spacing_mm.array() <= 0).any()) return false;
  return (direction.transpose() * direction - Eigen::Matrix3d::Identity()).norm() < 1e-3;
}

char orientation_letter(const Eigen::Vector3d& direction_lps) {
  Eigen::Index axis = 0;
  direction_lps.cwiseAbs().maxCoeff(&axis);
  constexpr const char* letters[3] = {"LR", "PA", "SI"};
  return letters[axis][direction_lps[axis] < 0 ? 1 : 0];
}

const char* plane_name(const VolumeGeometry& geometry) {
  Eigen::Index axis = 0;
  geometry.direction.col(2).cwiseAbs().maxCoeff(&axis);
  constexpr const char* names[3] = {"SAGITTAL", "CORONAL", "AXIAL"};
  return names[axis];
}

} // namespace bloch
