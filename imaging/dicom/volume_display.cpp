#include "imaging/dicom/detail/volume_display.h"

#include <algorithm>
#include <limits>

#include "core/data/value_range.h"

namespace bloch::imaging {
namespace {

WindowLevel window_for(const Volume& volume, const std::optional<ValueRange>& padding) {
  const double low = percentile(volume, 0.01, padding);
  const double high = percentile(volume, 0.995, padding);
  return {std::max(high - low, 1e-6), (low + high) / 2, {}};
}

} // namespace

std::vector<VolumeDisplay> displays_of(std::span<const Volume> volumes, const SharedDisplay& shared,
                                       const std::optional<WindowLevel>& window,
                                       const std::optional<ValueRange>& padding) {
  std::vector<VolumeDisplay> all;
  for (const Volume& volume : volumes) {
    const StoredScale scale = stored_scale(volume);
    all.push_back({scale, window ? *window : window_for(volume, scale.exact ? padding : std::nullopt)});
  }
  if (all.size() < 2) return all;
  const bool whole =
      std::all_of(all.begin(), all.end(), [](const VolumeDisplay& each) { return each.scale.exact; });
  const StoredScale scale = common_scale(volumes);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const VolumeDisplay& each : all) {
    low = std::min(low, each.window.level - each.window.width / 2);
    high = std::max(high, each.window.level + each.window.width / 2);
  }
  for (VolumeDisplay& each : all) {
    if (shared.scale || whole) each.scale = scale;
    if (shared.window && !window) each.window = {high - low, (low + high) / 2, {}};
  }
  return all;
}

bool may_share_scale(std::span<const Volume> volumes) {
  constexpr double fewest_steps = 1000;
  const StoredScale scale = common_scale(volumes);
  return std::all_of(volumes.begin(), volumes.end(), [&](const Volume& volume) {
    const ValueRange range = value_range(volume);
    const double span = range.maximum - range.minimum;
    return !(span > 0) || span / scale.slope >= fewest_steps;
  });
}

} // namespace bloch::imaging
