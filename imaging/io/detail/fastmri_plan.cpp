#include "imaging/io/detail/fastmri_plan.h"

#include <algorithm>

#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/ismrmrd_file.h"

namespace bloch::imaging::detail {
namespace {

Result<KSpaceSize> stored_size(const FastmriHead& head, const std::filesystem::path& path) {
  const auto& extents = head.kspace;
  if (extents.size() != 3 && extents.size() != 4)
    return refused(path,
                   "has a kspace of " + std::to_string(extents.size()) +
                       " dimensions; fastMRI's is [slice][coil][readout][phase encoding], or without coil");
  std::vector<long long> checked;
  for (const auto extent : extents)
    checked.push_back(static_cast<long long>(std::min<unsigned long long>(extent, 1ULL << 40)));
  BLOCH_CHECK(checked_count(path, checked, head.most_samples));
  KSpaceSize size;
  size.slices = static_cast<int>(extents.front());
  size.coils = extents.size() == 4 ? static_cast<int>(extents[1]) : 1;
  size.kx = static_cast<int>(extents[extents.size() - 2]);
  size.ky = static_cast<int>(extents.back());
  return size;
}

/// The image that belongs to the data: that of the reference, or of the header.
void set_image(FastmriPlan& plan, int x, int y) {
  plan.image_kx = x > 0 && x < plan.size.kx ? x : plan.size.kx;
  if (plan.image_kx != plan.size.kx)
    plan.notes.push_back("readout cut from " + std::to_string(plan.size.kx) + " to " +
                         std::to_string(plan.image_kx) + " samples");
  if (y > 0 && y < plan.size.ky) plan.image_size = {plan.image_kx, y, plan.size.slices};
}

void set_geometry(FastmriPlan& plan, const ISMRMRD::Encoding& encoding) {
  const auto& fov = encoding.encodedSpace.fieldOfView_mm;
  VolumeGeometry geometry;
  geometry.size = {plan.image_kx, plan.size.ky, plan.size.slices};
  geometry.spacing_mm = {fov.x / plan.size.kx, fov.y / plan.size.ky, fov.z};
  if (!geometry.spacing_mm.allFinite() || (geometry.spacing_mm.array() <= 0).any() || !geometry.is_valid())
    return;
  plan.geometry = geometry;
  plan.warnings.push_back(
      "the file gives the field of view but no directions: axial slices at the origin are assumed");
}

} // namespace

Result<FastmriPlan> plan_fastmri(const FastmriHead& head, const std::filesystem::path& path) {
  FastmriPlan plan;
  BLOCH_TRY(size, stored_size(head, path));
  plan.size = size;
  std::optional<ISMRMRD::IsmrmrdHeader> header;
  if (!head.header.empty()) {
    BLOCH_TRY(parsed, parse_ismrmrd_header(head.header, path));
    header = std::move(parsed);
  }
  if (!head.reference.empty()) {
    const auto& extents = head.reference;
    if (extents.size() != 3 || extents[0] != head.kspace[0] || extents[1] < 1 || extents[2] < 1 ||
        extents[1] > static_cast<unsigned long long>(size.kx) ||
        extents[2] > static_cast<unsigned long long>(size.ky))
      return broken(path, "its reference image does not belong to its k-space");
    set_image(plan, static_cast<int>(extents[1]), static_cast<int>(extents[2]));
  } else if (header) {
    const auto& matrix = header->encoding[0].reconSpace.matrixSize;
    set_image(plan, matrix.x, matrix.y);
  } else {
    set_image(plan, 0, 0);
  }
  if (header) set_geometry(plan, header->encoding[0]);
  return plan;
}

} // namespace bloch::imaging::detail
