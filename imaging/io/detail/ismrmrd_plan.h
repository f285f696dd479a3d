#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <ismrmrd/ismrmrd.h>
#include <ismrmrd/xml.h>

#include "core/base/result.h"
#include "core/data/kspace.h"

namespace bloch::imaging::detail {

using IsmrmrdHead = ISMRMRD::ISMRMRD_AcquisitionHeader;

/// Three floats of a head, by offsetof: the struct is packed, so that its floats may not be referred to
/// directly.
Eigen::Vector3d head_vector(const IsmrmrdHead& head, std::size_t offset);
void set_head_vector(IsmrmrdHead& head, std::size_t offset, const Eigen::Vector3d& values);

/// Where one acquisition goes on the encoded grid.
struct IsmrmrdLine {
  enum class Use {
    skip,       ///< noise, navigator, phase correction, dummy
    image,      ///< averaged with others of the same place
    calibration ///< only where no image line is
  };
  Use use = Use::skip;
  int ky = 0, kz = 0, slice = 0;
  int first_kx = 0;     ///< grid column of the first kept sample
  int first_sample = 0; ///< in the acquisition
  int samples = 0;      ///< kept
};

/// What is to be made of a scan, decided from its header and the heads of its acquisitions alone.
struct IsmrmrdPlan {
  KSpaceSize encoded; ///< kx as measured
  int image_kx = 0;   ///< kx after the oversampling has been cut away; else as measured
  std::optional<std::array<int, 3>> image_size; ///< x, y, z of the image where ky or kz are oversampled too
  std::vector<IsmrmrdLine> lines;
  std::optional<VolumeGeometry> geometry; ///< size image_kx, ky, max(kz, slices)
  std::vector<int> slice_order;           ///< slice counter at each place of the stack
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
};

/// A choice of counters, as KSpacePart.
using IsmrmrdPart = std::vector<std::pair<std::string, int>>;

enum class IsmrmrdKind {
  image,
  calibration,
  noise,
  other ///< navigator, phase correction, dummy
};
IsmrmrdKind kind_of(const IsmrmrdHead& head);

/// Every combination of encoding, slab (several 3D volumes), contrast, phase, set and repetition that occurs,
/// named by the counters that vary; one empty part where none does. In file order of counters.
std::vector<IsmrmrdPart> scan_parts(const ISMRMRD::IsmrmrdHeader& header, std::span<const IsmrmrdHead> heads);

/// Whether an acquisition is of the part: counters that it does not name may be anything.
bool belongs(const IsmrmrdPart& part, const ISMRMRD::IsmrmrdHeader& header, const IsmrmrdHead& head);

/// The plan of one part; acquisitions of others are skipped.
/// errors: unsupported (not Cartesian, more than one part: named), malformed (lines outside the grid, size
/// beyond reason)
Result<IsmrmrdPlan> plan_scan(const ISMRMRD::IsmrmrdHeader& header, std::span<const IsmrmrdHead> heads,
                              const IsmrmrdPart& part, std::uint64_t file_bytes,
                              const std::filesystem::path& path);

/// What header and lines say of the scan: acceleration, calibration, partial Fourier, averages.
void note_scan(IsmrmrdPlan& plan, const ISMRMRD::Encoding& encoding, std::span<const IsmrmrdHead> heads);

/// Slice order and LPS grid from field of view, positions and directions; leaves both at their defaults, with a
/// warning, where the file gives none. Position is the image's centre sample n / 2.
void place_scan(IsmrmrdPlan& plan, const ISMRMRD::Encoding& encoding, std::span<const IsmrmrdHead> heads);

} // namespace bloch::imaging::detail
