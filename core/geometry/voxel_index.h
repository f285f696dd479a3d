#pragma once

#include <Eigen/Core>

namespace bloch {

/// A place on a voxel grid, x fastest; whole numbers are voxel centres.
struct VoxelIndex {
  Eigen::Vector3d index = Eigen::Vector3d::Zero();

  bool operator==(const VoxelIndex& other) const { return index == other.index; }
};

} // namespace bloch
