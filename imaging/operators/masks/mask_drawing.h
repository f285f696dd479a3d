#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "imaging/operators/mask.h"

namespace bloch::imaging {

/// NumPy's RandomState, as far as fastMRI's masks use it: the same seed draws the same numbers.
class NumpyRandom {
 public:
  explicit NumpyRandom(int seed)
      : engine_(static_cast<std::uint32_t>(seed)) {}
  /// uniform(): 53 bits from two draws.
  double uniform();
  /// randint(0, high): masked rejection.
  int below(int high);

 private:
  std::mt19937 engine_;
};

/// Fully sampled central lines or samples along an axis of this extent: the request's `acs`, or round(N *
/// center_fraction), halves to even as Python does.
int central_extent(int extent, const MaskRequest& request);

/// N_low central lines, from `pad = (N - N_low + 1) // 2` on; refuses what cannot reach the acceleration.
struct LinePlan {
  int lines = 0;
  int low = 0;
  int first_low = 0;
  double wanted = 0; ///< lines to keep, all told
};
Result<LinePlan> plan_lines(std::array<int, 3> size, const MaskRequest& request);
SamplingMask line_mask(const LinePlan& plan, std::vector<std::uint8_t> kept);

/// The plane in which a two-dimensional mask lies: kx, ky of a 2D input, ky, kz of a 3D one.
struct MaskPlane {
  int u = 1, v = 1; ///< u is the faster axis
  bool volume = false;
  int low_u = 0, low_v = 0; ///< calibration square, cut to the plane
  double wanted = 0;        ///< samples to keep, all told

  bool in_centre(int u_index, int v_index) const;
  /// Distance from DC over the largest there is, 0 to 1.
  double radius(int u_index, int v_index) const;
};
Result<MaskPlane> plan_plane(std::array<int, 3> size, const MaskRequest& request);
SamplingMask plane_mask(const MaskPlane& plane, std::vector<std::uint8_t> kept);

/// c with sum of clip(base + c, 0, 1) = wanted, by bisection.
double density_offset(const std::vector<double>& base, double wanted);

/// Poisson-disc samples of the plane, `radius(u, v)` apart at least, in an order drawn from the seed; the scale
/// of the radius by bisection until the plane's `wanted` is met. source: Bridson 2007,
/// doi:10.1145/1278780.1278807
std::vector<std::uint8_t> poisson_disc(const MaskPlane& plane, int seed, double growth);

} // namespace bloch::imaging
