#include <cmath>

#include "imaging/parallel/parallel_for.h"
#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

/// Difference per mm along one axis from neighbours inside the mask: central, else one-sided, else 0.
float slope(const FeatureVolume& volume, std::size_t place, std::ptrdiff_t step, double spacing_mm) {
  const std::size_t before = place - static_cast<std::size_t>(step),
                    after = place + static_cast<std::size_t>(step);
  const bool has_before = volume.mask[before] != 0, has_after = volume.mask[after] != 0;
  const float low = has_before ? volume.intensity[before] : volume.intensity[place];
  const float high = has_after ? volume.intensity[after] : volume.intensity[place];
  const int voxels = static_cast<int>(has_before) + static_cast<int>(has_after);
  return voxels == 0 ? 0.0F : static_cast<float>((high - low) / (voxels * spacing_mm));
}

class GradientFeature final : public PatchFeature {
 public:
  explicit GradientFeature(const FeatureVolume& volume)
      : volume_(volume)
      , gradient_(volume.mask.size()) {
    const std::ptrdiff_t row = volume.size[0], plane = row * volume.size[1];
    const auto slices = static_cast<std::size_t>(volume.size[2]);
    parallel_for(0, slices, [&](std::size_t z) {
      for (std::size_t i = z * static_cast<std::size_t>(plane); i < (z + 1) * static_cast<std::size_t>(plane);
           ++i) {
        if (!volume_.mask[i]) continue;
        gradient_[i] = {slope(volume_, i, 1, volume_.spacing_mm[0]),
                        slope(volume_, i, row, volume_.spacing_mm[1]),
                        slope(volume_, i, plane, volume_.spacing_mm[2])};
      }
    });
  }

  void compute(const Patch& patch, std::span<double> outputs) const override {
    std::array<double, 3> sum{0, 0, 0};
    double length = 0;
    for (const std::ptrdiff_t step : volume_.patch) {
      const auto& gradient = gradient_[patch.centre + static_cast<std::size_t>(step)]; // 0 outside the mask
      for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += gradient[axis];
      length += std::sqrt(gradient[0] * gradient[0] + gradient[1] * gradient[1] + gradient[2] * gradient[2]);
    }
    outputs[0] = length / static_cast<double>(patch.values.size());
    outputs[1] = length > 0 ? std::sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]) / length : 0;
  }

 private:
  const FeatureVolume& volume_;
  std::vector<std::array<float, 3>> gradient_; ///< per mm
};

Result<std::unique_ptr<PatchFeature>> make_gradient(const FeatureVolume& volume) {
  return std::make_unique<GradientFeature>(volume);
}

} // namespace

PatchFeatureFamily gradient_feature() {
  return {"gradient",
          "Gradient",
          "Mean gradient magnitude, and how far the gradients agree in direction (1: all the same).",
          "",
          {"gradient-magnitude", "gradient-coherence"},
          make_gradient};
}

} // namespace bloch::imaging
