#pragma once

#include <filesystem>
#include <span>

#include "core/data/segmentation.h"
#include "imaging/dicom/write_series.h"

namespace bloch::imaging {

/// A file each, beside the source's study: patient, study and frame of reference of the source, references to
/// the images that lie in the same planes. The source may be empty, as in write_derived_series. errors:
/// not_writable, invalid_parameter (no geometry, no label, 4 GiB of pixels or more), unsupported (text is
/// burned into the source of a map or an enhanced MR; a segmentation of slices that lie on no grid), cancelled.
/// The file appears whole or not at all.

/// Labels as a binary SEG: one frame for each segment and slice where it occurs, and the first and last slice.
/// segments: number, name, algorithm (empty: by Bloch) and colour of each label; labels without one get a name.
Result<void> write_segmentation(const std::filesystem::path& file, const LabelMap& labels,
                                std::span<const Segment> segments, const SeriesPlace& source,
                                const DerivedSeries& derived, const Progress& progress = {});

/// What the fractions of a SEG are (PS3.3 C.8.20.2.3): how likely a voxel belongs to the segment, or how much
/// of it.
enum class FractionKind { probability, occupancy };

/// Fractions from 0 to 1 as a fractional SEG, in steps of 1/255; frames where there is anything, and the first
/// and last slice.
///
/// fractions: a volume each segment, all on one grid; they may overlap
/// segments:  name, algorithm and colour of each; as many as volumes
/// errors:    invalid_parameter too for a value that is no fraction, a segment where all are 0, grids that
///            differ; of several volumes they say which, by number and name
Result<void> write_fractional_segmentation(const std::filesystem::path& file, std::span<const Volume> fractions,
                                           std::span<const Segment> segments, FractionKind kind,
                                           const SeriesPlace& source, const DerivedSeries& derived,
                                           const Progress& progress = {});

/// Parametric map with float32 pixels: bit for bit, with DerivedSeries::quantity as its unit.
Result<void> write_parametric_map(const std::filesystem::path& file, const Volume& volume,
                                  const SeriesPlace& source, const DerivedSeries& derived,
                                  const Progress& progress = {});

/// Enhanced MR: all slices in one file, uint16 with rescale and real-world value mapping.
Result<void> write_enhanced_mr(const std::filesystem::path& file, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress = {});

/// Several volumes of one grid (echoes, times, b-values) in one file, volume after volume: a dimension tells
/// them apart (echo time, trigger delay, b-value or complex component where each volume has its own, else
/// temporal positions), and every frame says what its image says in the source. Else as write_derived_series of
/// volumes. errors: invalid_parameter too (the grids differ)
Result<void> write_enhanced_mr(const std::filesystem::path& file, std::span<const Volume> volumes,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress = {});
/// The same of CT, whose volumes are temporal positions.
Result<void> write_enhanced_ct(const std::filesystem::path& file, std::span<const Volume> volumes,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress = {});

/// Enhanced CT, the same in Hounsfield units, or in those of DerivedSeries::quantity.
Result<void> write_enhanced_ct(const std::filesystem::path& file, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress = {});

/// Multi-frame secondary capture, all slices in one file (PS3.3 A.8.3, A.8.4): bytes where the values are whole
/// numbers from 0 to 255, else uint16 with rescale. Where text is burned in, or may be, it says so.
Result<void> write_multi_frame_capture(const std::filesystem::path& file, const Volume& volume,
                                       const SeriesPlace& source, const DerivedSeries& derived,
                                       const Progress& progress = {});

/// Whether a capture of values of which small ones are bright (SeriesInfo::inverse) looks so elsewhere too: it
/// must be MONOCHROME2 (PS3.3 C.8.6.3), so a VOI LUT turns it around, which takes whole numbers from 0 on.
bool capture_keeps_polarity(const Volume& volume);

/// What such values lose in an enhanced MR or CT and in a parametric map, which must be MONOCHROME2 too and
/// have no VOI LUT (C.8.13.1, C.8.15.2, C.8.32.2), and in other captures: one sentence for the user. The values
/// are kept.
inline constexpr const char* polarity_is_lost =
    "small values are bright in this image (MONOCHROME1), which this kind of DICOM object cannot say: the "
    "values are "
    "kept, but it is shown the other way round; a series of single images keeps that";

/// The same for colours, 8 bits each (PS3.3 A.8.5).
///
/// series: what the colours were read from: where they lie on one grid in the patient frames have planes, else
///         page numbers
Result<void> write_multi_frame_capture(const std::filesystem::path& file, const RgbVolume& colours,
                                       const SeriesInfo& series, const SeriesPlace& source,
                                       const DerivedSeries& derived, const Progress& progress = {});

} // namespace bloch::imaging
