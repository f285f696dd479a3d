#pragma once

#include <array>
#include <complex>
#include <filesystem>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/data/shared_samples.h"

namespace bloch::imaging::detail {

/// BART's 16 dimensions, fastest first: 0 to 2 space, 3 coils, 4 maps, 13 slices.
inline constexpr std::size_t bart_dimensions = 16;
inline constexpr std::size_t bart_coil = 3, bart_maps = 4, bart_slice = 13;

struct BartArray {
  std::array<long long, bart_dimensions> extents{};
  SharedSamples samples;
};

/// path: the .cfl or the .hdr. errors: not_found, malformed
Result<BartArray> read_bart(const std::filesystem::path& path);

/// Refuses dimensions above 1 other than those named, by their BART number.
Result<void> allow_only(const std::filesystem::path& path, const BartArray& array,
                        std::span<const std::size_t> allowed);

/// Both files, the header last: a reader that finds the header finds the samples.
Result<void> write_bart(const std::filesystem::path& path,
                        const std::array<long long, bart_dimensions>& extents,
                        std::span<const std::complex<float>> samples);

} // namespace bloch::imaging::detail
