#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/data/series.h"

namespace bloch::imaging {

/// Which images of a series (places in `images`, from 0, in order) lie in the files with these SOP instance
/// UIDs. Files that cannot be read are passed over. cost: one header a file
std::vector<int> find_images(const SeriesInfo& series, std::span<const std::string> instance_uids);

} // namespace bloch::imaging
