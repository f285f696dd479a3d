#pragma once

#include <QPointF>
#include <QSizeF>

#include "app/viewers/slice_scene.h"

namespace bloch::app {

/// The axes of a plane on the screen, as unit vectors of the patient (LPS), and how the volume lies along them.
///
/// Radiological convention: axial is seen from the feet (patient's right at image left, front up), coronal from
/// the front, sagittal from the left (front at image left).
struct PlaneAxes {
  Eigen::Vector3d right = Eigen::Vector3d::UnitX();
  Eigen::Vector3d down = Eigen::Vector3d::UnitY();
  Eigen::Vector3d normal = Eigen::Vector3d::UnitZ();   ///< direction of growing slice index
  WorldPoint centre;                                   ///< of the volume
  Eigen::Vector2d extent_mm = Eigen::Vector2d::Ones(); ///< along right and down, of what a fitted view shows
  double first_mm = 0;                                 ///< place of the first and last slice along the normal
  double last_mm = 0;
  double step_mm = 1;  ///< spacing of the volume's axis nearest to the normal
  double pixel_mm = 1; ///< smaller spacing of the two axes in the plane

  int slice_count() const;
  /// 0-based, nearest; within the volume.
  int slice_index(const WorldPoint& point) const;
  /// The point moved along the normal by whole steps, kept between the first and last slice.
  WorldPoint scrolled(const WorldPoint& point, int steps) const;
  /// The point moved along the normal to a slice.
  WorldPoint at_index(const WorldPoint& point, int index) const;
};

PlaneAxes plane_axes(const VolumeGeometry& geometry, Plane plane);

/// The planes are not those of the voxels, so that the image is interpolated.
bool is_resampled(const VolumeGeometry& geometry, const PlaneAxes& axes);

/// The plane named by its position: "S 37.3 mm", "L 11.9 mm".
QString position_text(const WorldPoint& point, const Eigen::Vector3d& normal);

/// "L", "PS", "SRA":  the patient's side that a direction points to, with the second and third letter where it
/// is oblique by more than 15 degrees.
QString orientation_text(const Eigen::Vector3d& direction_lps);

/// From the widget's device-independent pixels to the plane and back.
struct PlaneView {
  PlaneAxes axes;
  WorldPoint crosshair;
  SliceCamera camera; ///< mm_per_pixel is never 0 here
  QSizeF size;

  /// Patient point in the middle of the widget.
  WorldPoint middle() const;
  WorldPoint point_at(const QPointF& position) const;
  QPointF position_of(const WorldPoint& point) const;
  /// Distance of a point from the plane, mm.
  double distance_mm(const WorldPoint& point) const;
};

/// Millimetres a pixel at which the volume fits into the view.
double fitting_mm_per_pixel(const PlaneAxes& axes, const QSizeF& size);

} // namespace bloch::app
