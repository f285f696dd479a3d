#include <algorithm>
#include <filesystem>

#include "imaging/io/image_file.h"
#include "imaging/phantom/head_image.h"

namespace bloch::imaging {
namespace {

const std::filesystem::path colin27_head = "/usr/share/mricron/templates/ch2.nii.gz";
const std::filesystem::path colin27_brain = "/usr/share/mricron/templates/ch2bet.nii.gz";

constexpr const char* colin27_notice = "Colin 27 average brain: Copyright (C) 1993-2009 Louis Collins, "
                                       "McConnell Brain Imaging Centre, Montreal Neurological "
                                       "Institute, McGill University. Permission to use, copy, modify, and "
                                       "distribute this software and its documentation for "
                                       "any purpose and without fee is hereby granted, provided that the above "
                                       "copyright notice appear in all copies. The "
                                       "authors and McGill University make no representations about the "
                                       "suitability of this software for any purpose. It is "
                                       "provided \"as is\" without express or implied warranty. The authors "
                                       "are not responsible for any data loss, equipment "
                                       "damage, property loss, or injury to subjects or patients resulting "
                                       "from the use or misuse of this software package. "
                                       "Holmes CJ et al., J Comput Assist Tomogr 22(2):324-333, 1998.";

/// The template's voxels run to the right and to the front; axial LPS slices run to the left and to the back.
/// Both axes are turned round and padded or cropped about the middle, so that every voxel stays where it was in
/// the patient.
template <class T>
std::vector<T> to_axial(const Volume& volume, const VolumeGeometry& target, int offset_x, int offset_y) {
  std::vector<T> samples(target.voxel_count(), T{0});
  const std::array<int, 3>& size = volume.geometry().size;
  for (int z = 0; z < target.size[2]; ++z)
    for (int y = std::max(0, offset_y); y < std::min(target.size[1], offset_y + size[1]); ++y)
      for (int x = std::max(0, offset_x); x < std::min(target.size[0], offset_x + size[0]); ++x) {
        const double value = value_at(volume, size[0] - 1 - (x - offset_x), size[1] - 1 - (y - offset_y), z);
        const auto to = (static_cast<std::size_t>(z) * static_cast<std::size_t>(target.size[1]) +
                         static_cast<std::size_t>(y)) *
                            static_cast<std::size_t>(target.size[0]) +
                        static_cast<std::size_t>(x);
        samples[to] = static_cast<T>(value);
      }
  return samples;
}

} // namespace

bool has_colin27() {
  std::error_code code;
  return std::filesystem::exists(colin27_head, code) && std::filesystem::exists(colin27_brain, code);
}

Result<HeadImage> load_colin27(std::array<int, 2> plane) {
  if (!has_colin27())
    return failure(ErrorKind::not_found,
                   "Colin 27 is not installed; install Debian's mricron-data or use the analytic head");
  BLOCH_TRY(head, read_image(colin27_head));
  BLOCH_TRY(brain, read_image(colin27_brain));
  const std::array<int, 3>& size = head.geometry().size;
  if (!brain.geometry().matches(head.geometry()) || !head.holds<std::int16_t>())
    return failure(ErrorKind::malformed,
                   "the installed Colin 27 head and brain do not belong together; reinstall mricron-data");
  VolumeGeometry geometry = head.geometry();
  geometry.size = {plane[0], plane[1], size[2]};
  const int offset_x = plane[0] / 2 - size[0] / 2;
  const int offset_y = plane[1] / 2 - size[1] / 2;
  geometry.direction.setIdentity();
  const Eigen::Vector3d corner(static_cast<double>(size[0] - 1), static_cast<double>(size[1] - 1), 0);
  geometry.origin.mm = head.geometry().to_world({corner}).mm -
                       Eigen::Vector3d(offset_x * geometry.spacing_mm[0], offset_y * geometry.spacing_mm[1], 0);
  std::vector<std::uint8_t> mask = to_axial<std::uint8_t>(brain, geometry, offset_x, offset_y);
  for (std::uint8_t& voxel : mask) voxel = voxel > 0;
  return HeadImage{Volume(geometry, to_axial<std::int16_t>(head, geometry, offset_x, offset_y)),
                   LabelMap(geometry, std::move(mask)), "Colin 27", colin27_notice};
}

} // namespace bloch::imaging
