#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/geometry/volume_geometry.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/samples.h"

namespace bloch::imaging::detail {

/// What a NIfTI-1 or NIfTI-2 header says, in our terms.
struct NiftiHeader {
  VolumeGeometry geometry; ///< LPS
  int volumes = 1;         ///< of that grid, one behind the other: the dimensions from the fourth on
  double time_step_ms = 0; ///< between volumes of four dimensions; 0: not said, or they are no times
  SampleType type = SampleType::int16;
  double slope = 1;
  double intercept = 0;
  std::uint64_t data_offset = 352;
  std::uint64_t header_bytes = 348;
  bool swapped = false; ///< byte order other than this machine's
};

/// Reads the header from the front of the source. Errors: malformed, unsupported.
Result<NiftiHeader> read_nifti_header(ByteSource& source, const std::filesystem::path& path);

/// Errors: unsupported (more voxels a side than NIfTI-1 counts)
Result<void> check_nifti_size(const VolumeGeometry& geometry);

inline constexpr std::size_t nifti_header_bytes = 352;

/// 352 bytes: NIfTI-1 header and no extension; sform = qform, code 1 (scanner), mm. More than one volume: four
/// dimensions, without a time between them. The description comes first in `descrip`, which ends after 79
/// characters.
std::array<std::uint8_t, nifti_header_bytes> nifti_header(const VolumeGeometry& geometry, SampleType type,
                                                          int volumes = 1, const std::string& description = {});

} // namespace bloch::imaging::detail
