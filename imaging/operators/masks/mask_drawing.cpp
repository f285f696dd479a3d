#include "imaging/operators/masks/mask_drawing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/text.h"

namespace bloch::imaging {

double NumpyRandom::uniform() {
  const auto a = static_cast<double>(engine_() >> 5);
  const auto b = static_cast<double>(engine_() >> 6);
  return (a * 67108864.0 + b) / 9007199254740992.0;
}

int NumpyRandom::below(int high) {
  const auto largest = static_cast<std::uint32_t>(std::max(high, 1) - 1);
  if (largest == 0) return 0;
  std::uint32_t bits = largest;
  for (const int shift : {1, 2, 4, 8, 16}) bits |= bits >> shift;
  std::uint32_t value = engine_() & bits;
  while (value > largest) value = engine_() & bits;
  return static_cast<int>(value);
}

int central_extent(int extent, const MaskRequest& request) {
  if (request.center_fraction > 0) return static_cast<int>(std::nearbyint(extent * request.center_fraction));
  return std::min(request.acs, extent);
}

namespace {

Error too_few(const MaskRequest& request, double wanted, double centre) {
  if (wanted < 1)
    return {ErrorKind::invalid_parameter,
            "acceleration " + bloch::to_text(request.accel) +
                " leaves not one sample or line of this size; choose a smaller accel"};
  return {ErrorKind::invalid_parameter,
          "acceleration " + bloch::to_text(request.accel) + " keeps " + std::to_string(std::llround(wanted)) +
              " samples, but calibration " +
              (request.center_fraction > 0 ? bloch::to_text(request.center_fraction)
                                           : std::to_string(request.acs)) +
              " needs " + std::to_string(std::llround(centre)) + "; choose a smaller accel or acs"};
}

} // namespace

Result<LinePlan> plan_lines(std::array<int, 3> size, const MaskRequest& request) {
  LinePlan plan;
  plan.lines = size[1];
  plan.low = central_extent(plan.lines, request);
  plan.first_low = (plan.lines - plan.low + 1) / 2;
  plan.wanted = plan.lines / request.accel;
  if (plan.wanted < plan.low || plan.wanted < 1) return failure(too_few(request, plan.wanted, plan.low));
  return plan;
}

SamplingMask line_mask(const LinePlan& plan, std::vector<std::uint8_t> kept) {
  // At R = 1 some of fastMRI's formulas would leave lines out, magic a third of them.
  if (plan.wanted >= plan.lines) kept.assign(kept.size(), 1);
  std::fill_n(kept.begin() + plan.first_low, plan.low, std::uint8_t{1});
  return {1, plan.lines, 1, std::move(kept)};
}

bool MaskPlane::in_centre(int u_index, int v_index) const {
  const auto inside = [](int index, int extent, int low) {
    const int first = (extent - low + 1) / 2;
    return index >= first && index < first + low;
  };
  return inside(u_index, u, low_u) && inside(v_index, v, low_v);
}

double MaskPlane::radius(int u_index, int v_index) const {
  const double a = u > 1 ? 2.0 * (u_index - u / 2) / u : 0;
  const double b = v > 1 ? 2.0 * (v_index - v / 2) / v : 0;
  const double largest = std::sqrt((u > 1 ? 1.0 : 0.0) + (v > 1 ? 1.0 : 0.0));
  return largest > 0 ? std::min(1.0, std::hypot(a, b) / largest) : 0;
}

Result<MaskPlane> plan_plane(std::array<int, 3> size, const MaskRequest& request) {
  MaskPlane plane;
  plane.volume = size[2] > 1;
  plane.u = plane.volume ? size[1] : size[0];
  plane.v = plane.volume ? size[2] : size[1];
  plane.low_u = central_extent(plane.u, request);
  plane.low_v = central_extent(plane.v, request);
  plane.wanted = static_cast<double>(plane.u) * plane.v / request.accel;
  const double centre = static_cast<double>(plane.low_u) * plane.low_v;
  if (plane.wanted < centre || plane.wanted < 1) return failure(too_few(request, plane.wanted, centre));
  return plane;
}

SamplingMask plane_mask(const MaskPlane& plane, std::vector<std::uint8_t> kept) {
  for (int v = 0; v < plane.v; ++v)
    for (int u = 0; u < plane.u; ++u)
      if (plane.in_centre(u, v)) kept[static_cast<std::size_t>(v * plane.u + u)] = 1;
  if (plane.volume) return {1, plane.u, plane.v, std::move(kept)};
  return {plane.u, plane.v, 1, std::move(kept)};
}

double density_offset(const std::vector<double>& base, double wanted) {
  double low = -1;
  double high = 1;
  for (int step = 0; step < 60; ++step) {
    const double offset = (low + high) / 2;
    double sum = 0;
    for (const double value : base) sum += std::clamp(value + offset, 0.0, 1.0);
    (sum > wanted ? high : low) = offset;
  }
  return (low + high) / 2;
}

std::vector<std::uint8_t> poisson_disc(const MaskPlane& plane, int seed, double growth) {
  const auto count = static_cast<std::size_t>(plane.u) * static_cast<std::size_t>(plane.v);
  NumpyRandom random(seed);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
  // On a grid the distances are few; a little spread of the radius lets every acceleration be met.
  std::vector<float> spread(count);
  for (auto& s : spread) s = static_cast<float>(0.9 + 0.2 * random.uniform());

  std::vector<std::uint8_t> kept, closed;
  const auto draw = [&](double scale) {
    kept.assign(count, 0);
    closed.assign(count, 0);
    std::size_t total = 0;
    for (int v = 0; v < plane.v; ++v)
      for (int u = 0; u < plane.u; ++u)
        if (plane.in_centre(u, v)) {
          kept[static_cast<std::size_t>(v * plane.u + u)] = closed[static_cast<std::size_t>(v * plane.u + u)] =
              1;
          ++total;
        }
    for (const std::size_t index : order) {
      if (closed[index]) continue;
      kept[index] = 1;
      ++total;
      const int u = static_cast<int>(index % static_cast<std::size_t>(plane.u));
      const int v = static_cast<int>(index / static_cast<std::size_t>(plane.u));
      const double r = scale * spread[index] * (1 + growth * plane.radius(u, v));
      const int reach = static_cast<int>(std::ceil(r)) - 1;
      for (int b = std::max(0, v - reach); b <= std::min(plane.v - 1, v + reach); ++b)
        for (int a = std::max(0, u - reach); a <= std::min(plane.u - 1, u + reach); ++a)
          if ((a - u) * (a - u) + (b - v) * (b - v) < r * r)
            closed[static_cast<std::size_t>(b * plane.u + a)] = 1;
    }
    return static_cast<double>(total);
  };
  double low = 0.05;
  double high = 2 * std::sqrt(static_cast<double>(count) / plane.wanted) + 2;
  for (int step = 0; step < 22; ++step) {
    const double middle = (low + high) / 2;
    const double total = draw(middle);
    if (std::abs(total - plane.wanted) < 0.002 * plane.wanted) break;
    (total > plane.wanted ? low : high) = middle;
  }
  return kept;
}

} // namespace bloch::imaging
