#pragma once

#include "core/base/result.h"
#include "core/data/segmentation.h"
#include "core/data/series.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// The overlay planes (60xx) of a volume of a series, one layer each on the grid of the volume: in elements of
/// their own or, as older files have them, in unused bits of the pixels (PS3.3 C.9.2). A plane that is shorter
/// than it says is left out with a warning.
///
/// volume: from 0; errors: not_found (it has none), malformed, unsupported (a mosaic), cancelled
Result<Segmentation> read_overlays(const SeriesInfo& series, int volume = 0, const Progress& progress = {});

} // namespace bloch::imaging
