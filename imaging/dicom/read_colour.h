#pragma once

#include "core/base/result.h"
#include "core/data/series.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// The images of a colour series (RGB, YBR of every kind, palette), one behind the other in the order of
/// SeriesInfo::images.
///
/// geometry: the image's own when there is one and it lies in the patient; else its pixels at the origin, and a
/// millimetre from image to image
/// errors:   malformed (names the file), unsupported (images of different sizes, an encoding, a colour model),
///           out_of_memory, cancelled
Result<RgbVolume> read_colour_volume(const SeriesInfo& series, const Progress& progress = {});

/// Image number `image` of a colour series alone.
Result<RgbVolume> read_colour_image(const SeriesInfo& series, int image, const Progress& progress = {});

} // namespace bloch::imaging
