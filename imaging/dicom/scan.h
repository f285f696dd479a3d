#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/data/study.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// Reads the headers of every file below the paths, in parallel, and groups them into patients, studies and
/// series.
///
/// Slices are sorted and spaced by ImagePositionPatient along the normal (PS3.3 C.7.6.2.1.1), every consecutive
/// pair checked; what does not form a volume says so in SeriesInfo::warnings and has no geometry. What is no
/// image series (segmentations, reports, …) is in StudyInfo::objects. Files that are not DICOM or are broken
/// are in `rejected` with a reason each; so are files that change while they are read, and those that a
/// DICOMDIR names and that are not there. errors: not_found (a path that is not there), cancelled
Result<StudyIndex> scan(std::span<const std::filesystem::path> paths, const Progress& progress = {});

/// The index as the `info` command prints it (DESIGN.md 4).
std::string to_json(const StudyIndex& index);

/// "JPEG 2000 (lossless only)"; the UID itself when it is not known.
std::string transfer_syntax_name(const std::string& uid);

} // namespace bloch::imaging
