#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace bloch::app {

/// Writes a C-ordered NumPy array piece by piece, whole or not at all.
///
/// type: NumPy's name, "<f8", "<c8"; shape: slowest first
/// fill: writes the bytes from offset on into the piece
Result<void> write_npy(const std::filesystem::path& path, const std::string& type,
                       const std::vector<std::size_t>& shape, std::size_t bytes,
                       const std::function<void(std::size_t offset, std::span<std::byte> piece)>& fill);

/// Puts a tile, C-ordered [rows][columns], at a place of the matrix.
using PutTile = std::function<Result<void>(std::size_t first_row, std::size_t first_column, std::size_t rows,
                                           std::size_t columns, const double* tile)>;

/// Writes a float64 matrix tile by tile in any order, whole or not at all; the disk space is taken first, so
/// that a full disk is found before the work. fill: puts every tile
Result<void> write_npy_tiles(const std::filesystem::path& path, std::size_t rows, std::size_t columns,
                             const std::function<Result<void>(const PutTile& put)>& fill);

} // namespace bloch::app
