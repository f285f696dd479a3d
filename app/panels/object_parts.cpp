#include "app/panels/object_parts.h"

#include <algorithm>

namespace bloch::app {
namespace {

struct SliceSum {
  std::size_t count = 0;
  Eigen::Vector3d sum = Eigen::Vector3d::Zero(); ///< of voxel indices
};

/// The largest slice of a label, as the voxel of it that is nearest to its middle.
std::optional<std::pair<std::size_t, WorldPoint>> centre_of_label(const LabelMap& labels, int label) {
  const VolumeGeometry& geometry = labels.geometry();
  return labels.visit([&](auto samples) -> std::optional<std::pair<std::size_t, WorldPoint>> {
    const auto rows = static_cast<std::size_t>(geometry.size[1]);
    const auto columns = static_cast<std::size_t>(geometry.size[0]);
    const auto each = [&](std::size_t z, auto visit) {
      for (std::size_t i = 0; i < rows * columns; ++i)
        if (samples[z * rows * columns + i] == label)
          visit(Eigen::Vector3d(static_cast<double>(i % columns), static_cast<double>(i / columns),
                                static_cast<double>(z)));
    };
    SliceSum largest;
    std::size_t slice = 0;
    for (std::size_t z = 0; z < static_cast<std::size_t>(geometry.size[2]); ++z) {
      SliceSum found;
      each(z, [&](const Eigen::Vector3d& voxel) {
        ++found.count;
        found.sum += voxel;
      });
      if (found.count > largest.count) {
        largest = found;
        slice = z;
      }
    }
    if (largest.count == 0) return std::nullopt;
    const Eigen::Vector3d middle = largest.sum / static_cast<double>(largest.count);
    Eigen::Vector3d nearest = middle;
    double distance = -1;
    each(slice, [&](const Eigen::Vector3d& voxel) {
      const double away = (voxel - middle).squaredNorm();
      if (distance >= 0 && away >= distance) return;
      distance = away;
      nearest = voxel;
    });
    const Eigen::Vector3d mm = geometry.direction * nearest.cwiseProduct(geometry.spacing_mm);
    return std::pair(largest.count, WorldPoint{geometry.origin.mm + mm});
  });
}

} // namespace

std::optional<WorldPoint> centre_of_part(const Item& annotation, int part) {
  std::optional<std::pair<std::size_t, WorldPoint>> best;
  if (annotation.segmentation)
    for (const LabelMap& layer : annotation.segmentation->layers)
      if (const auto found = centre_of_label(layer, part); found && (!best || found->first > best->first))
        best = found;
  if (best) return best->second;
  if (!annotation.structures || part < 0 ||
      static_cast<std::size_t>(part) >= annotation.structures->regions.size())
    return {};
  const auto& contours = annotation.structures->regions[static_cast<std::size_t>(part)].contours;
  const auto longest = std::max_element(contours.begin(), contours.end(), [](const auto& a, const auto& b) {
    return a.points.size() < b.points.size();
  });
  if (longest == contours.end() || longest->points.empty()) return {};
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const WorldPoint& point : longest->points) sum += point.mm;
  return WorldPoint{sum / static_cast<double>(longest->points.size())};
}

} // namespace bloch::app
