#pragma once

#include <optional>
#include <string>

#include "core/parameters/fields.h"
#include "imaging/radiomics/feature_volume.h"

namespace bloch::imaging {

/// Settings of both twins; defaults are written here and nowhere else. README.md says why they are what they
/// are.
struct AnomalySettings {
  int qubits = 8;
  double patch_mm = 4;
  std::string features = "intensity,statistics,percentiles,gradient,texture,blobs,depth";
  std::string contrast = "any";   ///< "bright", "dark"
  std::string asymmetry = "auto"; ///< "on", "off"; auto: on for the mirrored normal region
  std::string map = "zz";
  int reps = 2;
  std::string entanglement = "linear";
  std::optional<double> bandwidth; ///< none: by the kernel-mean rule
  std::optional<double> gamma;     ///< none: by the same rule
  double kernel_mean = 0.5;
  double nu = 0.1;
  int training_patches = 1000;
  int stride = 1;
  int seed = 1;
};

const Fields<AnomalySettings>& anomaly_fields();

Contrast contrast_of(const AnomalySettings& settings);

} // namespace bloch::imaging
