#pragma once

#include <span>
#include <string>
#include <vector>

#include "imaging/phantom/head_image.h"

namespace bloch::imaging {

/// A soft-edged ellipsoid of changed tissue.
struct Lesion {
  std::string name;  ///< "left frontal, dark"
  WorldPoint centre; ///< LPS mm
  Eigen::Vector3d radii_mm{5, 5, 5};
  double contrast = -0.4; ///< of the brightness at the centre: -0.4 is darker by 40 %
  double texture = 0.15;  ///< amplitude of the texture it adds, as a fraction of the same
};

/// Four lesions at MNI places in white matter, no two of them mirror images: two dark, one bright, one of
/// texture alone.
std::vector<Lesion> demo_lesions();

struct LesionedHead {
  Volume volume;
  LabelMap truth; ///< 1, 2, … by lesion, where it changes the tissue by more than half
};

/// Same grid; only voxels of the brain change. Deterministic in the seed.
LesionedHead implant_lesions(const HeadImage& head, std::span<const Lesion> lesions, int seed = 1);

} // namespace bloch::imaging
