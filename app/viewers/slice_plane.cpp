#include "app/viewers/slice_plane.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

namespace bloch::app {
namespace {

/// Spacing of the volume's axis nearest to a direction.
double spacing_along(const VolumeGeometry& geometry, const Eigen::Vector3d& direction) {
  Eigen::Index axis = 0;
  (geometry.direction.transpose() * direction).cwiseAbs().maxCoeff(&axis);
  return geometry.spacing_mm[axis];
}

/// Half the length of the volume along a direction; `edge` voxels are added at both ends of each axis.
double half_extent(const VolumeGeometry& geometry, const Eigen::Vector3d& direction, double edge) {
  double sum = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const double half = (geometry.size[static_cast<std::size_t>(axis)] - 1) / 2.0 + edge;
    sum += half * geometry.spacing_mm[axis] * std::abs(geometry.direction.col(axis).dot(direction));
  }
  return sum;
}

/// What a view that fits shows of the volume: all of it; of a volume tilted by less than 26 degrees its own
/// length and width, for a head has nothing in the corners that stick out, and would be a fifth smaller with
/// them.
Eigen::Vector2d fitted_extent(const VolumeGeometry& geometry, const Eigen::Vector3d& right,
                              const Eigen::Vector3d& down) {
  Eigen::Vector2d extent;
  int at = 0;
  for (const Eigen::Vector3d& direction : {right, down}) {
    Eigen::Index axis = 0;
    if ((geometry.direction.transpose() * direction).cwiseAbs().maxCoeff(&axis) < 0.9)
      return 2 * Eigen::Vector2d(half_extent(geometry, right, 0.5), half_extent(geometry, down, 0.5));
    extent[at++] = geometry.size[static_cast<std::size_t>(axis)] * geometry.spacing_mm[axis];
  }
  return extent;
}

} // namespace

PlaneAxes plane_axes(const VolumeGeometry& geometry, Plane plane) {
  PlaneAxes axes;
  switch (plane) {
  case Plane::axial:
    break;
  case Plane::coronal:
    axes.down = -Eigen::Vector3d::UnitZ();
    axes.normal = Eigen::Vector3d::UnitY();
    break;
  case Plane::sagittal:
    axes.right = Eigen::Vector3d::UnitY();
    axes.down = -Eigen::Vector3d::UnitZ();
    axes.normal = Eigen::Vector3d::UnitX();
    break;
  case Plane::acquisition:
    axes.right = geometry.direction.col(0);
    axes.down = geometry.direction.col(1);
    axes.normal = geometry.direction.col(2);
    break;
  }
  axes.centre = geometry.centre();
  axes.extent_mm = fitted_extent(geometry, axes.right, axes.down);
  const double middle = axes.centre.mm.dot(axes.normal);
  const double half = half_extent(geometry, axes.normal, 0);
  axes.first_mm = middle - half;
  axes.last_mm = middle + half;
  axes.step_mm = spacing_along(geometry, axes.normal);
  axes.pixel_mm = std::min(spacing_along(geometry, axes.right), spacing_along(geometry, axes.down));
  return axes;
}

int PlaneAxes::slice_count() const {
  return 1 + static_cast<int>(std::floor((last_mm - first_mm) / step_mm + 1e-6));
}

int PlaneAxes::slice_index(const WorldPoint& point) const {
  const double place = (point.mm.dot(normal) - first_mm) / step_mm;
  return static_cast<int>(std::clamp(std::round(place), 0.0, slice_count() - 1.0));
}

WorldPoint PlaneAxes::scrolled(const WorldPoint& point, int steps) const {
  const double place = point.mm.dot(normal);
  const double target = std::clamp(place + steps * step_mm, first_mm, last_mm);
  return {point.mm + normal * (target - place)};
}

WorldPoint PlaneAxes::at_index(const WorldPoint& point, int index) const {
  const double target = std::min(first_mm + index * step_mm, last_mm);
  return {point.mm + normal * (target - point.mm.dot(normal))};
}

bool is_resampled(const VolumeGeometry& geometry, const PlaneAxes& axes) {
  const auto along_an_axis = [&](const Eigen::Vector3d& direction) {
    return (geometry.direction.transpose() * direction).cwiseAbs().maxCoeff() > 1 - 1e-6;
  };
  return !along_an_axis(axes.right) || !along_an_axis(axes.down);
}

QString position_text(const WorldPoint& point, const Eigen::Vector3d& normal) {
  // Oblique planes are named along the nearest axis of the patient, where the plane's own distance is measured.
  Eigen::Index axis = 0;
  normal.cwiseAbs().maxCoeff(&axis);
  const Eigen::Vector3d outward = normal[axis] < 0 ? Eigen::Vector3d(-normal) : normal;
  const double place = point.mm.dot(outward);
  Eigen::Vector3d side = Eigen::Vector3d::Zero();
  side[axis] = place < 0 ? -1 : 1;
  return QString("%1 %2 mm").arg(orientation_letter(side)).arg(std::abs(place), 0, 'f', 1);
}

QString orientation_text(const Eigen::Vector3d& direction_lps) {
  Eigen::Vector3d rest = direction_lps.normalized();
  QString text;
  for (int count = 0; count < 3; ++count) {
    Eigen::Index axis = 0;
    if (rest.cwiseAbs().maxCoeff(&axis) < std::sin(15.0 * std::numbers::pi / 180)) break;
    text += QChar(orientation_letter(rest));
    rest[axis] = 0;
  }
  return text;
}

WorldPoint PlaneView::middle() const {
  const Eigen::Vector3d in_plane =
      axes.centre.mm + axes.right * camera.centre_mm.x() + axes.down * camera.centre_mm.y();
  return {in_plane + axes.normal * (crosshair.mm - in_plane).dot(axes.normal)};
}

WorldPoint PlaneView::point_at(const QPointF& position) const {
  const double right = (position.x() - size.width() / 2) * camera.mm_per_pixel;
  const double down = (position.y() - size.height() / 2) * camera.mm_per_pixel;
  return {middle().mm + axes.right * right + axes.down * down};
}

QPointF PlaneView::position_of(const WorldPoint& point) const {
  const Eigen::Vector3d offset = point.mm - middle().mm;
  return {size.width() / 2 + offset.dot(axes.right) / camera.mm_per_pixel,
          size.height() / 2 + offset.dot(axes.down) / camera.mm_per_pixel};
}

double PlaneView::distance_mm(const WorldPoint& point) const {
  return std::abs((point.mm - crosshair.mm).dot(axes.normal));
}

double fitting_mm_per_pixel(const PlaneAxes& axes, const QSizeF& size) {
  return std::max(axes.extent_mm.x() / std::max(1.0, size.width()),
                  axes.extent_mm.y() / std::max(1.0, size.height()));
}

} // namespace bloch::app
