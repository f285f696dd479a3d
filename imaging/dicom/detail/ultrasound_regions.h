#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/data/series.h"
#include "imaging/dicom/detail/instance.h"

class DcmItem;

namespace bloch::imaging {

/// SequenceOfUltrasoundRegions (0018,6011) of one file, without regions that say nothing (no format, no units).
///
/// columns, rows: of the image; a bound may be one too large, as some scanners write it, and is cut
/// warnings:      "bad-region" for those that are left out because they cannot be: bounds outside of the image
///                or the wrong way round, a centimetre scale that is 0 or no number
std::vector<UltrasoundRegion> read_ultrasound_regions(DcmItem& dataset, int columns, int rows,
                                                      std::vector<Warning>& warnings);

/// Size of a pixel on the grid of images that may lie nowhere: the header's where the image is placed in the
/// patient or has no regions, else the one all regions agree on.
std::optional<std::array<double, 2>> grid_spacing_mm(const FrameHeader& header,
                                                     std::span<const UltrasoundRegion> regions);

/// What a reader must know of the regions' scale: "region-spacing" (the header's spacing is another),
/// "region-scales" (they differ), "no-spacing" (none is in centimetres).
void warn_of_regions(const FrameHeader& header, SeriesInfo& series);

} // namespace bloch::imaging
