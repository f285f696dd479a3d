#include "imaging/io/image_file.h"

#include <algorithm>

#include "core/base/file.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging {

#define BLOCH_IMAGE_FORMAT(name) const ImageFormat& name##_format();
#include "imaging/io/image_formats.inc"
#undef BLOCH_IMAGE_FORMAT

std::span<const ImageFormat> image_formats() {
#define BLOCH_IMAGE_FORMAT(name) name##_format(),
  static const std::vector<ImageFormat> formats = {
#include "imaging/io/image_formats.inc"
  };
#undef BLOCH_IMAGE_FORMAT
  return formats;
}

Result<const ImageFormat*> image_format_of(const std::filesystem::path& path) {
  return detail::format_by_ending(image_formats(), path, "an image");
}

Result<Volume> read_image(const std::filesystem::path& path) {
  BLOCH_TRY(format, image_format_of(path));
  BLOCH_CHECK(detail::check_readable(path));
  return format->read(path);
}

Result<void> write_image(const std::filesystem::path& path, const Volume& volume,
                         const std::string& description) {
  BLOCH_TRY(format, image_format_of(path));
  if (!format->write)
    return failure(ErrorKind::unsupported,
                   format->label + " is read but not written; name another file ending");
  std::string line = description;
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
  return format->write(path, volume, line);
}

Result<void> write_label_map(const std::filesystem::path& path, const LabelMap& labels) {
  BLOCH_TRY(format, image_format_of(path));
  if (!format->write_labels)
    return failure(ErrorKind::unsupported, format->label + " keeps no labels; name another file ending");
  return format->write_labels(path, labels);
}

} // namespace bloch::imaging
