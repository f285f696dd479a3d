#include "imaging/recon/field_of_view.h"

#include <complex>
#include <vector>

namespace bloch::imaging {
namespace {

template <class Value>
std::vector<Value> cut(const std::vector<Value>& samples, const std::array<int, 3>& from,
                       const std::array<int, 3>& to) {
  std::vector<Value> kept;
  kept.reserve(static_cast<std::size_t>(to[0]) * static_cast<std::size_t>(to[1]) *
               static_cast<std::size_t>(to[2]));
  const auto begin = [&](std::size_t axis) { return from[axis] / 2 - to[axis] / 2; };
  for (int z = 0; z < to[2]; ++z)
    for (int y = 0; y < to[1]; ++y) {
      const auto row =
          (static_cast<std::ptrdiff_t>(z + begin(2)) * from[1] + y + begin(1)) * from[0] + begin(0);
      kept.insert(kept.end(), samples.begin() + row, samples.begin() + row + to[0]);
    }
  return kept;
}

} // namespace

VolumeGeometry middle_of(const VolumeGeometry& geometry, const std::array<int, 3>& size) {
  VolumeGeometry part = geometry;
  Eigen::Vector3d first;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    BLOCH_EXPECTS(size[axis] >= 1 && size[axis] <= geometry.size[axis]);
    first[static_cast<int>(axis)] = geometry.size[axis] / 2 - size[axis] / 2;
  }
  part.size = size;
  part.origin = geometry.to_world({first});
  return part;
}

ComplexVolume cut_to_middle(const ComplexVolume& volume, const std::array<int, 3>& size) {
  const auto samples = volume.samples<std::complex<float>>();
  const std::vector<std::complex<float>> whole(samples.begin(), samples.end());
  return {middle_of(volume.geometry(), size), cut(whole, volume.geometry().size, size)};
}

Volume cut_to_middle(const Volume& volume, const std::array<int, 3>& size) {
  return {middle_of(volume.geometry(), size), cut(to_float(volume), volume.geometry().size, size)};
}

} // namespace bloch::imaging
