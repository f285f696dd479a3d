#include <cmath>

#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

/// Keeps the skewness of nearly flat patches near 0 instead of amplifying noise, in normal scores.
constexpr double flat_deviation = 0.05;

class StatisticsFeature final : public PatchFeature {
 public:
  void compute(const Patch& patch, std::span<double> outputs) const override {
    const double count = static_cast<double>(patch.values.size());
    double sum = 0;
    for (const float value : patch.values) sum += value;
    const double mean = sum / count;
    double second = 0, third = 0;
    for (const float value : patch.values) {
      const double gap = value - mean;
      second += gap * gap;
      third += gap * gap * gap;
    }
    const double deviation = std::sqrt(second / count);
    const double floor = std::hypot(deviation, flat_deviation);
    outputs[0] = mean;
    outputs[1] = deviation;
    outputs[2] = third / count / (floor * floor * floor);
  }
};

Result<std::unique_ptr<PatchFeature>> make_statistics(const FeatureVolume&) {
  return std::make_unique<StatisticsFeature>();
}

} // namespace

PatchFeatureFamily statistics_feature() {
  return {"statistics",
          "Local statistics",
          "Mean, standard deviation and skewness of the patch.",
          "",
          {"mean", "deviation", "skewness"},
          make_statistics};
}

} // namespace bloch::imaging
