#include "imaging/filters/distance.h"
#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

constexpr double far_mm = 1e4;

class DepthFeature final : public PatchFeature {
 public:
  explicit DepthFeature(std::vector<float> depth)
      : depth_(std::move(depth)) {}
  void compute(const Patch& patch, std::span<double> outputs) const override {
    outputs[0] = depth_[patch.centre];
  }

 private:
  std::vector<float> depth_; ///< mm
};

Result<std::unique_ptr<PatchFeature>> make_depth(const FeatureVolume& volume) {
  std::array<double, 3> spacing_mm = volume.spacing_mm;
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (volume.source.size[axis] == 1)
      spacing_mm[axis] = far_mm; // a single slice has no surface above and below
  BLOCH_TRY(depth, depth_inside(volume.mask, volume.size, spacing_mm));
  return std::make_unique<DepthFeature>(std::move(depth));
}

} // namespace

PatchFeatureFamily depth_feature() {
  return {"depth",
          "Depth",
          "Distance in mm to the edge of the mask: what is usual at the surface may be odd deep inside.",
          "",
          {"depth"},
          make_depth};
}

} // namespace bloch::imaging
