#pragma once

#include "app/cli/command.h"
#include "imaging/open/open.h"

namespace bloch::app {

/// How `convert --like` treats values that lie on another grid.
struct GridPolicy {
  bool segmentation = false; ///< written as a segmentation, which may have a grid of its own
  bool labels = false;       ///< labels, not amounts
  bool told = false;         ///< another volume of the same grid was put there, and its warnings were given
};

/// Puts an image on the grid of `like`: what has no geometry takes that of the series; what lies on its grid
/// takes the order of its voxels; labels take the nearest label at each voxel of the series, and everything
/// else keeps its own places, with a warning.
///
/// image:  its volume, warnings and frame of reference are changed
/// errors: invalid_parameter (no geometry and another size; labels that are no whole numbers)
Result<void> put_on_grid(const Invocation& invocation, imaging::OpenedImage& image,
                         const imaging::OpenedImage& like, const GridPolicy& policy);

} // namespace bloch::app
