#include <atomic>
#include <cmath>

#include "imaging/parallel/parallel_for.h"
#include "imaging/phantom/head_anatomy.h"
#include "imaging/phantom/head_image.h"

namespace bloch::imaging {
namespace {

/// Axial slices whose centre lies at the middle of the head (MNI 0, -18, 10).
VolumeGeometry phantom_geometry(const HeadPhantomRequest& request) {
  VolumeGeometry geometry;
  geometry.size = request.size;
  geometry.spacing_mm.setConstant(request.spacing_mm);
  const Eigen::Vector3d middle_lps(0, 18, 10);
  for (int i = 0; i < 3; ++i)
    geometry.origin.mm[i] =
        middle_lps[i] - request.spacing_mm * (request.size[static_cast<std::size_t>(i)] / 2);
  return geometry;
}

} // namespace

Result<HeadImage> make_head_phantom(const HeadPhantomRequest& request, const Progress& progress) {
  const VolumeGeometry geometry = phantom_geometry(request);
  if (!geometry.is_valid())
    return failure(ErrorKind::invalid_parameter,
                   "a phantom needs a positive size and spacing; choose at least 1");
  const HeadAnatomy anatomy(static_cast<std::uint32_t>(request.seed));
  std::vector<std::int16_t> samples(geometry.voxel_count());
  std::vector<std::uint8_t> brain(geometry.voxel_count());
  const auto slice_samples =
      static_cast<std::size_t>(request.size[0]) * static_cast<std::size_t>(request.size[1]);
  std::atomic<int> done = 0;
  parallel_for(0, static_cast<std::size_t>(request.size[2]), [&](std::size_t z) {
    if (progress.cancelled()) return;
    std::size_t at = z * slice_samples;
    for (int y = 0; y < request.size[1]; ++y)
      for (int x = 0; x < request.size[0]; ++x, ++at) {
        const VoxelIndex voxel{{static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)}};
        const Eigen::Vector3d lps = geometry.to_world(voxel).mm;
        const HeadAnatomy::Sample sample = anatomy.at({-lps[0], -lps[1], lps[2]});
        samples[at] = static_cast<std::int16_t>(std::lround(sample.value));
        brain[at] = sample.brain ? 1 : 0;
      }
    progress.report(static_cast<double>(++done) / request.size[2]);
  });
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "making the phantom was stopped");
  return HeadImage{Volume(geometry, std::move(samples)), LabelMap(geometry, std::move(brain)), "analytic head",
                   ""};
}

} // namespace bloch::imaging
