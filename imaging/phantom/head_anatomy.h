#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "imaging/phantom/smooth_noise.h"

namespace bloch::imaging {

/// The analytic head as a function of place. Points are MNI-like: x to the right, y to the front, z up, mm from
/// the anterior commissure.
class HeadAnatomy {
 public:
  explicit HeadAnatomy(std::uint32_t seed);

  struct Sample {
    double value = 0;   ///< T1-like brightness, white matter about 165
    bool brain = false; ///< inside the brain's outer surface
  };
  Sample at(const Eigen::Vector3d& point) const;

 private:
  double cortex(double value, const Eigen::Vector3d& point, double depth) const;
  double deep_structures(double value, const Eigen::Vector3d& point) const;
  double face(double value, const Eigen::Vector3d& point) const;

  SmoothNoise warp_, folds_, fine_folds_, texture_, grain_, shading_;
};

} // namespace bloch::imaging
