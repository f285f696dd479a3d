#include "imaging/radiomics/patch_features.h"

#include <algorithm>

#include "core/base/text.h"

namespace bloch::imaging {

#define BLOCH_PATCH_FEATURE(name) PatchFeatureFamily name##_feature();
#include "imaging/radiomics/patch_features.inc"
#undef BLOCH_PATCH_FEATURE

std::span<const PatchFeatureFamily> patch_feature_families() {
  static const std::vector<PatchFeatureFamily> all = {
#define BLOCH_PATCH_FEATURE(name) name##_feature(),
#include "imaging/radiomics/patch_features.inc"
#undef BLOCH_PATCH_FEATURE
  };
  return all;
}

Result<std::vector<const PatchFeatureFamily*>> find_feature_families(std::string_view names) {
  std::vector<std::string> known;
  for (const PatchFeatureFamily& family : patch_feature_families()) known.push_back(family.name);
  std::vector<const PatchFeatureFamily*> chosen;
  for (const std::string& part : split(names, ',')) {
    const std::string name(trimmed(part));
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end())
      return failure(ErrorKind::invalid_parameter,
                     "there are no patch features '" + name + "'" + suggestion(name, known));
    const PatchFeatureFamily* family =
        &patch_feature_families()[static_cast<std::size_t>(found - known.begin())];
    if (std::find(chosen.begin(), chosen.end(), family) != chosen.end())
      return failure(ErrorKind::invalid_parameter,
                     "the patch features '" + name + "' are named twice; name them once");
    chosen.push_back(family);
  }
  return chosen;
}

Result<PatchFeatures> PatchFeatures::make(const FeatureVolume& volume,
                                          std::span<const PatchFeatureFamily* const> families,
                                          const Progress& progress) {
  PatchFeatures result;
  result.volume_ = &volume;
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped");
    BLOCH_TRY(feature, families[i]->make(volume));
    result.features_.push_back(std::move(feature));
    result.counts_.push_back(families[i]->outputs.size());
    result.names_.insert(result.names_.end(), families[i]->outputs.begin(), families[i]->outputs.end());
    progress.report(static_cast<double>(i + 1) / static_cast<double>(families.size()));
  }
  return result;
}

void PatchFeatures::compute(std::size_t centre, Scratch& scratch, std::span<double> outputs) const {
  BLOCH_EXPECTS(volume_->mask[centre] && outputs.size() == names_.size());
  scratch.values.clear();
  const float* intensity = volume_->intensity.data() + centre;
  const std::uint8_t* mask = volume_->mask.data() + centre;
  for (const std::ptrdiff_t step : volume_->patch)
    if (mask[step]) scratch.values.push_back(intensity[step]);
  scratch.sorted = scratch.values;
  std::sort(scratch.sorted.begin(), scratch.sorted.end());
  const Patch patch{centre, scratch.values, scratch.sorted};
  std::size_t first = 0;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    features_[i]->compute(patch, outputs.subspan(first, counts_[i]));
    first += counts_[i];
  }
}

} // namespace bloch::imaging
