#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "imaging/demo/demo_story.h"

namespace bloch::imaging {

/// report.html, one page that needs no other file, and its pictures as PNG files in pictures/.
Result<void> write_report(const DemoStory& story, const std::filesystem::path& folder);

} // namespace bloch::imaging
