#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "imaging/io/detail/npy_array.h"

namespace bloch::imaging::detail {

/// The only array of a .npz file, or the first of these names that it holds. errors: those of read_npy and of
/// read_zip_directory; unsupported (several arrays, none of these names: they are listed)
Result<NpyArray> read_npz(const std::filesystem::path& path, std::span<const std::string_view> names);

} // namespace bloch::imaging::detail
