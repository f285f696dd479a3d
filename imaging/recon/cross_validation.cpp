#include "imaging/recon/cross_validation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>

#include "imaging/operators/complex_math.h"
#include "imaging/parallel/pieces.h"
#include "imaging/recon/calibration.h"

namespace bloch::imaging {
namespace {

/// Fewer points than this say nothing.
constexpr std::size_t fewest_points = 64;
constexpr int central_side = 24;

/// Mean of the nearest 13 points along one axis of [z][y][x], fewer at the ends.
void average_along(std::vector<float>& values, const std::array<int, 3>& size, std::size_t axis) {
  constexpr int reach = 6;
  const int length = size[axis];
  std::size_t stride = 1;
  for (std::size_t below = 0; below < axis; ++below) stride *= static_cast<std::size_t>(size[below]);
  std::vector<double> sums(static_cast<std::size_t>(length) + 1);
  for (std::size_t first = 0; first < values.size(); ++first) {
    if (first / stride % static_cast<std::size_t>(length) != 0) continue;
    for (int i = 0; i < length; ++i)
      sums[static_cast<std::size_t>(i) + 1] =
          sums[static_cast<std::size_t>(i)] +
          static_cast<double>(values[first + static_cast<std::size_t>(i) * stride]);
    for (int i = 0; i < length; ++i) {
      const int begin = std::max(0, i - reach), end = std::min(length, i + reach + 1);
      values[first + static_cast<std::size_t>(i) * stride] = static_cast<float>(
          (sums[static_cast<std::size_t>(end)] - sums[static_cast<std::size_t>(begin)]) / (end - begin));
    }
  }
}

/// |A x - y|^2 over the samples that were held out.
class Misfit {
 public:
  Misfit(const SenseOperator& held, const ReconstructionInput& input)
      : held_(held)
      , right_(held.adjoint(input.samples))
      , product_(held.pixels())
      , pieces_(held.pixels(), input.workers > 0 ? input.workers : thread_count()) {}

  /// Up to what all images have in common, |y|^2.
  double of(std::span<const Complex> image) {
    held_.normal(image.data(), product_.data());
    return pieces_.sum<double>([&](std::size_t i, std::size_t count) {
      return real_dot(image.data() + i, product_.data() + i, count) -
             2 * real_dot(image.data() + i, right_.data() + i, count);
    });
  }

 private:
  const SenseOperator& held_;
  ComplexBuffer right_, product_;
  Pieces pieces_;
};

/// Where a parabola through three points a step apart has its vertex, in steps from the middle one.
double vertex(double before, double middle, double after) {
  const double bend = before - 2 * middle + after;
  return bend > 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0;
}

} // namespace

HeldOutSamples hold_out(const ReconstructionInput& input, bool whole_readouts) {
  const SamplingMask& mask = *input.mask;
  const bool readouts = input.size.kz > 1 && whole_readouts;
  // x, y, z of the points; one x where readouts are taken as wholes.
  const std::array<int, 3> size{readouts ? 1 : input.size.kx, input.size.ky, input.size.kz};
  const std::size_t count =
      static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2]);
  const CalibrationRegion centre = find_calibration(input, central_side);
  std::vector<float> density(count);
  std::vector<std::uint8_t> kept(count), held(count, 0), central(count, 0);
  std::size_t at = 0;
  for (int z = 0; z < size[2]; ++z)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x, ++at) {
        const std::array<int, 3> place{x, y, z};
        bool inside = mask.at(x, y, z);
        kept[at] = inside ? 1 : 0;
        density[at] = kept[at];
        for (std::size_t axis = readouts ? 1 : 0; axis < 3; ++axis)
          inside = inside && place[axis] >= centre.first[axis] &&
                   place[axis] < centre.first[axis] + centre.size[axis];
        central[at] = inside ? 1 : 0;
      }
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (size[axis] > 1) average_along(density, size, axis);
  // Of the regions where something was acquired, the one in the middle of the order of their densities is like
  // most.
  std::vector<float> ordered = density;
  std::erase(ordered, 0.0F);
  if (ordered.empty()) ordered.push_back(0);
  const auto middle = ordered.begin() + static_cast<std::ptrdiff_t>(ordered.size() / 2);
  std::nth_element(ordered.begin(), middle, ordered.end());
  constexpr float share = 0.1F, most = 0.2F;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] == 0 || central[i] != 0) continue;
    const float chance = std::min(share * *middle / density[i], most);
    if (static_cast<float>(random() >> 8U) >= chance * 16777216.0F) continue;
    held[i] = 1;
    kept[i] = 0;
  }
  const auto as_mask = [&](std::vector<std::uint8_t> points) {
    return SamplingMask(size[0], size[1], size[2], std::move(points));
  };
  return {as_mask(std::move(kept)), as_mask(std::move(held)), as_mask(std::move(central)),
          static_cast<double>(share * *middle)};
}

Result<double> cross_validated_weight(const SenseOperator& sense, const ReconstructionInput& input,
                                      const WeightSearch& search, const WeightSolver& solve,
                                      const Progress& progress) {
  const HeldOutSamples parts = hold_out(input, sense.whole_readout());
  if (parts.held.kept_count() < fewest_points) return search.guess;
  const bool shared = !sense.whole_readout() || parts.kept.kx() == 1;
  const SenseOperator of_kept =
      shared ? SenseOperator(sense, parts.kept)
             : SenseOperator(input.size, *input.sensitivities, parts.kept, input.workers);
  const SenseOperator of_held(of_kept, parts.held);
  const SenseOperator of_centre(of_kept, parts.central);
  Misfit misfit(of_held, input), central(of_centre, input);
  ReconstructionInput part = input;
  part.mask = &parts.kept;
  part.reference = {};

  std::vector<Complex> image;
  int tries = 0;
  const auto judge = [&](int power) -> Result<double> {
    const double begin = std::min(0.9, 0.2 * tries++);
    BLOCH_TRY(next,
              solve(of_kept, part, std::ldexp(search.guess, power), image, progress.child(begin, begin + 0.1)));
    image = std::move(next);
    return misfit.of(image) + parts.density * central.of(image);
  };
  // Down from twice the guess, where an image is soon found, until the prediction gets worse; up where it was
  // best there.
  int best = 1;
  BLOCH_TRY(first, judge(best));
  double least = first;
  std::optional<double> below, above;
  for (const int direction : {-1, 1}) {
    std::optional<double>& beyond = direction < 0 ? below : above;
    while (!beyond && best != (direction < 0 ? -search.halvings : search.doublings)) {
      BLOCH_TRY(next, judge(best + direction));
      if (next >= least) {
        beyond = next;
        continue;
      }
      (direction < 0 ? above : below) = least;
      least = next;
      best += direction;
    }
  }
  const double between = above && below ? vertex(*below, least, *above) : 0;
  return search.guess * std::exp2(best + between);
}

} // namespace bloch::imaging
