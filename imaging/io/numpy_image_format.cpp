#include <cmath>

#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/image_file.h"

namespace bloch::imaging {
namespace {

Result<Volume> read_numpy_image(const std::filesystem::path& path, int) {
  BLOCH_TRY(array, detail::read_npy(path));
  std::vector<int> extents = array.extents;
  while (extents.size() > 3 && extents.front() == 1) extents.erase(extents.begin());
  if (extents.size() < 2 || extents.size() > 3)
    return detail::refused(path, "has " + std::to_string(extents.size()) +
                                     " dimensions; an image has two ([y][x]) or three ([z][y][x])");
  VolumeGeometry geometry;
  geometry.size = {extents.back(), extents[extents.size() - 2], extents.size() == 3 ? extents[0] : 1};
  if (!array.complex) return detail::to_volume(geometry, array.type, std::move(array.bytes));
  const std::vector<std::complex<float>> samples = detail::to_complex(array);
  std::vector<float> magnitudes(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) magnitudes[i] = std::abs(samples[i]);
  return Volume(geometry, std::move(magnitudes));
}

using Rgb8 = std::array<std::uint8_t, 3>;

/// [z][y][x], or [y][x] for a single slice; colours are one dimension more, the last.
template <class Grid> Result<void> write_numpy_grid(const std::filesystem::path& path, const Grid& grid) {
  const std::array<int, 3>& size = grid.geometry().size;
  std::vector<int> extents{size[1], size[0]};
  if (size[2] > 1) extents.insert(extents.begin(), size[2]);
  return grid.visit([&]<class T>(std::span<const T> samples) {
    if constexpr (std::is_same_v<T, Rgb8>) extents.push_back(3);
    const char* descr = std::is_same_v<T, float>           ? "<f4"
                        : std::is_same_v<T, std::int16_t>  ? "<i2"
                        : std::is_same_v<T, std::uint16_t> ? "<u2"
                                                           : "|u1";
    return detail::write_npy(path, descr, extents,
                             {reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()});
  });
}

Result<void> write_numpy_image(const std::filesystem::path& path, const Volume& volume, const std::string&) {
  return write_numpy_grid(path, volume);
}

} // namespace

const ImageFormat& numpy_image_format() {
  static const ImageFormat format{.name = "numpy",
                                  .label = "NumPy array",
                                  .extensions = {".npy"},
                                  .help = "[z][y][x] or [y][x] samples alone: no geometry, so 1 mm is assumed. "
                                          "Complex arrays are read as magnitude.",
                                  .keeps_geometry = false,
                                  .read = read_numpy_image,
                                  .write = write_numpy_image,
                                  .write_labels = write_numpy_grid<LabelMap>,
                                  .write_colour = write_numpy_grid<RgbVolume>};
  return format;
}

} // namespace bloch::imaging
