#pragma once

#include <vector>

#include "core/data/series.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// The series of its instances, which are of one series and by path; several where its images differ in size or
/// orientation, one a part. Contract: at least one instance.
std::vector<SeriesInfo> make_series(const std::vector<Instance>& instances);

} // namespace bloch::imaging
