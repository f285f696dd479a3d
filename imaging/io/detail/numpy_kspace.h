#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/raw_data.h"
#include "imaging/io/detail/array_head.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging::detail {

/// The rule for arrays whose axes have no names, extents slowest first: 2 [ky][kx], 3 [coil][ky][kx],
/// 4 [coil][kz][ky][kx], 5 [slice][coil][kz][ky][kx]; without a coil axis 2 [ky][kx] and 3 [kz][ky][kx].
/// errors: unsupported (other shapes)
Result<KSpaceSize> kspace_size(std::span<const int> extents, CoilAxis coil_axis,
                               const std::filesystem::path& path);

/// errors: unsupported (real numbers)
Result<void> check_complex(bool complex, const std::filesystem::path& path);

/// How [coil][ky][kx] and its like are written, by the number of dimensions, from 2 to 5.
inline constexpr std::array<std::string_view, 4> numpy_axes{"[ky][kx]", "[coil][ky][kx]", "[coil][kz][ky][kx]",
                                                            "[slice][coil][kz][ky][kx]"};

/// errors: unsupported (real numbers, other shapes)
Result<KSpace> to_kspace(const NpyArray& array, CoilAxis coil_axis, const std::filesystem::path& path);

/// What the formats of arrays without names say of one. axes: by the number of dimensions, from 2 to 5. errors:
/// unsupported (real numbers)
Result<RawDataInfo> describe_array(const ArrayHead& head, std::span<const std::string_view, 4> axes,
                                   const std::filesystem::path& path);

} // namespace bloch::imaging::detail
