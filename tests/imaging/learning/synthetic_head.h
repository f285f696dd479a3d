#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "core/data/label_map.h"
#include "core/data/volume.h"

namespace bloch::test {

/// An ellipsoid of two tissues with a little noise, 0 outside, and a bright ball in it with its truth mask.
struct SyntheticHead {
  Volume volume;
  LabelMap truth;
};

inline SyntheticHead make_synthetic_head(int size = 36, double spacing_mm = 2, int seed = 3) {
  VolumeGeometry geometry;
  geometry.size = {size, size + 2, size - 2};
  geometry.spacing_mm = Eigen::Vector3d::Constant(spacing_mm);
  geometry.origin.mm = {-30, -40, 10};
  std::mt19937 random(static_cast<unsigned>(seed));
  std::vector<float> samples(geometry.voxel_count());
  std::vector<std::uint8_t> truth(samples.size());
  const double half = size / 2.0;
  std::size_t i = 0;
  for (int z = 0; z < geometry.size[2]; ++z)
    for (int y = 0; y < geometry.size[1]; ++y)
      for (int x = 0; x < geometry.size[0]; ++x, ++i) {
        const Eigen::Vector3d place((x + 0.5 - half) / half, (y + 0.5 - half - 1) / half,
                                    (z + 0.5 - half + 1) / half);
        const double noise = static_cast<double>(random() % 1000) / 1000 - 0.5;
        if (place.norm() > 0.85) continue;
        samples[i] = static_cast<float>((place.norm() > 0.6 ? 140 : 100) + 8 * noise);
        truth[i] = (place - Eigen::Vector3d(0.3, 0.1, 0)).norm() < 0.12;
        if (truth[i]) samples[i] = static_cast<float>(190 + 8 * noise);
      }
  return {Volume(geometry, std::move(samples)), LabelMap(geometry, std::move(truth))};
}

} // namespace bloch::test
