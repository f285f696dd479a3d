#pragma once

#include <filesystem>
#include <string>

#include <ismrmrd/xml.h>

#include "core/base/result.h"
#include "core/data/kspace.h"

namespace bloch::imaging::detail {

/// One acquisition for each line with a sample that is not zero; no oversampling, centre sample kx / 2, field
/// of view, positions and directions from the geometry (1 mm where there is none). Whole or not at all.
Result<void> write_ismrmrd(const std::filesystem::path& path, const KSpace& kspace);

/// How the data were simulated, where write_ismrmrd was told; empty for measured data.
std::string simulation_note(const ISMRMRD::IsmrmrdHeader& header);

} // namespace bloch::imaging::detail
