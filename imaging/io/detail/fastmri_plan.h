#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"

namespace bloch::imaging::detail {

/// What a fastMRI file says of itself before any sample is read.
struct FastmriHead {
  std::vector<unsigned long long> kspace;    ///< extents of `kspace`: [slice][coil][kx][ky], or without coil
  std::vector<unsigned long long> reference; ///< of `reconstruction_rss` or `_esc`: [slice][x][y]; empty: none
  std::string header;                        ///< `ismrmrd_header`; may be empty
  std::uint64_t most_samples = 0;            ///< that the file can hold
};

/// What is to be made of it. fastMRI keeps the readout slower than the phase encoding and its images likewise:
/// both are turned, so that kx is the readout and line masks act on ky.
struct FastmriPlan {
  KSpaceSize size;  ///< as stored
  int image_kx = 0; ///< kx after the readout oversampling has been cut away
  std::optional<std::array<int, 3>> image_size;
  std::optional<VolumeGeometry> geometry; ///< from the header's field of view, axial at the origin
  std::vector<std::string> warnings, notes;
};

/// errors: malformed (claims more samples than the file holds; a reference larger than the k-space),
/// unsupported
Result<FastmriPlan> plan_fastmri(const FastmriHead& head, const std::filesystem::path& path);

} // namespace bloch::imaging::detail
