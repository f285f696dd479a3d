#pragma once

#include <array>
#include <complex>
#include <filesystem>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/shared_samples.h"

namespace bloch::imaging::detail {

/// BART's 16 dimensions, fastest first: 0 to 2 space, 3 coils, 4 maps, 13 slices.
inline constexpr std::size_t bart_dimensions = 16;
inline constexpr std::size_t bart_coil = 3, bart_maps = 4, bart_slice = 13;

using BartExtents = std::array<long long, bart_dimensions>;

struct BartArray {
  BartExtents extents{};
  SharedSamples samples;
};

/// path: the .cfl or the .hdr. errors: not_found, malformed
Result<BartArray> read_bart(const std::filesystem::path& path);

/// The .hdr alone, compared with the size of the .cfl. Errors: as read_bart
Result<BartExtents> read_bart_extents(const std::filesystem::path& path);

/// As k-space, and as coil maps or a complex image [maps or slices][coil][z][y][x]. errors: unsupported (other
/// dimensions above 1, by their BART number)
Result<KSpaceSize> bart_kspace_size(const std::filesystem::path& path, const BartExtents& extents);
Result<std::vector<int>> bart_complex_extents(const std::filesystem::path& path, const BartExtents& extents);

/// Both files, the header last: a reader that finds the header finds the samples.
Result<void> write_bart(const std::filesystem::path& path,
                        const std::array<long long, bart_dimensions>& extents,
                        std::span<const std::complex<float>> samples);

} // namespace bloch::imaging::detail
