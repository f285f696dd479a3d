#include <array>
#include <cmath>
#include <complex>
#include <string_view>
#include <vector>

#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_file.h"
#include "imaging/io/image_file.h"

namespace bloch::imaging {
namespace detail {

std::vector<int> mat_image_extents(std::vector<int> extents) {
  for (std::size_t i = extents.size(); i-- > 0;)
    if (extents.size() > 3 && i < extents.size() - 2 && extents[i] == 1)
      extents.erase(extents.begin() + static_cast<std::ptrdiff_t>(i));
  return extents;
}

Result<Volume> read_mat_volume(const std::filesystem::path& path, std::span<const std::string_view> names) {
  BLOCH_TRY(array, read_mat(path, {names, false}));
  const std::vector<int> extents = mat_image_extents(array.extents);
  if (extents.size() > 3) return refused(path, "is " + mat_size(array) + "; an image is (x, y) or (x, y, z)");
  VolumeGeometry geometry;
  geometry.size = {extents.back(), extents[extents.size() - 2], extents.size() == 3 ? extents[0] : 1};
  if (!array.complex) return to_volume(geometry, array.type, std::move(array.bytes));
  const std::vector<std::complex<float>> samples = to_complex(array);
  std::vector<float> magnitudes(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) magnitudes[i] = std::abs(samples[i]);
  return Volume(geometry, std::move(magnitudes));
}

namespace {

constexpr std::array<std::string_view, 6> mat_image_names{"image", "img", "im", "volume", "mask", "reference"};

} // namespace

Result<ArrayHead> read_mat_image_head(const std::filesystem::path& path) {
  return read_mat_head(path, {mat_image_names, false});
}

} // namespace detail
namespace {

Result<Volume> read_matlab_image(const std::filesystem::path& path, int) {
  return detail::read_mat_volume(path, detail::mat_image_names);
}

} // namespace

const ImageFormat& matlab_image_format() {
  static const ImageFormat format{
      .name = "matlab",
      .label = "MATLAB",
      .extensions = {".mat"},
      .help =
          "Numbers (x, y) or (x, y, z), x the first index: the variable called image, img, im, volume, mask "
          "or reference, or the only array, or FILE.mat#NAME. Saved with -v6, -v7 or -v7.3. No geometry, so "
          "1 mm is assumed. Complex arrays are read as magnitude. Read only.",
      .keeps_geometry = false,
      .read = read_matlab_image};
  return format;
}

} // namespace bloch::imaging
