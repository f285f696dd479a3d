#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "imaging/io/detail/array_head.h"

namespace bloch::imaging::detail {

/// What read_complex would read, without its samples: five extents. Errors: as read_complex
Result<ArrayHead> read_complex_head(const std::filesystem::path& path);

} // namespace bloch::imaging::detail
