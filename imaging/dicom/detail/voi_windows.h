#pragma once

#include <vector>

#include "core/data/window_level.h"

class DcmItem;

namespace bloch::imaging {

/// Windows of an image of the series: those in numbers first, in the order and with the function the file
/// gives, then its VOI LUTs (PS3.3 C.11.2). What is bright in an inverse image is turned around after them.
/// frames: of the data set; the middle one counts
std::vector<WindowLevel> read_image_windows(DcmItem& dataset, int frames);

/// The same of one item, as presentation states hold them (PS3.3 C.11.8); names are in the character set of
/// the data set.
std::vector<WindowLevel> read_windows(DcmItem& item, DcmItem& dataset);

} // namespace bloch::imaging
