#include "imaging/recon/calibration.h"

#include <algorithm>
#include <cmath>

#include "imaging/operators/fft.h"

namespace bloch::imaging {
namespace {

std::size_t sample_index(const KSpaceSize& size, int c, int z, int y, int x) {
  return ((static_cast<std::size_t>(c) * static_cast<std::size_t>(size.kz) + static_cast<std::size_t>(z)) *
              static_cast<std::size_t>(size.ky) +
          static_cast<std::size_t>(y)) *
             static_cast<std::size_t>(size.kx) +
         static_cast<std::size_t>(x);
}

bool fully_sampled(const SamplingMask& mask, const CalibrationRegion& region) {
  for (int z = region.first[2]; z < region.first[2] + region.size[2]; ++z)
    for (int y = region.first[1]; y < region.first[1] + region.size[1]; ++y)
      for (int x = region.first[0]; x < region.first[0] + region.size[0]; ++x)
        if (!mask.at(x, y, z)) return false;
  return true;
}

/// Moves the region along kx to where it holds most energy.
void follow_energy(const ReconstructionInput& input, CalibrationRegion& region) {
  const KSpaceSize& size = input.size;
  std::vector<double> energy(static_cast<std::size_t>(size.kx), 0.0);
  for (int c = 0; c < size.coils; ++c)
    for (int z = region.first[2]; z < region.first[2] + region.size[2]; ++z)
      for (int y = region.first[1]; y < region.first[1] + region.size[1]; ++y)
        for (int x = 0; x < size.kx; ++x)
          energy[static_cast<std::size_t>(x)] += std::norm(input.samples[sample_index(size, c, z, y, x)]);
  double best = 0;
  const int width = region.size[0];
  for (int first = 0; first + width <= size.kx; ++first) {
    double sum = 0;
    for (int x = first; x < first + width; ++x) sum += energy[static_cast<std::size_t>(x)];
    if (sum <= best) continue;
    best = sum;
    region.first[0] = first;
  }
}

} // namespace

CalibrationRegion find_calibration(const ReconstructionInput& input, int limit) {
  const std::array<int, 3> extent{input.size.kx, input.size.ky, input.size.kz};
  // As BART: phase encodings are first cut to the limit, then a box grows in the middle of that.
  std::array<int, 3> cut = extent;
  for (const std::size_t axis : {1U, 2U}) cut[axis] = std::min(limit, extent[axis]);
  CalibrationRegion region{{}, {1, 1, 1}};
  const auto place = [&] {
    for (std::size_t axis = 0; axis < 3; ++axis)
      region.first[axis] = (extent[axis] - cut[axis]) / 2 + (cut[axis] - region.size[axis]) / 2;
  };
  std::array<bool, 3> done{};
  while (!(done[0] && done[1] && done[2]))
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (region.size[axis] == cut[axis] || region.size[axis] >= limit) done[axis] = true;
      if (done[axis]) continue;
      ++region.size[axis];
      place();
      if (fully_sampled(*input.mask, region)) continue;
      --region.size[axis];
      done[axis] = true;
    }
  place();
  follow_energy(input, region);
  return region;
}

CalibrationRegion extend_calibration(const ReconstructionInput& input, CalibrationRegion region, int limit,
                                     const std::array<int, 3>& enough) {
  const std::array<int, 3> extent{input.size.kx, input.size.ky, input.size.kz};
  bool grown = false;
  for (const std::size_t axis : {1U, 2U}) {
    if (region.size[axis] >= std::min(enough[axis], extent[axis])) continue;
    const auto grow = [&](int down) {
      CalibrationRegion larger = region;
      larger.first[axis] -= down;
      ++larger.size[axis];
      if (larger.first[axis] < 0 || larger.first[axis] + larger.size[axis] > extent[axis] ||
          !fully_sampled(*input.mask, larger))
        return false;
      region = larger;
      return true;
    };
    while (region.size[axis] < limit && (grow(0) || grow(1))) grown = true;
  }
  if (grown) follow_energy(input, region);
  return region;
}

