#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "imaging/demo/demo_story.h"

namespace bloch::imaging {

/// Each reconstruction and its error map, and the reference, as NIfTI; the last method also as a derived DICOM
/// series.
Result<void> write_reconstruction_files(const DemoStory& story, const std::filesystem::path& folder);

/// What was searched, where, the truth and both maps as NIfTI; the quantum map also as a derived DICOM series.
/// Contract: there is an anomaly.
Result<void> write_anomaly_files(const DemoStory& story, const std::filesystem::path& folder);

} // namespace bloch::imaging
