#pragma once

#include <span>

#include "core/base/result.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// Parallel slices that lie where they were taken (a leaning gantry, gaps, uneven steps, a slice pushed aside)
/// as a volume with perpendicular axes and one spacing.
///
/// stacked:        the slices in order, with their orientation and pixel size; the steps between them are not
///                 looked at
/// slice_origins:  where the first voxel of each slice lies (SeriesInfo::slice_origins)
/// spacing_mm:     distance of the new slices; 0: the smallest distance of two slices, which loses nothing
/// returns:        the smallest such grid that holds all slices (the last of them to within half a spacing), of
/// the
///                 same sample type. Between slices linear along their normal, within them bilinear; the
///                 smallest value of the volume where there was no slice
/// errors:         invalid_parameter (no origin for a slice, slices at one place, a spacing that is negative or
///                 makes too many slices), out_of_memory, cancelled
Result<Volume> resample_to_true_grid(const Volume& stacked, std::span<const WorldPoint> slice_origins,
                                     double spacing_mm = 0, const Progress& progress = {});

} // namespace bloch::imaging
