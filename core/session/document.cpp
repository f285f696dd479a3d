#include "core/session/document.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <Eigen/Geometry>

namespace bloch {
namespace {

double angle_between(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  const double scale = a.norm() * b.norm();
  return scale > 0 ? std::acos(std::clamp(a.dot(b) / scale, -1.0, 1.0)) * 180.0 / std::numbers::pi : 0.0;
}

/// Statistics inside the ellipse between two opposite corners, sampled at the finest in-plane spacing.
void measure_ellipse(const Measurement& measurement, const Volume& volume, MeasurementValues& values) {
  const Eigen::Vector3d normal = measurement.normal.normalized();
  const Eigen::Vector3d diagonal = measurement.points[1].mm - measurement.points[0].mm;
  const Eigen::Vector3d centre = (measurement.points[1].mm + measurement.points[0].mm) / 2;
  const Eigen::Vector3d helper =
      std::abs(normal.x()) < 0.9 ? Eigen::Vector3d::UnitX() : Eigen::Vector3d::UnitY();
  Eigen::Vector3d across = helper - normal * normal.dot(helper);
  across.normalize();
  const Eigen::Vector3d down = normal.cross(across);
  const double half_width = std::abs(diagonal.dot(across)) / 2;
  const double half_height = std::abs(diagonal.dot(down)) / 2;
  values.area = std::numbers::pi * half_width * half_height;
  const double step = volume.geometry().spacing_mm.minCoeff();
  if (!(half_width > 0 && half_height > 0) || half_width > 1000 * step || half_height > 1000 * step) return;
  double sum = 0;
  double squares = 0;
  values.minimum = std::numeric_limits<double>::infinity();
  values.maximum = -values.minimum;
  for (double v = -half_height; v <= half_height; v += step)
    for (double u = -half_width; u <= half_width; u += step) {
      if (std::pow(u / half_width, 2) + std::pow(v / half_height, 2) > 1) continue;
      const double value = value_at(volume, WorldPoint{centre + across * u + down * v});
      if (!std::isfinite(value)) continue;
      ++values.samples;
      sum += value;
      squares += value * value;
      values.minimum = std::min(values.minimum, value);
      values.maximum = std::max(values.maximum, value);
    }
  if (values.samples == 0) {
    values.minimum = values.maximum = 0;
    return;
  }
  const double count = static_cast<double>(values.samples);
  values.mean = sum / count;
  values.deviation = count > 1 ? std::sqrt(std::max(0.0, (squares - sum * sum / count) / (count - 1))) : 0;
}

/// Where points of one slice lie, in millimetres of the region that holds them, else in pixels.
struct RegionPlace {
  std::vector<WorldPoint> points;
  bool in_pixels = true;
  double area_factor = 1; ///< from square millimetres of the grid
  std::vector<PhysicalValue> physical{};
};

RegionPlace place_in_regions(const Measurement& measurement, const VolumeGeometry& geometry,
                             const ImageScale& scale) {
  RegionPlace place;
  std::vector<std::array<double, 2>> pixels;
  std::optional<int> slice;
  bool on_slice = true;
  for (const WorldPoint& point : measurement.points) {
    const VoxelIndex voxel = geometry.to_voxel(point);
    const double nearest = std::round(voxel.index.z());
    on_slice = on_slice && std::abs(voxel.index.z() - nearest) < 0.5 && nearest == slice.value_or(nearest);
    slice = static_cast<int>(nearest);
    pixels.push_back({voxel.index.x(), voxel.index.y()});
    place.points.push_back({voxel.index});
  }
  const auto size = slice && on_slice ? scale.pixel_size_mm(*slice, pixels) : std::nullopt;
  place.in_pixels = !size;
  const Eigen::Vector3d pixel(size ? (*size)[0] : 1, size ? (*size)[1] : 1, 1);
  for (WorldPoint& point : place.points) point.mm = point.mm.cwiseProduct(pixel);
  const auto own = slice && on_slice ? scale.own_units(*slice, pixels) : std::nullopt;
  if (own && measurement.kind == MeasurementKind::distance && pixels.size() >= 2)
    place.physical = physical_extent(*own, pixels[0], pixels[1]);
  if (own && measurement.kind == MeasurementKind::probe) place.physical = physical_place(*own, pixels.front());
  place.area_factor = pixel.x() * pixel.y() / (geometry.spacing_mm.x() * geometry.spacing_mm.y());
  return place;
}

} // namespace

const Item* Document::find(ItemId id) const {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item->id == id; });
  return found == items.end() ? nullptr : found->get();
}

