#include <algorithm>
#include <cmath>
#include <numbers>

#include "imaging/operators/masks/mask_drawing.h"

namespace bloch::imaging {
namespace {

/// Samples of the grid nearest to `spokes` diameters at equal angles, the first at `start`.
std::vector<std::uint8_t> draw_spokes(const MaskPlane& plane, int spokes, double start) {
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plane.u) * static_cast<std::size_t>(plane.v), 0);
  const int reach = std::max(plane.u, plane.v);
  for (int spoke = 0; spoke < spokes; ++spoke) {
    const double angle = start + std::numbers::pi * spoke / spokes;
    // One sample a step along the longer of the two axes leaves no gap.
    const double longest = std::max(std::abs(std::cos(angle)), std::abs(std::sin(angle)));
    const double du = std::cos(angle) / longest;
    const double dv = std::sin(angle) / longest;
    for (int step = -reach; step <= reach; ++step) {
      const int u = plane.u / 2 + static_cast<int>(std::lround(step * du));
      const int v = plane.v / 2 + static_cast<int>(std::lround(step * dv));
      if (u >= 0 && u < plane.u && v >= 0 && v < plane.v) kept[static_cast<std::size_t>(v * plane.u + u)] = 1;
    }
  }
  return kept;
}

std::size_t count_kept(const MaskPlane& plane, const std::vector<std::uint8_t>& kept) {
  std::size_t count = 0;
  for (int v = 0; v < plane.v; ++v)
    for (int u = 0; u < plane.u; ++u)
      count += plane.in_centre(u, v) || kept[static_cast<std::size_t>(v * plane.u + u)] ? 1 : 0;
  return count;
}

/// As many spokes as come nearest to the wanted number of samples.
Result<SamplingMask> make_radial(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(plane, plan_plane(size, request));
  const double start = NumpyRandom(request.seed).uniform() * std::numbers::pi;
  int low = 1;
  int high = 4 * std::max(plane.u, plane.v);
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    const auto count = count_kept(plane, draw_spokes(plane, middle, start));
    (static_cast<double>(count) > plane.wanted ? high : low) = middle;
  }
  const auto distance = [&](const std::vector<std::uint8_t>& kept) {
    return std::abs(static_cast<double>(count_kept(plane, kept)) - plane.wanted);
  };
  auto fewer = draw_spokes(plane, low, start);
  auto more = draw_spokes(plane, high, start);
  return plane_mask(plane, distance(more) < distance(fewer) ? std::move(more) : std::move(fewer));
}

} // namespace

MaskKind radial_mask() {
  return {"radial",
          "Radial lines",
          "the samples of the Cartesian grid nearest to diameters at equal angles; the seed turns them",
          "Lustig 2007, doi:10.1002/mrm.21391",
          false,
          make_radial};
}

} // namespace bloch::imaging
