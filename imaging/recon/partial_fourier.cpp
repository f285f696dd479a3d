#include "imaging/recon/partial_fourier.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/base/contract.h"
#include "imaging/operators/fft.h"

namespace bloch::imaging {
namespace {

constexpr int most_pocs_steps = 50;
constexpr double pocs_tolerance = 1e-4;

/// Transforms along one axis of an image.
class AxisFft {
 public:
  AxisFft(const KSpaceSize& size, std::size_t axis)
      : size_{size.kx, size.ky, size.kz}
      , axis_(axis) {
    axes_[axis] = true;
  }
  void to_kspace(ComplexBuffer& image) const { centred_fft(image, size_, axes_, false); }
  void to_image(ComplexBuffer& kspace) const { centred_fft(kspace, size_, axes_, true); }

  /// Every sample times a weight by its index along the axis.
  void weight(ComplexBuffer& kspace, const std::vector<float>& weights) const {
    std::size_t stride = 1;
    for (std::size_t i = 0; i < axis_; ++i) stride *= static_cast<std::size_t>(size_[i]);
    for (std::size_t i = 0; i < kspace.size(); ++i) kspace[i] *= weights[i / stride % weights.size()];
  }

 private:
  std::array<int, 3> size_;
  std::array<bool, 3> axes_{};
  std::size_t axis_;
};

/// How far the acquired samples reach on both sides of the centre.
int symmetric_reach(const PartialFourier& partial, int extent) {
  return std::min(extent / 2 - partial.first, partial.last - extent / 2);
}

/// exp(i phase) of the image that the symmetric centre alone gives, apodised by a Hann window.
ComplexBuffer phase_factors(const ComplexBuffer& kspace, const AxisFft& fft, int extent, int reach) {
  std::vector<float> window(static_cast<std::size_t>(extent), 0.0F);
  for (int k = -reach; k <= reach; ++k)
    window[static_cast<std::size_t>(extent / 2 + k)] =
        static_cast<float>(0.5 + 0.5 * std::cos(std::numbers::pi * k / (reach + 1)));
  ComplexBuffer factors = kspace;
  fft.weight(factors, window);
  fft.to_image(factors);
  for (Complex& factor : factors) {
    const float size = std::abs(factor);
    factor = size > 0 ? factor / size : Complex(1);
  }
  return factors;
}

std::vector<Complex> homodyne(const ComplexBuffer& kspace, const ComplexBuffer& phase, const AxisFft& fft,
                              const PartialFourier& partial, int extent, int reach) {
  // Both weights of a pair of opposite samples sum to 2; a ramp leads from one side to the other.
  std::vector<float> weights(static_cast<std::size_t>(extent), 0.0F);
  const bool upper_missing = extent - 1 - partial.last > partial.first;
  for (int i = partial.first; i <= partial.last; ++i) {
    const int k = upper_missing ? extent / 2 - i : i - extent / 2;
    weights[static_cast<std::size_t>(i)] =
        static_cast<float>(std::clamp(1.0 + static_cast<double>(k) / (reach + 1), 0.0, 2.0));
  }
  // The sample at -n / 2 of an even extent has no partner.
  if (extent % 2 == 0 && partial.first == 0) weights[0] = 1;
  ComplexBuffer image = kspace;
  fft.weight(image, weights);
  fft.to_image(image);
  std::vector<Complex> result;
  result.reserve(image.size());
  for (std::size_t i = 0; i < image.size(); ++i)
    result.push_back((image[i] * std::conj(phase[i])).real() * phase[i]);
  return result;
}

std::vector<Complex> pocs(const ComplexBuffer& kspace, const ComplexBuffer& phase, const AxisFft& fft,
                          const PartialFourier& partial, int extent) {
  std::vector<float> missing(static_cast<std::size_t>(extent), 1.0F);
  std::fill(missing.begin() + partial.first, missing.begin() + partial.last + 1, 0.0F);
  ComplexBuffer image = kspace;
  fft.to_image(image);
  for (int step = 0; step < most_pocs_steps; ++step) {
    ComplexBuffer filled(image.size());
    for (std::size_t i = 0; i < image.size(); ++i) filled[i] = std::abs(image[i]) * phase[i];
    fft.to_kspace(filled);
    fft.weight(filled, missing);
    for (std::size_t i = 0; i < filled.size(); ++i) filled[i] += kspace[i];
    fft.to_image(filled);
    double change = 0, energy = 0;
    for (std::size_t i = 0; i < image.size(); ++i) {
      change += static_cast<double>(std::norm(filled[i] - image[i]));
      energy += static_cast<double>(std::norm(filled[i]));
    }
    image = std::move(filled);
    if (change <= pocs_tolerance * pocs_tolerance * energy) break;
  }
  return {image.begin(), image.end()};
}

} // namespace

std::optional<PartialFourier> find_partial_fourier(const SamplingMask& mask, const KSpaceSize& size) {
  const std::array<int, 3> extent{size.kx, size.ky, size.kz};
  std::array<int, 3> first = extent;
  std::array<int, 3> last{-1, -1, -1};
  for (int z = 0; z < size.kz; ++z)
    for (int y = 0; y < size.ky; ++y)
      for (int x = 0; x < size.kx; ++x) {
        if (!mask.at(x, y, z)) continue;
        const std::array<int, 3> at{x, y, z};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          first[axis] = std::min(first[axis], at[axis]);
          last[axis] = std::max(last[axis], at[axis]);
        }
      }
  std::optional<PartialFourier> found;
  constexpr double least = 1.0 / 16;
  double most = least;
  int lopsided_axes = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int centre = extent[axis] / 2;
    if (first[axis] > centre || last[axis] < centre) continue;
    const int before = centre - first[axis];
    const int after = last[axis] + 1 - (extent[axis] + 1) / 2;
    const double lopsided = static_cast<double>(std::abs(before - after)) / extent[axis];
    if (lopsided <= least || std::abs(before - after) < 3) continue;
    ++lopsided_axes;
    if (lopsided <= most) continue;
    most = lopsided;
    found = PartialFourier{axis, first[axis], last[axis]};
  }
  if (found) found->another = lopsided_axes > 1;
  return found;
}

const std::vector<std::string>& partial_fourier_methods() {
  static const std::vector<std::string> names{"zero", "pocs", "homodyne"};
  return names;
}

std::vector<Complex> fill_partial_fourier(std::vector<Complex> image, const KSpaceSize& size,
                                          const PartialFourier& partial, const std::string& method) {
  BLOCH_EXPECTS(image.size() == size.samples_per_coil());
  if (method == "zero") return image;
  const int extent = std::array{size.kx, size.ky, size.kz}[partial.axis];
  const AxisFft fft(size, partial.axis);
  ComplexBuffer kspace(image.begin(), image.end());
  fft.to_kspace(kspace);
  std::vector<float> acquired(static_cast<std::size_t>(extent), 0.0F);
  std::fill(acquired.begin() + partial.first, acquired.begin() + partial.last + 1, 1.0F);
  fft.weight(kspace, acquired);
  const int reach = symmetric_reach(partial, extent);
  const ComplexBuffer phase = phase_factors(kspace, fft, extent, reach);
  return method == "homodyne" ? homodyne(kspace, phase, fft, partial, extent, reach)
                              : pocs(kspace, phase, fft, partial, extent);
}

} // namespace bloch::imaging
