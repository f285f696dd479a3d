#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "imaging/io/detail/npy_array.h"

namespace bloch::imaging::detail {

/// The array NAME of FILE.npz#NAME; else the only one, or the first of these names that the file holds. errors:
/// those of read_npy and of read_zip_directory; unsupported (several arrays, none of these names: they are
/// listed)
Result<NpyArray> read_npz(const std::filesystem::path& path, std::span<const std::string_view> names);

/// Its head alone; the name is empty where the file holds one array. Errors: as read_npz
Result<ArrayHead> read_npz_head(const std::filesystem::path& path, std::span<const std::string_view> names);

} // namespace bloch::imaging::detail