std::shared_ptr<const Item> Document::share(ItemId id) const {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item->id == id; });
  return found == items.end() ? nullptr : *found;
}

const Item* Document::active_item() const { return active ? find(*active) : nullptr; }

WindowLevel Document::window_of(ItemId id) const {
  if (const auto chosen = windows.find(id); chosen != windows.end()) return chosen->second;
  const Item* item = find(id);
  return item ? default_window(*item) : WindowLevel{};
}

bool Document::inverse_of(ItemId id) const {
  if (const auto chosen = inverse.find(id); chosen != inverse.end()) return chosen->second;
  const Item* item = find(id);
  return item && is_inverse(*item);
}

bool is_inverse(const Item& item) {
  const bool grey_values = item.kind == ItemKind::series || item.kind == ItemKind::resampled ||
                           item.kind == ItemKind::reconstruction;
  return grey_values && item.series.inverse;
}

WindowLevel default_window(const Item& item) {
  const bool as_taken = item.kind == ItemKind::series || item.kind == ItemKind::resampled;
  if (!item.series.windows.empty() && as_taken) return item.series.windows.front();
  if (!item.volume) return {1, 0.5, {}};
  const auto& padding = item.series.padding;
  const double low = percentile(*item.volume, 0.01, padding);
  const double high = percentile(*item.volume, 0.99, padding);
  if (high > low) return {high - low, (high + low) / 2, "1-99 %"};
  const ValueRange range = value_range(*item.volume, padding);
  const double width = range.maximum > range.minimum ? range.maximum - range.minimum : 1.0;
  return {width, range.minimum + width / 2, "full"};
}

Document with_item(Document document, Item item, ItemId* id) {
  item.id = document.next_id++;
  if (id) *id = item.id;
  document.items.push_back(std::make_shared<const Item>(std::move(item)));
  return document;
}

MeasurementValues measure(const Measurement& measurement, const Volume& volume, const ImageScale& scale) {
  MeasurementValues values;
  RegionPlace place{measurement.points, !scale.known};
  if (!scale.regions.empty()) place = place_in_regions(measurement, volume.geometry(), scale);
  values.in_pixels = place.in_pixels;
  values.physical = place.physical;
  const auto& points = place.points;
  switch (measurement.kind) {
  case MeasurementKind::distance:
    if (points.size() >= 2) values.length = (points[1].mm - points[0].mm).norm();
    break;
  case MeasurementKind::angle:
    if (points.size() >= 3)
      values.angle_deg = angle_between(points[0].mm - points[1].mm, points[2].mm - points[1].mm);
    break;
  case MeasurementKind::region:
    if (points.size() >= 2) measure_ellipse(measurement, volume, values);
    values.area *= place.area_factor;
    break;
  case MeasurementKind::probe:
    if (!points.empty()) values.mean = value_at(volume, measurement.points[0]);
    break;
  }
  return values;
}

bool lies_over(const Item& annotation, const Item& image) {
  if (annotation.kind != ItemKind::annotation) return false;
  if (annotation.source) return annotation.source == image.id;
  const auto& named = annotation.over_series;
  if (std::find(named.begin(), named.end(), series_instance_uid(image.series)) != named.end()) return true;
  const std::string& frame = annotation.series.frame_of_reference_uid;
  return !frame.empty() && frame == image.series.frame_of_reference_uid;
}

} // namespace bloch
