#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/data/series.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// The grid that frames of one file lie on, in any order, several at one place, with places left empty.
struct FrameGrid {
  VolumeGeometry geometry;
  std::vector<int> slices; ///< of each frame
  bool placed = true;      ///< false: no positions; each frame is a slice, 1 mm apart, from the origin
  std::vector<Warning> warnings;
};

/// spacing_mm: SpacingBetweenSlices as the file gives it; 0: none
/// errors: unsupported (different orientations, pushed sideways, too far apart: says why)
Result<FrameGrid> make_frame_grid(const std::vector<FrameHeader>& frames, int rows, int columns,
                                  double spacing_mm);

} // namespace bloch::imaging
