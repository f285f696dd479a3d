#pragma once

#include "imaging/learning/anomaly_model.h"
#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {

/// Features of patches that are taken as normal, in random order.
struct NormalPatches {
  SampleMatrix features; ///< [patch][feature]
  std::vector<std::string> feature_names;
  std::vector<std::string> warnings;
};

/// Draws up to `wanted` patches of the normal region without repetition.
/// errors: invalid_parameter (box outside the image or the mask, too few patches), cancelled
Result<NormalPatches> draw_normal_patches(const Volume& volume, const NormalRegion& normal,
                                          const std::optional<LabelMap>& mask, const AnomalySettings& settings,
                                          const std::string& families, std::size_t wanted,
                                          const Progress& progress);

} // namespace bloch::imaging
