#include "imaging/io/image_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/text.h"
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

Result<const ImageFormat*> image_writer_of(const std::filesystem::path& path) {
  BLOCH_TRY(format, image_format_of(path));
  if (format->write) return format;
  std::vector<std::string> known;
  for (const ImageFormat& other : image_formats())
    if (other.write) known.insert(known.end(), other.extensions.begin(), other.extensions.end());
  return failure(ErrorKind::unsupported, fmt::format("{} is read but not written; name another file ending: {}",
                                                     format->label, join(known, ", ")));
}

Result<int> count_volumes(const std::filesystem::path& path) {
  BLOCH_TRY(format, image_format_of(path));
  BLOCH_CHECK(detail::check_readable(path));
  return format->count ? format->count(path) : 1;
}

Result<Volume> read_image(const std::filesystem::path& path, int volume) {
  BLOCH_TRY(volumes, count_volumes(path));
  if (volume < 0 || volume >= volumes)
    return failure(ErrorKind::invalid_parameter, fmt::format("{} has no volume number {}; it holds {}",
                                                             detail::quoted(path), volume + 1, volumes));
  return image_format_of(path).value()->read(path, volume);
}

Result<Volume> read_image(const std::filesystem::path& path) {
  BLOCH_TRY(volumes, count_volumes(path));
  if (volumes > 1)
    return failure(ErrorKind::unsupported,
                   fmt::format("{} holds {} volumes where one is needed; take one out of it with bloch-cli "
                               "convert --volume N",
                               detail::quoted(path), volumes));
  return read_image(path, 0);
}

Result<void> write_image(const std::filesystem::path& path, const Volume& volume,
                         const std::string& description) {
  BLOCH_TRY(format, image_writer_of(path));
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
