#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/study.h"

namespace bloch::imaging {

/// Adds every file below a folder, in no order; links to folders are not followed. A folder that may not be
/// read, at the top or below it, is added to `rejected`.
void list_files(const std::filesystem::path& folder, std::vector<std::filesystem::path>& files,
                std::vector<RejectedFile>& rejected);

/// Of a sentence that begins with the quoted path: the rest, for an entry that names the path already.
std::string without_path(const std::string& message, const std::filesystem::path& path);

} // namespace bloch::imaging
