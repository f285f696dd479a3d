#pragma once

#include <string>
#include <vector>

#include "imaging/learning/angle_scaling.h"
#include "imaging/learning/anomaly.h"
#include "imaging/learning/anomaly_settings.h"
#include "imaging/learning/kernel_twin.h"

namespace bloch::imaging {

/// All that scoring needs; what the model file holds.
struct AnomalyModelData {
  AnomalySettings settings; ///< bandwidth and gamma as they were asked for (auto or a number)
  std::string normal;       ///< "all", "mirror", "box", "other"
  std::string families;     ///< comma-separated, with asymmetry where it is on
  std::vector<std::string> feature_names;
  AngleScaling scaling;
  KernelTwin quantum, classical;
  std::size_t patches = 0;             ///< fitted on
  std::size_t calibration_patches = 0; ///< more of the same region, for the quantile
  std::string version;                 ///< of Bloch
};

/// Features of many patches, spread over all threads. centres: offsets in the feature volume.
Result<SampleMatrix> compute_features(const class PatchFeatures& features, std::span<const std::size_t> centres,
                                      const Progress& progress = {});

/// The mask as bytes on the volume's grid without voxels that are not finite, or the foreground where none is
/// given. errors: invalid_parameter (another size, empty)
Result<std::vector<std::uint8_t>> resolve_mask(const Volume& volume, const std::optional<LabelMap>& mask,
                                               std::vector<std::string>& warnings);

/// Non-zero voxels of a label map as 0 or 1. Errors: invalid_parameter (grid of another size), naming `what`.
Result<std::vector<std::uint8_t>> to_bytes(const LabelMap& labels, const VolumeGeometry& grid,
                                           const std::string& what, std::vector<std::string>& warnings);

} // namespace bloch::imaging
