#include "imaging/filters/masked_gaussian.h"
#include "imaging/radiomics/patch_features.h"
#include "imaging/radiomics/symmetry_plane.h"

namespace bloch::imaging {
namespace {

class AsymmetryFeature final : public PatchFeature {
 public:
  explicit AsymmetryFeature(const FeatureVolume& volume)
      : volume_(volume)
      , plane_(find_symmetry_plane(volume))
      , smooth_(masked_gaussian(volume.intensity, volume.mask, volume.size, volume.spacing_mm,
                                volume.patch_mm / 2)) {}

  void compute(const Patch& patch, std::span<double> outputs) const override {
    const WorldPoint point = volume_.source.to_world(volume_.source_voxel(patch.centre));
    const auto other = masked_value_at(volume_, smooth_, plane_.mirrored(point));
    outputs[0] = other ? smooth_[patch.centre] - *other : 0;
  }

 private:
  const FeatureVolume& volume_;
  SymmetryPlane plane_;
  std::vector<float> smooth_;
};

Result<std::unique_ptr<PatchFeature>> make_asymmetry(const FeatureVolume& volume) {
  return std::make_unique<AsymmetryFeature>(volume);
}

} // namespace

PatchFeatureFamily asymmetry_feature() {
  return {"asymmetry",
          "Left-right asymmetry",
          "Smoothed grey value (Gaussian of half a patch) minus that of its mirror image; 0 where the mirror "
          "image lies outside the mask.",
          "",
          {"asymmetry"},
          make_asymmetry};
}

} // namespace bloch::imaging
