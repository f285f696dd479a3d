#pragma once

#include <filesystem>

namespace bloch::imaging {

/// By file ending: .zip, .tar and its compressed forms, .7z, .iso, and .gz of a single file that is no image
/// file by its whole name (.nii.gz).
bool is_archive_name(const std::filesystem::path& path);

} // namespace bloch::imaging
