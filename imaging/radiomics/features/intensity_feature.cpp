#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

class IntensityFeature final : public PatchFeature {
 public:
  explicit IntensityFeature(const FeatureVolume& volume)
      : volume_(volume) {}
  void compute(const Patch& patch, std::span<double> outputs) const override {
    outputs[0] = volume_.intensity[patch.centre];
  }

 private:
  const FeatureVolume& volume_;
};

Result<std::unique_ptr<PatchFeature>> make_intensity(const FeatureVolume& volume) {
  return std::make_unique<IntensityFeature>(volume);
}

} // namespace

PatchFeatureFamily intensity_feature() {
  return {"intensity", "Intensity",   "Grey value at the centre, as the normal score of its rank in the mask.",
          "",          {"intensity"}, make_intensity};
}

} // namespace bloch::imaging
