#include <cmath>
#include <utility>

#include "core/base/text.h"
#include "imaging/filters/foreground.h"
#include "imaging/learning/anomaly_model.h"

namespace bloch::imaging {
namespace {

std::string size_text(const std::array<int, 3>& size) {
  return std::to_string(size[0]) + " x " + std::to_string(size[1]) + " x " + std::to_string(size[2]);
}

} // namespace

Result<LabelMap> mask_of_inverse(const Volume& volume, std::vector<std::string>& warnings) {
  BLOCH_TRY(foreground, find_foreground(volume, true));
  if (!foreground.warning.empty()) warnings.push_back(foreground.warning);
  return LabelMap(volume.geometry(), std::move(foreground.mask));
}

Result<std::vector<std::uint8_t>> to_bytes(const LabelMap& labels, const VolumeGeometry& grid,
                                           const std::string& what, std::vector<std::string>& warnings) {
  if (labels.geometry().size != grid.size)
    return failure(ErrorKind::invalid_parameter, "the " + what + " has " + size_text(labels.geometry().size) +
                                                     " voxels and the image " + size_text(grid.size) +
                                                     "; give one on the image's grid");
  if (!labels.geometry().matches(grid, grid.spacing_mm.minCoeff() / 2))
    warnings.push_back("the " + what +
                       " claims another place in space than the image; it is used voxel by voxel");
  std::vector<std::uint8_t> bytes(labels.voxel_count());
  labels.visit([&](auto samples) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = samples[i] != 0;
  });
  return bytes;
}

Result<std::vector<std::uint8_t>> resolve_mask(const Volume& volume, const std::optional<LabelMap>& mask,
                                               std::vector<std::string>& warnings) {
  if (!mask) {
    BLOCH_TRY(foreground, find_foreground(volume));
    if (!foreground.warning.empty()) warnings.push_back(foreground.warning);
    return std::move(foreground.mask);
  }
  BLOCH_TRY(bytes, to_bytes(*mask, volume.geometry(), "mask", warnings));
  bool any = false;
  volume.visit([&](auto samples) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (!std::isfinite(static_cast<double>(samples[i]))) bytes[i] = 0;
      any = any || bytes[i];
    }
  });
  if (!any)
    return failure(ErrorKind::invalid_parameter,
                   "the mask is empty; give one that covers what is to be looked at");
  return std::move(bytes);
}

} // namespace bloch::imaging
