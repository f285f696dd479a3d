#pragma once

#include <Eigen/Core>

namespace bloch {

/// A point of the patient: DICOM LPS (x to the left, y to the back, z to the head), in mm.
struct WorldPoint {
  Eigen::Vector3d mm = Eigen::Vector3d::Zero();

  bool operator==(const WorldPoint& other) const { return mm == other.mm; }
};

} // namespace bloch
