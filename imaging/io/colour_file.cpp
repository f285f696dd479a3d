#include <png.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/image_file.h"

namespace bloch::imaging {
namespace {

Result<void> write_png(const std::filesystem::path& path, const RgbVolume& volume) {
  const auto& size = volume.geometry().size;
  if (size[2] != 1)
    return failure(ErrorKind::unsupported, "PNG keeps one picture, and there are " + std::to_string(size[2]) +
                                               "; write .npy, .nrrd or .mha");
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(size[0]);
  image.height = static_cast<png_uint_32>(size[1]);
  image.format = PNG_FORMAT_RGB;
  const auto samples = volume.samples<std::array<std::uint8_t, 3>>();
  png_alloc_size_t count = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<std::uint8_t> bytes(count);
  if (!png_image_write_to_memory(&image, bytes.data(), &count, 0, samples.data(), 0, nullptr))
    return failure(ErrorKind::failed, "the picture could not be encoded as PNG");
  bytes.resize(count);
  return write_file(path, bytes);
}

} // namespace

Result<void> write_colour_image(const std::filesystem::path& path, const RgbVolume& volume) {
  if (lower_case(path.extension().string()) == ".png") return write_png(path, volume);
  BLOCH_TRY(format, image_format_of(path));
  if (!format->write_colour)
    return failure(ErrorKind::unsupported,
                   format->label + " is written without colour here; write .png, .npy, .nrrd or .mha");
  return format->write_colour(path, volume);
}

} // namespace bloch::imaging
