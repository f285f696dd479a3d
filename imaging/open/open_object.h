#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/data/dicom_object.h"
#include "core/data/label_map.h"
#include "core/data/segmentation.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// The object (segmentation, report, …) that a path names: a DICOM file that is one, a folder or archive with
/// nothing else in it, or a folder or archive and the UID of the object or of its series. Nothing when it names
/// an image or image series. errors: not_found, those of unpack_archive, cancelled
Result<std::optional<ObjectInfo>> find_object(const std::filesystem::path& path, const std::string& uid = {},
                                              const Progress& progress = {});

/// The labels of a segmentation in one map. segment: 0: all of them, else its number alone.
/// errors: unsupported (all of them overlap: says to choose one), not_found (no such segment)
Result<LabelMap> labels_of(const Segmentation& segmentation, int segment = 0);

/// The label nearest to each voxel of another grid; 0 outside.
LabelMap labels_on_grid(const LabelMap& labels, const VolumeGeometry& grid);

} // namespace bloch::imaging
