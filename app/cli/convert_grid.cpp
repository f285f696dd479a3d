#include "app/cli/convert_grid.h"

#include <algorithm>

#include <fmt/format.h>

#include "imaging/dicom/write_series.h"
#include "imaging/open/open_object.h"

namespace bloch::app {
namespace {

Result<void> take_geometry(imaging::OpenedImage& image, const imaging::OpenedImage& like) {
  const VolumeGeometry& wanted = like.volume.geometry();
  if (image.volume.geometry().size != wanted.size)
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format(
            "--like has {} x {} x {} voxels, but the input has {} x {} x {}; give a series of the same size",
            wanted.size[0], wanted.size[1], wanted.size[2], image.volume.geometry().size[0],
            image.volume.geometry().size[1], image.volume.geometry().size[2]));
  image.volume = image.volume.with_geometry(wanted);
  image.series.frame_of_reference_uid = like.series.frame_of_reference_uid;
  return {};
}

} // namespace

Result<void> put_on_grid(const Invocation& invocation, imaging::OpenedImage& image,
                         const imaging::OpenedImage& like, const GridPolicy& policy) {
  bool placed = true;
  for (const Warning& warning : image.series.warnings) placed = placed && warning.kind != "no-geometry";
  const VolumeGeometry& wanted = like.volume.geometry();
  if (!placed) return take_geometry(image, like);
  // Colours are not turned into another order.
  const bool turns = !image.colour || image.volume.geometry().matches(wanted);
  std::string& frame_of_reference = image.series.frame_of_reference_uid;
  if (const auto ordered = turns ? imaging::in_order_of(image.volume, wanted) : std::nullopt) {
    image.volume = *ordered;
    if (frame_of_reference.empty()) frame_of_reference = like.series.frame_of_reference_uid;
    return {};
  }
  const bool own_grid = !policy.labels;
  if (own_grid && frame_of_reference.empty()) frame_of_reference = imaging::new_uid();
  if (!policy.segmentation) {
    image.series.warnings.push_back(
        {"own-grid", "the input does not lie on the grid of --like: it keeps its own places, and takes the "
                     "patient and the study alone"});
    if (!policy.told) invocation.warn(image.series.warnings.back().message);
    return {};
  }
  if (own_grid) return {}; // a map: it is written on its own grid
  BLOCH_TRY(labels, imaging::to_labels(image.volume));
  const LabelMap moved = imaging::labels_on_grid(labels, wanted);
  std::vector<float> samples(moved.voxel_count());
  moved.visit([&](auto values) { std::copy(values.begin(), values.end(), samples.begin()); });
  image.volume = Volume(wanted, std::move(samples));
  frame_of_reference = like.series.frame_of_reference_uid;
  return {};
}

} // namespace bloch::app
