#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/jobs/progress.h"
#include "imaging/radiomics/feature_volume.h"

namespace bloch::imaging {

/// One patch: only its voxels inside the mask count.
struct Patch {
  std::size_t centre = 0;        ///< offset in the feature volume; always in the mask
  std::span<const float> values; ///< x fastest
  std::span<const float> sorted;
};

/// A family of features, prepared for one volume. Const and free of locks: called from many threads.
class PatchFeature {
 public:
  virtual ~PatchFeature() = default;
  virtual void compute(const Patch& patch, std::span<double> outputs) const = 0;
};

/// What a family says of itself: one .cpp file and one line in patch_features.inc.
struct PatchFeatureFamily {
  std::string name;  ///< "texture"
  std::string label; ///< "Grey-level co-occurrence"
  std::string summary;
  std::string source;               ///< paper, may be empty
  std::vector<std::string> outputs; ///< one name a number, "texture-contrast"
  /// Prepares whatever is shared by all patches. The volume outlives the feature.
  Result<std::unique_ptr<PatchFeature>> (*make)(const FeatureVolume& volume) = nullptr;
};

std::span<const PatchFeatureFamily> patch_feature_families();

/// Families by comma-separated names, in that order. Errors: invalid_parameter, naming the nearest.
Result<std::vector<const PatchFeatureFamily*>> find_feature_families(std::string_view names);

/// The chosen families together, for one volume.
class PatchFeatures {
 public:
  static Result<PatchFeatures> make(const FeatureVolume& volume,
                                    std::span<const PatchFeatureFamily* const> families,
                                    const Progress& progress = {});

  const std::vector<std::string>& names() const { return names_; }
  const FeatureVolume& volume() const { return *volume_; }

  /// Memory of one thread.
  struct Scratch {
    std::vector<float> values, sorted;
  };
  /// centre: offset in the feature volume, inside the mask; outputs: names().size() numbers, finite.
  void compute(std::size_t centre, Scratch& scratch, std::span<double> outputs) const;

 private:
  const FeatureVolume* volume_ = nullptr;
  std::vector<std::unique_ptr<PatchFeature>> features_;
  std::vector<std::size_t> counts_;
  std::vector<std::string> names_;
};

} // namespace bloch::imaging
