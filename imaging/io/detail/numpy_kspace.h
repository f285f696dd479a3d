#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "imaging/io/detail/npy_array.h"

namespace bloch::imaging::detail {

/// The rule: 2 [ky][kx], 3 [coil][ky][kx], 4 [coil][kz][ky][kx], 5 [slice][coil][kz][ky][kx].
/// errors: unsupported (real numbers, other shapes)
Result<KSpace> to_kspace(const NpyArray& array, const std::filesystem::path& path);

} // namespace bloch::imaging::detail
