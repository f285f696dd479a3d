#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/data/study.h"

namespace bloch::imaging {

/// What the directory of a CD or an exported folder names.
struct DicomDirectory {
  std::vector<std::filesystem::path> files; ///< that are there
  std::vector<RejectedFile> missing;        ///< that are not, or whose names would lead out of the folder
};

/// Reads the directory records (PS3.3 F) of a DICOMDIR; names are found whatever their case is, below the
/// folder of the DICOMDIR alone. errors: not_found, malformed, unsupported (not a DICOMDIR)
Result<DicomDirectory> read_dicomdir(const std::filesystem::path& path);

} // namespace bloch::imaging
