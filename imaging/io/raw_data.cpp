#include <algorithm>
#include <vector>

#include "imaging/io/detail/complex_head.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

/// What --coils would make of it. A [coil][y][x] array has its coils where the others have z.
RawDataInfo::Maps maps_of(const std::vector<int>& five) {
  RawDataInfo::Maps maps{{five[4], five[3], five[2]}, five[1], five[0], {}};
  if (maps.sets == 1 && maps.coils == 1 && maps.size[2] > 1) std::swap(maps.coils, maps.size[2]);
  return maps;
}

/// The grid of [y][x] or [z][y][x]; nothing for more.
std::optional<std::array<int, 3>> grid_of_image(const std::vector<int>& extents) {
  if (extents.size() < 2 || extents.size() > 3) return std::nullopt;
  return std::array<int, 3>{extents.back(), extents[extents.size() - 2], extents.size() == 3 ? extents[0] : 1};
}

void add_other_readings(RawDataInfo& info) {
  const auto head = detail::read_complex_head(info.path);
  if (head && head->complex) {
    const std::vector<int>& five = head->extents;
    info.maps = maps_of(five);
    info.maps->array = head->name;
    // BART's dimensions tell slices and maps apart; of an array without names an image is the last three.
    const bool named = names_axes(info.path);
    if (five[1] == 1 && (named || five[0] == 1))
      info.image = RawDataInfo::Image{{five[4], five[3], five[2] * five[0]}, head->name};
    if (named && five[1] == 1) info.maps.reset();
  }
  if (!detail::has_ending(info.path, ".mat")) return;
  const auto image = detail::read_mat_image_head(info.path);
  info.image.reset();
  if (!image || !image->complex) return;
  if (const auto size = grid_of_image(detail::mat_image_extents(image->extents)))
    info.image = RawDataInfo::Image{*size, image->name};
}

} // namespace

Result<RawDataInfo> describe_raw_data(const std::filesystem::path& path) {
  BLOCH_TRY(format, kspace_format_of(path));
  BLOCH_CHECK(detail::check_readable(path));
  auto described = format->describe(path);
  RawDataInfo info;
  if (described)
    info = std::move(*described);
  else
    info.refusal = described.error().message;
  info.path = path;
  info.format = format->label;
  info.part_count = std::max(info.part_count, static_cast<int>(info.parts.size()));
  if (!detail::has_ending(path, ".h5")) add_other_readings(info);
  if (info.parts.empty() && !info.maps && !info.image)
    return failure(described ? Error{ErrorKind::unsupported, info.refusal} : described.error());
  return info;
}

} // namespace bloch::imaging
