#include "imaging/filters/masked_gaussian.h"
#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

/// Standard deviations of the Gaussians, as multiples of the patch: 1, 2, 4 and 8 mm at the default patch of 4
/// mm.
constexpr std::array<double, 4> blob_scales{0.25, 0.5, 1, 2};

class BlobsFeature final : public PatchFeature {
 public:
  explicit BlobsFeature(const FeatureVolume& volume) {
    for (const double scale : blob_scales)
      smooth_.push_back(masked_gaussian(volume.intensity, volume.mask, volume.size, volume.spacing_mm,
                                        scale * volume.patch_mm));
  }
  void compute(const Patch& patch, std::span<double> outputs) const override {
    for (std::size_t i = 0; i + 1 < smooth_.size(); ++i)
      outputs[i] = smooth_[i][patch.centre] - smooth_[i + 1][patch.centre];
  }

 private:
  std::vector<std::vector<float>> smooth_;
};

Result<std::unique_ptr<PatchFeature>> make_blobs(const FeatureVolume& volume) {
  return std::make_unique<BlobsFeature>(volume);
}

} // namespace

PatchFeatureFamily blobs_feature() {
  return {"blobs",
          "Blobs",
          "Differences of Gaussians at three scales (a quarter, a half, one and two patches), inside the mask "
          "only.",
          "Lindeberg 1998, doi:10.1023/A:1008045108935",
          {"blob-small", "blob-middle", "blob-large"},
          make_blobs};
}

} // namespace bloch::imaging
