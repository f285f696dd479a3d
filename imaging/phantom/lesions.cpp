#include "imaging/phantom/lesions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/phantom/smooth_noise.h"

namespace bloch::imaging {
namespace {

WorldPoint mni(double right, double front, double up) { return {{-right, -front, up}}; }

/// 1 in the core, 0 outside, falling smoothly over the outer third; a ragged border by noise.
double strength(double radius, double ragged) {
  const double place = std::clamp((1.0 - (radius + 0.12 * ragged)) / 0.3, 0.0, 1.0);
  return place * place * (3 - 2 * place);
}

struct VoxelBox {
  std::array<int, 3> first, last;
};

VoxelBox box_around(const VolumeGeometry& geometry, const Lesion& lesion) {
  VoxelBox box{};
  const Eigen::Vector3d centre = geometry.to_voxel(lesion.centre).index;
  const double reach = 1.3 * lesion.radii_mm.maxCoeff();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto axis = static_cast<int>(i);
    const double half = reach / geometry.spacing_mm[axis] + 1;
    box.first[i] = std::max(0, static_cast<int>(std::floor(centre[axis] - half)));
    box.last[i] = std::min(geometry.size[i] - 1, static_cast<int>(std::ceil(centre[axis] + half)));
  }
  return box;
}

} // namespace

std::vector<Lesion> demo_lesions() {
  return {{"left frontal, dark", mni(-27, 25, 17), {8, 10, 7}, -0.38, 0.10},
          {"right parietal, bright", mni(27, -38, 32), {7, 8, 7}, 0.32, 0.10},
          {"left parieto-occipital, dark", mni(-29, -60, 16), {6, 7, 6}, -0.30, 0.12},
          {"right centrum semiovale, texture", mni(23, 6, 30), {7, 9, 7}, -0.08, 0.30}};
}

LesionedHead implant_lesions(const HeadImage& head, std::span<const Lesion> lesions, int seed) {
  const VolumeGeometry& geometry = head.volume.geometry();
  std::vector<float> values = to_float(head.volume);
  const std::vector<float> before = values;
  std::vector<std::uint8_t> truth(geometry.voxel_count(), 0);
  const auto brain = head.brain.samples<std::uint8_t>();
  const SmoothNoise border(static_cast<std::uint32_t>(seed) * 11 + 1, 9);
  const SmoothNoise texture(static_cast<std::uint32_t>(seed) * 11 + 2, 4.5);
  for (std::size_t number = 0; number < lesions.size(); ++number) {
    const Lesion& lesion = lesions[number];
    const VoxelBox box = box_around(geometry, lesion);
    const double tissue = value_at(head.volume, lesion.centre);
    if (!std::isfinite(tissue)) continue;
    for (int z = box.first[2]; z <= box.last[2]; ++z)
      for (int y = box.first[1]; y <= box.last[1]; ++y)
        for (int x = box.first[0]; x <= box.last[0]; ++x) {
          const std::size_t at = head.volume.offset(x, y, z);
          if (!brain[at]) continue;
          const VoxelIndex voxel{{static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)}};
          const Eigen::Vector3d point = geometry.to_world(voxel).mm;
          const double radius = (point - lesion.centre.mm).cwiseQuotient(lesion.radii_mm).norm();
          const double part = strength(radius, border(point));
          if (part <= 0) continue;
          const double change = lesion.contrast + lesion.texture * texture(point);
          values[at] = std::max(0.0F, before[at] + static_cast<float>(part * change * tissue));
          if (part > 0.5) truth[at] = static_cast<std::uint8_t>(number + 1);
        }
  }
  LabelMap labels(geometry, std::move(truth));
  if (!head.volume.holds<std::int16_t>()) return {Volume(geometry, std::move(values)), std::move(labels)};
  std::vector<std::int16_t> rounded(values.size());
  std::transform(values.begin(), values.end(), rounded.begin(),
                 [](float value) { return static_cast<std::int16_t>(std::lround(value)); });
  return {Volume(geometry, std::move(rounded)), std::move(labels)};
}

} // namespace bloch::imaging
