#pragma once

#include <filesystem>

#include "app/cli/command.h"
#include "core/data/series.h"

namespace bloch::app {

/// Writes a volume of a DICOM series to an uncompressed NIfTI file while it is read: it is never whole in
/// memory, and both go at the speed of the slower one. Errors: those of stream_volume and NiftiSlices
Result<void> convert_by_slices(const Invocation& invocation, const SeriesInfo& series, int volume,
                               const std::filesystem::path& out);

} // namespace bloch::app
