#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <string_view>
#include <vector>

#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_file.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

Result<SamplingMask> mask_of(const std::filesystem::path& path, std::array<int, 3> size,
                             std::vector<std::uint8_t> kept) {
  if (std::find(kept.begin(), kept.end(), 1) == kept.end())
    return detail::broken(path, "the mask keeps no sample at all");
  return SamplingMask(size[0], size[1], size[2], std::move(kept));
}

bool is_number(std::complex<float> value) { return !std::isnan(value.real()) && !std::isnan(value.imag()); }

tl::unexpected<Error> mask_without_numbers(const std::filesystem::path& path) {
  return detail::broken(path, "the mask holds values that are not numbers (NaN)");
}

/// Beside an image, a .mat may hold the mask that it was made with.
Result<Volume> read_mask_image(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 4> names{"mask", "sampling_mask", "pattern", "samp"};
  if (!detail::has_ending(path, ".mat")) return read_image(path);
  BLOCH_CHECK(detail::check_readable(path));
  return detail::read_mat_volume(path, names);
}

} // namespace

Result<SamplingMask> read_mask(const std::filesystem::path& path) {
  if (detail::has_ending(path, ".cfl") || detail::has_ending(path, ".hdr")) {
    BLOCH_TRY(array, read_complex(path));
    if (array.extents[0] > 1 || array.extents[1] > 1)
      return detail::refused(path, "has coils, maps or slices; a mask is kx, ky, kz alone");
    if (!std::all_of(array.samples.begin(), array.samples.end(), is_number)) return mask_without_numbers(path);
    std::vector<std::uint8_t> kept(array.samples.size());
    std::transform(array.samples.begin(), array.samples.end(), kept.begin(), [](std::complex<float> v) {
      return static_cast<std::uint8_t>(v != std::complex<float>(0));
    });
    return mask_of(path, {array.extents[4], array.extents[3], array.extents[2]}, std::move(kept));
  }
  BLOCH_TRY(volume, read_mask_image(path));
  std::vector<std::uint8_t> kept(volume.voxel_count());
  bool numbers = true;
  volume.visit([&](auto samples) {
    std::transform(samples.begin(), samples.end(), kept.begin(), [&numbers](auto value) {
      numbers = numbers && value == value; // NaN alone differs from itself
      return static_cast<std::uint8_t>(value != 0);
    });
  });
  if (!numbers) return mask_without_numbers(path);
  return mask_of(path, volume.geometry().size, std::move(kept));
}

Result<void> write_mask(const std::filesystem::path& path, const SamplingMask& mask) {
  const std::vector<std::uint8_t> kept(mask.kept().begin(), mask.kept().end());
  if (detail::has_ending(path, ".cfl") || detail::has_ending(path, ".hdr")) {
    std::vector<std::complex<float>> samples(kept.begin(), kept.end());
    return write_complex(path, {{1, 1, mask.kz(), mask.ky(), mask.kx()}, std::move(samples)});
  }
  VolumeGeometry geometry;
  geometry.size = {mask.kx(), mask.ky(), mask.kz()};
  return write_label_map(path, LabelMap(geometry, kept));
}

} // namespace bloch::imaging
