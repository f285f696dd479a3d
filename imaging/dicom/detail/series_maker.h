#pragma once

#include <vector>

#include "core/data/series.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// One series of its instances, which are of one series and by path. Contract: at least one.
SeriesInfo make_series(const std::vector<Instance>& instances);

} // namespace bloch::imaging
