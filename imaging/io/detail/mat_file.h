#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/data/volume.h"
#include "imaging/io/detail/npy_array.h"

namespace bloch::imaging::detail {

/// Which variable is meant where the path names none.
struct MatWanted {
  std::span<const std::string_view> names; ///< taken first, in this order
  bool complex = false;                    ///< real arrays do not fit
};

/// The variable NAME of FILE.mat#NAME; else the first of the wanted names that fits, else the only one that
/// fits: an array of numbers with two extents above 1. MATLAB's (x, y, z, coil) becomes [coil][z][y][x]; no
/// sample moves.
///
/// errors: malformed (no MAT-file, damaged, claims more than it holds), unsupported (several fit, none fits,
///         structs, cells, sparse matrices, level 4: what the file holds is listed), not_found (no such NAME)
Result<NpyArray> read_mat(const std::filesystem::path& path, const MatWanted& wanted);

/// Its head alone; the name is empty where the file holds one variable. Errors: as read_mat
Result<ArrayHead> read_mat_head(const std::filesystem::path& path, const MatWanted& wanted);

/// A variable (x, y) or (x, y, z) as a volume without geometry; of complex numbers their magnitude. names: of
/// the variables taken first. Errors: as read_mat
Result<Volume> read_mat_volume(const std::filesystem::path& path, std::span<const std::string_view> names);
/// Extents of an image without those of 1 that are too many; still more than three: it is none.
std::vector<int> mat_image_extents(std::vector<int> extents);
/// The head of what matlab_image_format reads. Errors: as read_mat
Result<ArrayHead> read_mat_image_head(const std::filesystem::path& path);

/// Whether the variable that read_mat would take for k-space is not complex. False where the file cannot be
/// read.
bool mat_is_real(const std::filesystem::path& path);

/// Extents as MATLAB shows them: "256 x 256 x 8".
std::string mat_size(const NpyArray& array);

} // namespace bloch::imaging::detail
