#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/data/series.h"

class DcmItem;
class DcmTagKey;

namespace bloch::imaging {

/// Frames from 0 by SOP instance UID; no frames: all of the file.
using ReferencedFrames = std::map<std::string, std::set<int>>;

/// Adds what a sequence of image references names (PS3.3 table 10-3).
void add_frames(DcmItem& item, const DcmTagKey& images, ReferencedFrames& frames);

/// The SOP instance UIDs of the files of a series; empty for one that cannot be read.
std::vector<std::string> uids_of_files(const SeriesInfo& series);

/// The images of a series that are named, as places in SeriesInfo::images. uids: of its files
std::vector<int> images_of(const SeriesInfo& series, const std::vector<std::string>& uids,
                           const ReferencedFrames& frames);

} // namespace bloch::imaging
