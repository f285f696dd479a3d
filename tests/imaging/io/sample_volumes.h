#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include <Eigen/Geometry>

#include "core/data/label_map.h"
#include "core/data/volume.h"

namespace bloch::imaging::io_test {

/// Double-oblique, anisotropic, away from the origin; left-handed on request (a flipped z axis).
inline VolumeGeometry oblique_geometry(bool left_handed = false) {
  VolumeGeometry geometry;
  geometry.size = {7, 5, 4};
  geometry.spacing_mm = {0.86, 1.25, 3.5};
  geometry.origin.mm = {-91.25, 17.5, -63.125};
  geometry.direction =
      (Eigen::AngleAxisd(0.3, Eigen::Vector3d::UnitX()) * Eigen::AngleAxisd(-0.2, Eigen::Vector3d::UnitY()) *
       Eigen::AngleAxisd(1.1, Eigen::Vector3d::UnitZ()))
          .toRotationMatrix();
  if (left_handed) geometry.direction.col(2) *= -1;
  return geometry;
}

template <class T> std::vector<T> counting_samples(std::size_t count) {
  std::vector<T> samples(count);
  for (std::size_t i = 0; i < count; ++i) samples[i] = static_cast<T>(static_cast<double>(i) * 37 - 500);
  return samples;
}

template <> inline std::vector<std::uint8_t> counting_samples<std::uint8_t>(std::size_t count) {
  std::vector<std::uint8_t> samples(count);
  for (std::size_t i = 0; i < count; ++i) samples[i] = static_cast<std::uint8_t>(i % 7);
  return samples;
}

template <class T> Volume counting_volume(VolumeGeometry geometry) {
  const std::size_t count = geometry.voxel_count();
  return Volume(std::move(geometry), counting_samples<T>(count));
}

template <class T> std::vector<T> copied(std::span<const T> samples) {
  return {samples.begin(), samples.end()};
}

} // namespace bloch::imaging::io_test
