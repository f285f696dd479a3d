#include "imaging/radiomics/feature_volume.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "imaging/radiomics/normal_score.h"

namespace bloch::imaging {
namespace {

struct MaskBox {
  std::array<int, 3> first{std::numeric_limits<int>::max(), std::numeric_limits<int>::max(),
                           std::numeric_limits<int>::max()};
  std::array<int, 3> last{-1, -1, -1};
};

MaskBox box_of(std::span<const std::uint8_t> mask, const std::array<int, 3>& size) {
  MaskBox box;
  std::size_t i = 0;
  for (int z = 0; z < size[2]; ++z)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x, ++i) {
        if (!mask[i]) continue;
        const std::array<int, 3> voxel{x, y, z};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          box.first[axis] = std::min(box.first[axis], voxel[axis]);
          box.last[axis] = std::max(box.last[axis], voxel[axis]);
        }
      }
  return box;
}

/// Copies the mask's box of the volume into the padded grid.
void crop(FeatureVolume& target, const std::vector<float>& samples, std::span<const std::uint8_t> mask) {
  const auto& full = target.source.size;
  target.intensity.assign(static_cast<std::size_t>(target.size[0]) * static_cast<std::size_t>(target.size[1]) *
                              static_cast<std::size_t>(target.size[2]),
                          0.0F);
  target.mask.assign(target.intensity.size(), 0);
  for (int z = 0; z < full[2]; ++z)
    for (int y = 0; y < full[1]; ++y)
      for (int x = 0; x < full[0]; ++x) {
        const std::size_t from =
            (static_cast<std::size_t>(z) * static_cast<std::size_t>(full[1]) + static_cast<std::size_t>(y)) *
                static_cast<std::size_t>(full[0]) +
            static_cast<std::size_t>(x);
        if (!mask[from]) continue;
        const std::size_t to = target.offset(x - target.first[0], y - target.first[1], z - target.first[2]);
        target.mask[to] = 1;
        target.intensity[to] = samples[from];
      }
}

Result<void> normalise(FeatureVolume& volume, Contrast contrast) {
  std::vector<float> inside;
  for (std::size_t i = 0; i < volume.mask.size(); ++i)
    if (volume.mask[i]) inside.push_back(volume.intensity[i]);
  const auto [low, high] = std::minmax_element(inside.begin(), inside.end());
  if (*low == *high)
    return failure(ErrorKind::invalid_parameter, "every voxel inside the mask has the same value, so there is "
                                                 "nothing to learn; choose another image or mask");
  const std::vector<float> scores = normal_scores(inside);
  std::size_t next = 0;
  for (std::size_t i = 0; i < volume.mask.size(); ++i)
    if (volume.mask[i]) volume.intensity[i] = scores[next++];
  if (contrast == Contrast::any) return {};
  for (float& value : volume.intensity)
    value = contrast == Contrast::bright ? std::max(value, 0.0F) : std::min(value, 0.0F);
  return {};
}

} // namespace

std::size_t FeatureVolume::offset_of_source(std::size_t source_offset) const {
  const std::size_t width = static_cast<std::size_t>(source.size[0]),
                    height = static_cast<std::size_t>(source.size[1]);
  const int x = static_cast<int>(source_offset % width) - first[0];
  const int y = static_cast<int>(source_offset / width % height) - first[1];
  const int z = static_cast<int>(source_offset / (width * height)) - first[2];
  BLOCH_EXPECTS(x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2]);
  return offset(x, y, z);
}

VoxelIndex FeatureVolume::source_voxel(std::size_t place) const {
  const std::size_t width = static_cast<std::size_t>(size[0]), height = static_cast<std::size_t>(size[1]);
  VoxelIndex voxel;
  voxel.index << static_cast<double>(place % width) + first[0],
      static_cast<double>(place / width % height) + first[1],
      static_cast<double>(place / (width * height)) + first[2];
  return voxel;
}

Result<FeatureVolume> make_feature_volume(const Volume& volume, std::span<const std::uint8_t> mask,
                                          double patch_mm, Contrast contrast) {
  BLOCH_EXPECTS(mask.size() == volume.voxel_count() && patch_mm > 0);
  FeatureVolume result;
  result.source = volume.geometry();
  result.patch_mm = patch_mm;
  const MaskBox box = box_of(mask, result.source.size);
  if (box.last[0] < 0)
    return failure(ErrorKind::invalid_parameter,
                   "the mask is empty; give one that covers what is to be looked at");
  for (std::size_t axis = 0; axis < 3; ++axis) {
    result.spacing_mm[axis] = result.source.spacing_mm[static_cast<Eigen::Index>(axis)];
    if (result.source.size[axis] > 1)
      result.half[axis] = static_cast<int>(std::lround(patch_mm / 2 / result.spacing_mm[axis]));
  }
  if (result.half == std::array<int, 3>{0, 0, 0})
    for (std::size_t axis = 0; axis < 3; ++axis) result.half[axis] = result.source.size[axis] > 1 ? 1 : 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int border = result.half[axis] + 1;
    result.first[axis] = box.first[axis] - border;
    result.size[axis] = box.last[axis] - box.first[axis] + 1 + 2 * border;
  }
  crop(result, to_float(volume), mask);
  BLOCH_CHECK(normalise(result, contrast));
  const std::ptrdiff_t row = result.size[0], plane = row * result.size[1];
  for (int z = -result.half[2]; z <= result.half[2]; ++z)
    for (int y = -result.half[1]; y <= result.half[1]; ++y)
      for (int x = -result.half[0]; x <= result.half[0]; ++x) result.patch.push_back(z * plane + y * row + x);
  return result;
}

double quantile_of_sorted(std::span<const float> sorted, double fraction) {
  BLOCH_EXPECTS(!sorted.empty());
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return (1 - part) * sorted[below] + part * sorted[above];
}

} // namespace bloch::imaging
