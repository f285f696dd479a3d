#pragma once

#include <filesystem>
#include <optional>

#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// What the scan of a file found out about its pixels is kept for this process, so that reading the series does
/// not parse every header again. A file whose size, inode or time of change differs is not known any more. At
/// most about 64 MB are kept; then all is forgotten. Safe from several threads.
void remember_pixels(const FileIdentity& file, const PixelSource& source);
/// Costs one look at the file's state.
std::optional<PixelSource> known_pixels(const std::filesystem::path& path);

} // namespace bloch::imaging