ComplexBuffer cut_region(const ReconstructionInput& input, const CalibrationRegion& region) {
  ComplexBuffer samples;
  samples.reserve(static_cast<std::size_t>(input.size.coils * region.size[0]) *
                  static_cast<std::size_t>(region.size[1] * region.size[2]));
  for (int c = 0; c < input.size.coils; ++c)
    for (int z = 0; z < region.size[2]; ++z)
      for (int y = 0; y < region.size[1]; ++y) {
        const std::size_t row =
            sample_index(input.size, c, region.first[2] + z, region.first[1] + y, region.first[0]);
        samples.insert(samples.end(), input.samples.begin() + static_cast<std::ptrdiff_t>(row),
                       input.samples.begin() + static_cast<std::ptrdiff_t>(row) + region.size[0]);
      }
  return samples;
}

double data_scale(const ReconstructionInput& input) {
  const CalibrationRegion region = find_calibration(input, 32);
  ComplexBuffer samples = cut_region(input, region);
  // BART's data are modulated for the whole size when it looks at them: boxes whose side is odd are seen
  // between the pixels.
  const ComplexBuffer fx = centring_factors(input.size.kx, 1), fy = centring_factors(input.size.ky, 1),
                      fz = centring_factors(input.size.kz, 1);
  const std::array<std::size_t, 3> side{static_cast<std::size_t>(region.size[0]),
                                        static_cast<std::size_t>(region.size[1]),
                                        static_cast<std::size_t>(region.size[2])};
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] *= fx[i % side[0]] * fy[i / side[0] % side[1]] * fz[i / (side[0] * side[1]) % side[2]];
  centred_fft(samples, region.size, {true, true, true}, true);
  const std::size_t pixels = samples.size() / static_cast<std::size_t>(input.size.coils);
  std::vector<double> combined(pixels, 0.0);
  for (std::size_t i = 0; i < samples.size(); ++i) combined[i % pixels] += std::norm(samples[i]);
  for (double& value : combined) value = std::sqrt(value);
  std::sort(combined.begin(), combined.end());
  const double smaller =
      std::sqrt(static_cast<double>(input.size.samples_per_coil()) / static_cast<double>(pixels));
  const double median = combined[pixels / 2] / smaller;
  const double p90 =
      combined[static_cast<std::size_t>(std::trunc(static_cast<double>(pixels) * 0.9))] / smaller;
  const double largest = combined.back() / smaller;
  const double scale = largest - p90 < 2 * (p90 - median) ? p90 : largest;
  return scale > 0 ? scale : 1;
}

double noise_level(const ReconstructionInput& input) {
  const KSpaceSize& size = input.size;
  const auto edge = [](int index, int extent) {
    return extent > 1 ? std::abs(2.0 * (index - extent / 2) / extent) : 0.0;
  };
  std::vector<float> powers;
  for (int z = 0; z < size.kz; ++z)
    for (int y = 0; y < size.ky; ++y)
      for (int x = 0; x < size.kx; ++x) {
        if (std::max({edge(x, size.kx), edge(y, size.ky), edge(z, size.kz)}) < 0.85 || !input.mask->at(x, y, z))
          continue;
        for (int c = 0; c < size.coils; ++c) {
          const float power = std::norm(input.samples[sample_index(size, c, z, y, x)]);
          if (power > 0) powers.push_back(power);
        }
      }
  if (powers.size() < 16) return 0;
  // Of exponentially distributed powers a quarter lies below -ln(3/4) of the mean.
  const auto quarter = powers.begin() + static_cast<std::ptrdiff_t>(powers.size() / 4);
  std::nth_element(powers.begin(), quarter, powers.end());
  return std::sqrt(static_cast<double>(*quarter) / -std::log(0.75));
}

double lambda_guess(const ReconstructionInput& input, double scale, double factor) {
  constexpr double quietest = 0.006;
  return factor * std::max(quietest, noise_level(input) / (scale * std::sqrt(input.mask->acceleration())));
}

} // namespace bloch::imaging
