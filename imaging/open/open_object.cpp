#include "imaging/open/open_object.h"

#include <algorithm>

#include <Eigen/LU>
#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/archive/archive.h"
#include "imaging/dicom/scan.h"
#include "imaging/io/archive_name.h"
#include "imaging/io/image_file.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// A folder that may be the home of one object: its headers are read again when it turns out to hold images.
bool holds_few_files(const fs::path& folder) {
  constexpr int few = 8;
  int count = 0;
  std::error_code code;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, code);
  for (; !code && walk != fs::recursive_directory_iterator() && count <= few; walk.increment(code)) ++count;
  return count <= few;
}

std::string names_of(const Segmentation& segmentation) {
  std::vector<std::string> names;
  for (const Segment& segment : segmentation.segments)
    names.push_back(fmt::format("{} {}", segment.number, segment.name));
  return join(names, ", ");
}

} // namespace

Result<std::optional<ObjectInfo>> find_object(const fs::path& given, const std::string& uid,
                                              const Progress& progress) {
  std::error_code code;
  fs::path path = given;
  if (is_archive_name(given) && fs::is_regular_file(given, code)) {
    BLOCH_TRY(archive, unpack_archive(given, {}, progress.child(0, 0.5)));
    path = archive.folder;
  }
  const bool folder = fs::is_directory(path, code);
  if (!folder && image_format_of(path)) return std::optional<ObjectInfo>();
  if (folder && uid.empty() && !holds_few_files(path)) return std::optional<ObjectInfo>();
  const fs::path paths[] = {path};
  BLOCH_TRY(index, scan(paths, progress));
  const auto objects = all_objects(index);
  if (uid.empty()) {
    if (objects.size() != 1 || !all_series(index).empty()) return std::optional<ObjectInfo>();
    return std::optional<ObjectInfo>(*objects.front().object);
  }
  for (const ObjectPlace& place : objects)
    if (place.object->uid == uid || place.object->series_uid == uid)
      return std::optional<ObjectInfo>(*place.object);
  return std::optional<ObjectInfo>();
}

Result<LabelMap> labels_of(const Segmentation& segmentation, int segment) {
  if (segment == 0 && segmentation.layers.size() == 1) return segmentation.layers.front();
  if (segment == 0)
    return failure(ErrorKind::unsupported,
                   "its segments overlap, which one label map cannot hold; choose one of " +
                       names_of(segmentation));
  for (const LabelMap& layer : segmentation.layers) {
    std::vector<std::uint16_t> kept(layer.voxel_count());
    bool found = false;
    layer.visit([&](auto samples) {
      for (std::size_t i = 0; i < samples.size(); ++i)
        if (samples[i] == segment) {
          kept[i] = static_cast<std::uint16_t>(segment);
          found = true;
        }
    });
    if (!found) continue;
    if (segment > 255) return LabelMap(layer.geometry(), std::move(kept));
    return LabelMap(layer.geometry(), std::vector<std::uint8_t>(kept.begin(), kept.end()));
  }
  return failure(ErrorKind::not_found,
                 fmt::format("there is no segment {} in it; there are {}", segment, names_of(segmentation)));
}

LabelMap labels_on_grid(const LabelMap& labels, const VolumeGeometry& grid) {
  const Eigen::Matrix4d to_labels = labels.geometry().voxel_to_world().inverse() * grid.voxel_to_world();
  const auto& size = labels.geometry().size;
  return labels.visit([&](auto samples) {
    using T = std::remove_cv_t<typename decltype(samples)::element_type>;
    std::vector<T> found(grid.voxel_count());
    const auto across = static_cast<std::size_t>(grid.size[0]);
    const auto rows = static_cast<std::size_t>(grid.size[1]) * static_cast<std::size_t>(grid.size[2]);
    parallel_for(0, rows, [&](std::size_t row) {
      const auto y = static_cast<double>(row % static_cast<std::size_t>(grid.size[1]));
      const auto z = static_cast<double>(row / static_cast<std::size_t>(grid.size[1]));
      for (std::size_t x = 0; x < across; ++x) {
        const Eigen::Vector4d place = to_labels * Eigen::Vector4d(static_cast<double>(x), y, z, 1);
        const Eigen::Array3d nearest = place.head<3>().array().round();
        if ((nearest < 0).any() || nearest[0] >= size[0] || nearest[1] >= size[1] || nearest[2] >= size[2])
          continue;
        found[row * across + x] = samples[labels.offset(
            static_cast<int>(nearest[0]), static_cast<int>(nearest[1]), static_cast<int>(nearest[2]))];
      }
    });
    return LabelMap(grid, std::move(found));
  });
}

} // namespace bloch::imaging
