#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/data/dicom_object.h"
#include "core/data/series.h"

namespace bloch::imaging {

/// Which images of a series (places in `images`, from 0, in order) lie in the files with these SOP instance
/// UIDs. Files that cannot be read are passed over. cost: one header a file
std::vector<int> find_images(const SeriesInfo& series, std::span<const std::string> instance_uids);

/// The same for what a key object or presentation state names; of a file of which it names frames, these alone.
/// cost: one header more
std::vector<int> find_images(const SeriesInfo& series, const ObjectInfo& object);

} // namespace bloch::imaging
