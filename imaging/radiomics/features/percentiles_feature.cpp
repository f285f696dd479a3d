#include <algorithm>

#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

class PercentilesFeature final : public PatchFeature {
 public:
  explicit PercentilesFeature(const FeatureVolume& volume)
      : volume_(volume) {}
  void compute(const Patch& patch, std::span<double> outputs) const override {
    outputs[0] = quantile_of_sorted(patch.sorted, 0.1);
    outputs[1] = quantile_of_sorted(patch.sorted, 0.5);
    outputs[2] = quantile_of_sorted(patch.sorted, 0.9);
    const auto [first, last] =
        std::equal_range(patch.sorted.begin(), patch.sorted.end(), volume_.intensity[patch.centre]);
    const double below = static_cast<double>(first - patch.sorted.begin()),
                 equal = static_cast<double>(last - first);
    outputs[3] = (below + equal / 2) / static_cast<double>(patch.sorted.size());
  }

 private:
  const FeatureVolume& volume_;
};

Result<std::unique_ptr<PatchFeature>> make_percentiles(const FeatureVolume& volume) {
  return std::make_unique<PercentilesFeature>(volume);
}

} // namespace

PatchFeatureFamily percentiles_feature() {
  return {"percentiles",
          "Percentiles",
          "10th, 50th and 90th percentile of the patch, and the rank of its centre among them.",
          "",
          {"percentile-10", "percentile-50", "percentile-90", "rank"},
          make_percentiles};
}

} // namespace bloch::imaging
