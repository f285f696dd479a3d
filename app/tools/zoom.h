#pragma once

#include <algorithm>

#include "app/viewers/slice_plane.h"

namespace bloch::app {

/// The camera enlarged by a factor with one place of the view kept where it is.
inline SliceCamera zoomed(const PlaneView& view, double factor, const QPointF& fixed) {
  SliceCamera camera = view.camera;
  const double fit = fitting_mm_per_pixel(view.axes, view.size);
  camera.mm_per_pixel =
      std::clamp(camera.mm_per_pixel / factor, std::min(fit, view.axes.pixel_mm) / 64, fit * 8);
  const Eigen::Vector2d offset(fixed.x() - view.size.width() / 2, fixed.y() - view.size.height() / 2);
  camera.centre_mm += offset * (view.camera.mm_per_pixel - camera.mm_per_pixel);
  return camera;
}

} // namespace bloch::app
