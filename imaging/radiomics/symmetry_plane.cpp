#include "imaging/radiomics/symmetry_plane.h"

#include <cmath>

namespace bloch::imaging {
namespace {

struct MirrorSample {
  WorldPoint point;
  float value;
};

std::vector<MirrorSample> spread_samples(const FeatureVolume& volume, std::size_t wanted) {
  std::size_t inside = 0;
  for (const std::uint8_t set : volume.mask) inside += set;
  const std::size_t every = std::max<std::size_t>(1, inside / wanted);
  std::vector<MirrorSample> samples;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < volume.mask.size(); ++i) {
    if (!volume.mask[i] || seen++ % every != 0) continue;
    samples.push_back({volume.source.to_world(volume.source_voxel(i)), volume.intensity[i]});
  }
  return samples;
}

/// parameters: tilt about the front-back axis, tilt about the foot-head axis (rad), shift of the centre (mm)
SymmetryPlane plane_of(const Eigen::Vector3d& parameters, const Eigen::Vector3d& centre) {
  SymmetryPlane plane;
  plane.normal = Eigen::Vector3d(1, std::tan(parameters[1]), std::tan(parameters[0])).normalized();
  plane.offset_mm = plane.normal.dot(centre) + parameters[2];
  return plane;
}

/// Correlation of values and mirrored values; a point whose mirror image lies outside the mask counts as a
/// miss.
double agreement(const FeatureVolume& volume, const std::vector<MirrorSample>& samples,
                 const SymmetryPlane& plane) {
  double count = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (const MirrorSample& sample : samples) {
    const auto other = masked_value_at(volume, volume.intensity, plane.mirrored(sample.point));
    if (!other) continue;
    count += 1;
    a += sample.value;
    b += *other;
    aa += sample.value * sample.value;
    bb += *other * *other;
    ab += sample.value * *other;
  }
  const double variance = (aa - a * a / count) * (bb - b * b / count);
  if (count < 8 || !(variance > 0)) return 0;
  return (ab - a * b / count) / std::sqrt(variance) * count / static_cast<double>(samples.size());
}

} // namespace

WorldPoint SymmetryPlane::mirrored(const WorldPoint& point) const {
  return {point.mm - 2 * (normal.dot(point.mm) - offset_mm) * normal};
}

std::optional<double> masked_value_at(const FeatureVolume& volume, std::span<const float> samples,
                                      const WorldPoint& point) {
  Eigen::Vector3d place = volume.source.to_voxel(point).index;
  std::array<int, 3> low{};
  Eigen::Vector3d part;
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    place[axis] -= volume.first[a];
    low[a] = static_cast<int>(std::floor(place[axis]));
    if (!(place[axis] >= 0) || low[a] + 1 >= volume.size[a]) return std::nullopt;
    part[axis] = place[axis] - low[a];
  }
  double sum = 0, weights = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const int dx = corner & 1, dy = corner >> 1 & 1, dz = corner >> 2;
    const std::size_t i = volume.offset(low[0] + dx, low[1] + dy, low[2] + dz);
    if (!volume.mask[i]) continue;
    const double weight =
        (dx ? part[0] : 1 - part[0]) * (dy ? part[1] : 1 - part[1]) * (dz ? part[2] : 1 - part[2]);
    sum += weight * samples[i];
    weights += weight;
  }
  if (!(weights > 0)) return std::nullopt;
  return sum / weights;
}

SymmetryPlane find_symmetry_plane(const FeatureVolume& volume) {
  const std::vector<MirrorSample> samples = spread_samples(volume, 20000);
  Eigen::Vector3d centre = Eigen::Vector3d::Zero();
  for (const MirrorSample& sample : samples) centre += sample.point.mm;
  centre /= static_cast<double>(samples.size());
  Eigen::Vector3d best = Eigen::Vector3d::Zero();
  double height = agreement(volume, samples, plane_of(best, centre));
  Eigen::Vector3d steps(0.06, 0.06, 4);
  for (int halving = 0; halving < 5; ++halving, steps /= 2) {
    bool moved = true;
    for (int round = 0; moved && round < 8; ++round) {
      moved = false;
      for (int axis = 0; axis < 3; ++axis)
        for (const double sign : {-1.0, 1.0}) {
          Eigen::Vector3d candidate = best;
          candidate[axis] += sign * steps[axis];
          const double found = agreement(volume, samples, plane_of(candidate, centre));
          if (found <= height) continue;
          height = found;
          best = candidate;
          moved = true;
        }
    }
  }
  SymmetryPlane plane = plane_of(best, centre);
  plane.correlation = height;
  return plane;
}

} // namespace bloch::imaging
