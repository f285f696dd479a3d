#include "imaging/recon/task_inputs.h"

#include "core/data/finite.h"
#include "imaging/parallel/pieces.h"

namespace bloch::imaging {
namespace {

Result<void> check_maps(const Sensitivities& maps, const KSpaceSize& size) {
  if (maps.fits(size)) {
    const Pieces pieces(maps.samples.size(), thread_count());
    const auto broken = pieces.sum<int>([&](std::size_t begin, std::size_t count) {
      return all_finite({maps.samples.data() + begin, count}) ? 0 : 1;
    });
    if (broken == 0) return {};
    return failure(ErrorKind::invalid_parameter,
                   "the coil maps hold values that are not numbers (NaN or infinite)");
  }
  return failure(ErrorKind::invalid_parameter,
                 "the coil maps are " + extent_text(maps.x, maps.y, maps.z) + " for " +
                     std::to_string(maps.coils) + " coils, but the data are " +
                     extent_text(size.kx, size.ky, size.kz) + " for " + std::to_string(size.coils) + " coils");
}

} // namespace

std::string extent_text(int x, int y, int z) {
  return std::to_string(x) + " x " + std::to_string(y) + (z > 1 ? " x " + std::to_string(z) : "");
}

Result<void> check_given_maps(const ReconstructionTask& task, const KSpaceSize& size) {
  if (task.sensitivities) BLOCH_CHECK(check_maps(*task.sensitivities, size));
  if (task.slice_sensitivities.empty()) return {};
  if (static_cast<int>(task.slice_sensitivities.size()) != size.slices)
    return failure(ErrorKind::invalid_parameter,
                   "there are coil maps for " + std::to_string(task.slice_sensitivities.size()) +
                       " slices, but the data have " + std::to_string(size.slices));
  for (const auto& maps : task.slice_sensitivities) BLOCH_CHECK(check_maps(maps, size));
  return {};
}

Result<std::optional<SamplingMask>> retrospective_mask(const ReconstructionTask& task, const KSpaceSize& size) {
  if (task.mask) {
    if (!task.mask->fits(size))
      return failure(ErrorKind::invalid_parameter,
                     "the mask is " + extent_text(task.mask->kx(), task.mask->ky(), task.mask->kz()) +
                         ", but the k-space is " + extent_text(size.kx, size.ky, size.kz));
    return task.mask;
  }
  if (!task.undersample) return std::optional<SamplingMask>();
  BLOCH_TRY(mask, make_mask({size.kx, size.ky, size.kz}, *task.undersample));
  return std::optional<SamplingMask>(std::move(mask));
}

void keep_only(std::vector<Complex>& samples, const SamplingMask& mask, const KSpaceSize& size) {
  std::size_t i = 0;
  for (int c = 0; c < size.coils; ++c)
    for (int z = 0; z < size.kz; ++z)
      for (int y = 0; y < size.ky; ++y)
        for (int x = 0; x < size.kx; ++x, ++i)
          if (!mask.at(x, y, z)) samples[i] = {};
}

SamplingMask acquired_points(std::span<const Complex> samples, const KSpaceSize& size) {
  const std::size_t count = size.samples_per_coil(), row = static_cast<std::size_t>(size.kx);
  std::vector<std::uint8_t> kept(count, 0);
  const auto look_at_plane = [&](std::size_t z) {
    const std::size_t plane = row * static_cast<std::size_t>(size.ky);
    for (std::size_t coil = 0; coil < samples.size(); coil += count)
      for (std::size_t place = z * plane; place < (z + 1) * plane; place += row) {
        const auto readout = samples.subspan(coil + place, row);
        if (all_zero(readout)) continue; // most are, where phase encoding was left out
        for (std::size_t i = 0; i < row; ++i) kept[place + i] |= readout[i] != Complex() ? 1 : 0;
      }
  };
  const auto planes = static_cast<std::size_t>(size.kz);
  planes == 1 ? look_at_plane(0) : parallel_for(0, planes, look_at_plane);
  return {size.kx, size.ky, size.kz, std::move(kept)};
}

} // namespace bloch::imaging
