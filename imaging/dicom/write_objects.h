#pragma once

#include <filesystem>
#include <span>

#include "core/data/segmentation.h"
#include "imaging/dicom/write_series.h"

namespace bloch::imaging {

/// A file each, beside the source's study: patient, study and frame of reference of the source, references to
/// the images that lie in the same planes. The source may be empty, as in write_derived_series. errors:
/// not_writable, invalid_parameter (no geometry, no label, 4 GiB of pixels or more), unsupported (text is
/// burned into the source of a map or an enhanced MR), cancelled. The file appears whole or not at all.

/// Labels as a binary SEG: one frame for each segment and slice where it occurs, and the first and last slice.
/// segments: number, name, algorithm (empty: by Bloch) and colour of each label; labels without one get a name.
Result<void> write_segmentation(const std::filesystem::path& file, const LabelMap& labels,
                                std::span<const Segment> segments, const SeriesPlace& source,
                                const DerivedSeries& derived, const Progress& progress = {});

/// Probabilities from 0 to 1 as a fractional SEG (PS3.3 C.8.20.2: PROBABILITY), in steps of 1/255; frames where
/// there is anything, and the first and last slice.
/// segment: its name, algorithm and colour
/// errors:  invalid_parameter too for a value that is no probability, and where all are 0
Result<void> write_fractional_segmentation(const std::filesystem::path& file, const Volume& probabilities,
                                           const Segment& segment, const SeriesPlace& source,
                                           const DerivedSeries& derived, const Progress& progress = {});

/// Parametric map with float32 pixels: bit for bit, with DerivedSeries::quantity as its unit.
Result<void> write_parametric_map(const std::filesystem::path& file, const Volume& volume,
                                  const SeriesPlace& source, const DerivedSeries& derived,
                                  const Progress& progress = {});

/// Enhanced MR: all slices in one file, uint16 with rescale and real-world value mapping.
Result<void> write_enhanced_mr(const std::filesystem::path& file, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress = {});

} // namespace bloch::imaging
