#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/data/value_range.h"
#include "core/data/volume.h"
#include "core/data/window_level.h"
#include "imaging/dicom/detail/stored_scale.h"

namespace bloch::imaging {

/// How the values of a volume are kept and shown.
struct VolumeDisplay {
  StoredScale scale;
  WindowLevel window;
};

/// What volumes share. Those that differ in time alone share both, so that they can be compared.
struct SharedDisplay {
  bool scale = false; ///< whole numbers share it in any case: it is exact
  bool window = false;
};

/// Of each volume that is written.
/// window:  for all of them; nothing: the 1st to 99.5th percentile
/// padding: left out of that where the values are those of the file
std::vector<VolumeDisplay> displays_of(std::span<const Volume> volumes, const SharedDisplay& shared,
                                       const std::optional<WindowLevel>& window = {},
                                       const std::optional<ValueRange>& padding = {});

/// Whether one scale for all leaves each volume a thousand steps.
bool may_share_scale(std::span<const Volume> volumes);

} // namespace bloch::imaging
