#pragma once

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include <Eigen/Geometry>

#include "core/data/volume.h"

namespace bloch {

/// A ball in a test volume.
struct Marker {
  std::array<int, 3> voxel;
  double radius_mm;
};

/// Three balls in slice 7, of different sizes and without any symmetry: no flip or turn maps them onto
/// themselves.
inline constexpr std::array<Marker, 3> markers = {Marker{{8, 8, 7}, 7.0}, Marker{{36, 10, 7}, 5.0},
                                                  Marker{{14, 40, 7}, 4.0}};

/// 48 x 56 x 16 voxels of 2 x 1.5 x 3 mm, turned about an axis that is none of the patient's.
inline VolumeGeometry oblique_geometry() {
  VolumeGeometry geometry;
  geometry.size = {48, 56, 16};
  geometry.spacing_mm = {2, 1.5, 3};
  geometry.direction = Eigen::AngleAxisd(0.6, Eigen::Vector3d(0.3, -0.8, 0.5).normalized()).toRotationMatrix();
  geometry.origin.mm = {31, -47, 12};
  return geometry;
}

/// Value 1000 inside the markers, 0 outside, with an edge of about a voxel.
inline std::shared_ptr<const Volume> marker_volume(const VolumeGeometry& geometry = oblique_geometry()) {
  std::vector<std::int16_t> samples(geometry.voxel_count());
  std::size_t place = 0;
  for (int z = 0; z < geometry.size[2]; ++z)
    for (int y = 0; y < geometry.size[1]; ++y)
      for (int x = 0; x < geometry.size[0]; ++x, ++place)
        for (const Marker& marker : markers) {
          const Eigen::Vector3d offset(x - marker.voxel[0], y - marker.voxel[1], z - marker.voxel[2]);
          const double distance = offset.cwiseProduct(geometry.spacing_mm).norm();
          const double share = std::clamp((marker.radius_mm - distance) / 2 + 0.5, 0.0, 1.0);
          samples[place] = std::max(samples[place], static_cast<std::int16_t>(1000 * share));
        }
  return std::make_shared<const Volume>(geometry, std::move(samples));
}

inline WorldPoint marker_point(const VolumeGeometry& geometry, const Marker& marker) {
  return geometry.to_world({Eigen::Vector3d(marker.voxel[0], marker.voxel[1], marker.voxel[2])});
}

} // namespace bloch
