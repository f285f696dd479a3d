#include "imaging/filters/masked_gaussian.h"

#include <cmath>

#include "core/base/contract.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

std::vector<float> gaussian_weights(double sigma_voxels) {
  const int half = static_cast<int>(std::ceil(3 * sigma_voxels));
  std::vector<float> weights(static_cast<std::size_t>(2 * half + 1));
  double sum = 0;
  for (int i = -half; i <= half; ++i) sum += std::exp(-0.5 * i * i / (sigma_voxels * sigma_voxels));
  for (int i = -half; i <= half; ++i)
    weights[static_cast<std::size_t>(i + half)] =
        static_cast<float>(std::exp(-0.5 * i * i / (sigma_voxels * sigma_voxels)) / sum);
  return weights;
}

/// One output row (along x) of a convolution along y or z: a weighted sum of whole rows.
void convolve_rows(const float* source, float* target, const std::vector<float>& weights, int width,
                   int position, int length, std::ptrdiff_t stride) {
  const int half = static_cast<int>(weights.size() / 2);
  std::fill(target, target + width, 0.0F);
  for (int k = -half; k <= half; ++k) {
    if (position + k < 0 || position + k >= length) continue;
    const float weight = weights[static_cast<std::size_t>(k + half)];
    const float* row = source + k * stride;
    for (int x = 0; x < width; ++x) target[x] += weight * row[x];
  }
}

void convolve_along_x(const float* source, float* target, const std::vector<float>& weights, int width) {
  const int half = static_cast<int>(weights.size() / 2);
  std::fill(target, target + width, 0.0F);
  for (int k = -half; k <= half; ++k) {
    const float weight = weights[static_cast<std::size_t>(k + half)];
    const int first = std::max(0, -k), last = std::min(width, width - k);
    for (int x = first; x < last; ++x) target[x] += weight * source[x + k];
  }
}

void smooth_in_place(std::vector<float>& samples, const std::array<int, 3>& size,
                     const std::array<double, 3>& spacing_mm, double sigma_mm) {
  std::vector<float> other(samples.size());
  const std::ptrdiff_t width = size[0], plane = width * size[1];
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (size[axis] == 1) continue;
    const std::vector<float> weights = gaussian_weights(sigma_mm / spacing_mm[axis]);
    parallel_for(0, static_cast<std::size_t>(size[2]), [&](std::size_t slice) {
      for (int y = 0; y < size[1]; ++y) {
        const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(slice) * plane + y * width;
        if (axis == 0)
          convolve_along_x(&samples[static_cast<std::size_t>(row)], &other[static_cast<std::size_t>(row)],
                           weights, size[0]);
        else
          convolve_rows(&samples[static_cast<std::size_t>(row)], &other[static_cast<std::size_t>(row)], weights,
                        size[0], axis == 1 ? y : static_cast<int>(slice), size[axis],
                        axis == 1 ? width : plane);
      }
    });
    samples.swap(other);
  }
}

} // namespace

std::vector<float> masked_gaussian(std::span<const float> samples, std::span<const std::uint8_t> mask,
                                   const std::array<int, 3>& size, const std::array<double, 3>& spacing_mm,
                                   double sigma_mm) {
  BLOCH_EXPECTS(samples.size() == mask.size() && sigma_mm > 0);
  std::vector<float> sum(samples.size()), weight(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum[i] = mask[i] ? samples[i] : 0.0F;
    weight[i] = mask[i] ? 1.0F : 0.0F;
  }
  smooth_in_place(sum, size, spacing_mm, sigma_mm);
  smooth_in_place(weight, size, spacing_mm, sigma_mm);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = mask[i] && weight[i] > 0 ? sum[i] / weight[i] : 0.0F;
  return sum;
}

} // namespace bloch::imaging
