#pragma once

#include <filesystem>
#include <span>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging::detail {

/// The rule for arrays whose axes have no names, extents slowest first: 2 [ky][kx], 3 [coil][ky][kx],
/// 4 [coil][kz][ky][kx], 5 [slice][coil][kz][ky][kx]; without a coil axis 2 [ky][kx] and 3 [kz][ky][kx].
/// errors: unsupported (other shapes)
Result<KSpaceSize> kspace_size(std::span<const int> extents, CoilAxis coil_axis,
                               const std::filesystem::path& path);

/// errors: unsupported (real numbers, other shapes)
Result<KSpace> to_kspace(const NpyArray& array, CoilAxis coil_axis, const std::filesystem::path& path);

} // namespace bloch::imaging::detail
