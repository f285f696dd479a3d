#include "imaging/dicom/detail/overlay_plane.h"

#include <algorithm>

#include <fmt/format.h>

#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {
namespace {

constexpr Uint16 first_group = 0x6000;
constexpr int most_planes = 16;

DcmTagKey tag(int plane, Uint16 element) { return {static_cast<Uint16>(first_group + 2 * plane), element}; }

bool is_there(DcmItem& dataset, int plane) {
  return dataset.tagExists(tag(plane, 0x0010)) &&
         (dataset.tagExists(tag(plane, 0x3000)) || integer_value(dataset, tag(plane, 0x0102)) > 0);
}

Result<OverlayPlane> read_plane(DcmItem& dataset, int plane, int image_frames) {
  OverlayPlane overlay;
  overlay.number = plane + 1;
  DicomText text(dataset);
  for (const Uint16 element : {0x1500, 0x0022}) // label, description
    if (overlay.name.empty()) overlay.name = text(tag(plane, element));
  if (overlay.name.empty()) overlay.name = fmt::format("Overlay {}", overlay.number);
  if (raw_value(dataset, tag(plane, 0x0040)) == "R") overlay.name += " (ROI)";
  overlay.rows = integer_value(dataset, tag(plane, 0x0010));
  overlay.columns = integer_value(dataset, tag(plane, 0x0011));
  overlay.first_row = static_cast<int>(number_value(dataset, tag(plane, 0x0050), 0).value_or(1)) - 1;
  overlay.first_column = static_cast<int>(number_value(dataset, tag(plane, 0x0050), 1).value_or(1)) - 1;
  overlay.first_frame = std::clamp(integer_value(dataset, tag(plane, 0x0051), 1), 1, image_frames) - 1;
  const Error damaged{ErrorKind::malformed, fmt::format("overlay plane {} is shorter than it says", plane + 1)};
  if (overlay.rows < 1 || overlay.columns < 1) return failure(damaged);
  if (!dataset.tagExists(tag(plane, 0x3000))) {
    overlay.bit = integer_value(dataset, tag(plane, 0x0102));
    overlay.frames = image_frames - overlay.first_frame;
    return overlay;
  }
  overlay.frames =
      std::clamp(integer_value(dataset, tag(plane, 0x0015), 1), 1, image_frames - overlay.first_frame);
  const Uint8* bytes = nullptr;
  unsigned long count = 0;
  if (dataset.findAndGetUint8Array(tag(plane, 0x3000), bytes, &count).bad() || !bytes) return failure(damaged);
  const auto pixels = static_cast<std::size_t>(overlay.rows) * static_cast<std::size_t>(overlay.columns);
  const std::size_t needed = (pixels * static_cast<std::size_t>(overlay.frames) + 7) / 8;
  if (count < needed) return failure(damaged);
  overlay.bits.assign(bytes, bytes + needed);
  return overlay;
}

} // namespace

int count_overlays(DcmItem& dataset) {
  int count = 0;
  for (int plane = 0; plane < most_planes; ++plane)
    if (is_there(dataset, plane)) ++count;
  return count;
}

Result<std::vector<OverlayPlane>> overlay_planes(DcmItem& dataset, int frames) {
  std::vector<OverlayPlane> planes;
  for (int plane = 0; plane < most_planes; ++plane) {
    if (!is_there(dataset, plane)) continue;
    BLOCH_TRY(overlay, read_plane(dataset, plane, frames));
    planes.push_back(std::move(overlay));
  }
  return planes;
}

} // namespace bloch::imaging
