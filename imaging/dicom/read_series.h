#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/data/series.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// Decodes every image of one volume of a scanned series, in parallel, through its Modality LUT, with patient
/// geometry.
///
/// volume: which one of SeriesInfo::volumes. A series of one image that lies nowhere comes with a grid at the
/// origin. errors: unsupported (colour, an encoding that nothing here decodes, images that do not form a
/// volume: says why),
///         malformed (truncated or contradicting pixel data; names the file), out_of_memory, cancelled
/// warnings: what shows in the pixels alone is added: values that are kept rounded; may be nullptr
Result<Volume> read_volume(const SeriesInfo& series, const Progress& progress = {}, int volume = 0,
                           std::vector<Warning>* warnings = nullptr);

/// Where the slices of a volume go that is never whole in memory.
struct SliceSink {
  /// Before the first slice. Once more, for all of them as floats, when a value turns out not to fit.
  std::function<Result<void>(const VolumeGeometry&, bool int16)> begin;
  /// The samples of slice k, int16 or float as `begin` said. In any order, several at once.
  std::function<Result<void>(std::size_t k, std::span<const std::uint8_t> bytes)> put;
};

/// read_volume slice by slice, in the memory of one slice a thread. Errors: as read_volume, and those of the
/// sink
Result<void> stream_volume(const SeriesInfo& series, const SliceSink& sink, const Progress& progress = {},
                           int volume = 0, std::vector<Warning>* warnings = nullptr);

/// Image number `image` of SeriesInfo::images alone, one slice thick: works for films, localisers and other
/// series that do not form a volume.
Result<Volume> read_single_image(const SeriesInfo& series, int image, const Progress& progress = {});

/// The grid of that image alone: at the origin, 1 mm or as large as the header says, when it lies nowhere.
Result<VolumeGeometry> image_geometry(const SeriesInfo& series, int image);

/// The middle image of the series alone, one slice thick: for thumbnails and for a first picture.
Result<Volume> read_middle_image(const SeriesInfo& series);

} // namespace bloch::imaging
