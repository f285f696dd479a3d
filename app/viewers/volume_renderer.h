#pragma once

#include <memory>

#include "app/viewers/volume_view.h"

class vtkRenderer;

namespace bloch::app {

/// Where the eye is: turned around the patient's long axis, so that the head stays up.
struct VolumeCamera {
  double azimuth_deg = 30;   ///< 0 looks at the face, positive moves to the patient's left
  double elevation_deg = 15; ///< positive is above
  double zoom = 1;           ///< 1: the whole volume fits
  WorldPoint focus;

  /// From the focus to the eye, unit.
  Eigen::Vector3d direction() const;
  Eigen::Vector3d up() const;
};

/// Whether a volume can be shaded: the processor's mapper of VTK 9.1 looks for a gradient up to three voxels
/// away, at a side always inwards, and reads past the end of volumes of fewer than six.
bool has_gradients(const Volume& volume);

/// The volume, its transfer function and the anomaly's surface in a VTK renderer; everything is made when first
/// drawn.
class VolumeRenderer {
 public:
  explicit VolumeRenderer(vtkRenderer* renderer);
  ~VolumeRenderer();

  /// software: which of the two mappers; fast: fewer rays, while something moves.
  /// cost, 256^3 on 2 cores of software OpenGL: see app/viewers/README.md
  void update(const VolumeScene& scene, const VolumeCamera& camera, bool software, bool fast);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace bloch::app
