#pragma once

#include <vector>

#include "core/data/dicom_object.h"
#include "core/data/series.h"

namespace bloch::imaging {

/// Which images of a series (places in `images`, from 0, in order) a key object or presentation state names; of
/// a file of which it names frames, these alone. Files that cannot be read are passed over. cost: one header a
/// file
std::vector<int> find_images(const SeriesInfo& series, const ObjectInfo& object);

} // namespace bloch::imaging
