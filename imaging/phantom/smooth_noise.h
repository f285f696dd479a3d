#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace bloch::imaging {

/// Band-limited noise: random values on a cubic lattice, smoothly interpolated. The same seed gives the same
/// field everywhere, whatever the grid it is sampled on.
class SmoothNoise {
 public:
  /// wavelength_mm: about twice the size of its blobs.
  SmoothNoise(std::uint32_t seed, double wavelength_mm)
      : seed_(seed)
      , lattice_per_mm_(2 / wavelength_mm) {}

  /// Between -1 and 1, mean 0.
  double operator()(const Eigen::Vector3d& point_mm) const;

 private:
  std::uint32_t seed_;
  double lattice_per_mm_;
};

} // namespace bloch::imaging
