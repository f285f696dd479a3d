#pragma once

#include <filesystem>
#include <span>

#include "core/base/result.h"
#include "core/data/volume.h"

namespace bloch::imaging {

/// Volumes of one grid (echoes, b-values, times) as one NIfTI file of four dimensions: int16 when all are, else
/// float32; placed as the first is. Contract: at least one, all of one size.
/// errors: unsupported (another file ending, more than 32767 volumes), not_writable
Result<void> write_volumes(const std::filesystem::path& path, std::span<const Volume> volumes);

} // namespace bloch::imaging
