#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/contract.h"
#include "imaging/dicom/detail/segmentation_writer.h"
#include "imaging/dicom/write_objects.h"

namespace bloch::imaging {
namespace {

constexpr double largest_fraction = 255; ///< MaximumFractionalValue

/// Fractions as stored, from 0 to 255.
/// errors: invalid_parameter (no fractions, or nothing above 0)
Result<std::vector<std::uint8_t>> stored_fractions(const Volume& volume) {
  std::vector<std::uint8_t> stored(volume.voxel_count());
  bool valid = true;
  bool any = false;
  volume.visit([&](auto samples) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto value = static_cast<double>(samples[i]);
      valid = valid && value >= -1e-6 && value <= 1 + 1e-6; // not so for not a number
      if (!valid) return;
      stored[i] = static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * largest_fraction));
      any = any || stored[i] > 0;
    }
  });
  const ValueRange range = value_range(volume);
  if (!valid)
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("a fractional segmentation holds fractions from 0 to 1, but the values go from "
                    "{:.4g} to {:.4g} or are no numbers: scale them, choose a threshold for a binary "
                    "segmentation, or write a parametric map, which holds any value",
                    range.minimum, range.maximum));
  if (!any)
    return failure(ErrorKind::invalid_parameter,
                   "every fraction is 0: a segment needs at least one voxel that is not");
  return stored;
}

/// Segments of one grid, turned right-handed, as they are stored.
struct StoredSegments {
  VolumeGeometry geometry;
  std::vector<std::vector<std::uint8_t>> fractions;
};

/// Which of several volumes an error is about.
std::string volume_of_segment(std::size_t index, const Segment& segment) {
  return segment.name.empty() ? fmt::format("volume {}", index + 1)
                              : fmt::format("volume {} ({})", index + 1, segment.name);
}

Result<StoredSegments> stored_segments(std::span<const Volume> given, std::span<const Segment> segments) {
  StoredSegments stored{right_handed(given.front()).geometry(), {}};
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Volume volume = right_handed(given[i]);
    if (!volume.geometry().matches(stored.geometry))
      return failure(ErrorKind::invalid_parameter,
                     fmt::format("{} lies on another grid than the first: one segmentation has one grid",
                                 volume_of_segment(i, segments[i])));
    auto fractions = stored_fractions(volume);
    if (!fractions && given.size() > 1) return failure(fractions.error().in(volume_of_segment(i, segments[i])));
    if (!fractions) return failure(fractions.error());
    stored.fractions.push_back(std::move(*fractions));
  }
  return stored;
}

/// The slices where something is, segment by segment; of the first segment the first and the last slice too, so
/// that a reader finds the whole grid again.
std::vector<FramePlace> frames_of(const StoredSegments& stored) {
  const VolumeGeometry& geometry = stored.geometry;
  const auto count = static_cast<std::ptrdiff_t>(geometry.size[0]) * geometry.size[1];
  std::vector<FramePlace> frames;
  for (std::size_t s = 0; s < stored.fractions.size(); ++s)
    for (int z = 0; z < geometry.size[2]; ++z) {
      const auto first = stored.fractions[s].begin() + z * count;
      const bool kept = s == 0 && (z == 0 || z == geometry.size[2] - 1);
      if (kept || std::any_of(first, first + count, [](std::uint8_t value) { return value > 0; }))
        frames.push_back({z, static_cast<int>(s) + 1});
    }
  return frames;
}

} // namespace

Result<void> write_fractional_segmentation(const std::filesystem::path& path, std::span<const Volume> volumes,
                                           std::span<const Segment> segments, FractionKind kind,
                                           const SeriesPlace& source, const DerivedSeries& derived,
                                           const Progress& progress) {
  BLOCH_EXPECTS(!volumes.empty() && volumes.size() == segments.size() && volumes.size() < 65536);
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, right_handed(volumes.front()).geometry(), source, derived));
  BLOCH_CHECK(check_on_grid(series));
  BLOCH_TRY(stored, stored_segments(volumes, segments));
  const auto frames = frames_of(stored);
  BLOCH_CHECK(check_object(segmentation_header(), series, stored.geometry, frames.size(), 8));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_segmentation(dataset, series, stored.geometry, frames, 8, "FRACTIONAL");
  put(dataset, DCM_SegmentationFractionalType, kind == FractionKind::occupancy ? "OCCUPANCY" : "PROBABILITY");
  dataset.putAndInsertUint16(DCM_MaximumFractionalValue, static_cast<Uint16>(largest_fraction));
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Segment segment = segments[i];
    segment.number = static_cast<int>(i) + 1;
    put_segment(dataset, segment);
  }
  const auto count = static_cast<std::ptrdiff_t>(stored.geometry.size[0]) * stored.geometry.size[1];
  std::vector<std::uint8_t> bytes;
  for (const FramePlace& frame : frames) {
    const auto& fractions = stored.fractions[static_cast<std::size_t>(frame.segment) - 1];
    const auto first = fractions.begin() + frame.slice * count;
    bytes.insert(bytes.end(), first, first + count);
  }
  bytes.resize((bytes.size() + 1) / 2 * 2);
  return save_with_pixels(path, file, bytes, progress);
}

} // namespace bloch::imaging
