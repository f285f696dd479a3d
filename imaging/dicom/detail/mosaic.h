#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// Siemens (mosaic) and United Imaging (grid) write a whole volume as the tiles of one image, row by row.
struct Mosaic {
  int tiles = 0;
  int tiles_across = 0;
  int tile_columns = 0, tile_rows = 0;
  std::optional<Eigen::Vector3d>
      slice_normal; ///< direction from tile to tile; nothing where the file does not say
  std::vector<Eigen::Vector3d> tile_positions; ///< of a grid, which lists them; empty: by the normal
};

/// Nothing when the file is no mosaic. Errors: unsupported (a mosaic that does not say how many tiles it has),
/// malformed
Result<std::optional<Mosaic>> read_mosaic(DcmItem& dataset);

/// One frame a tile, placed in the patient, from the header of the whole image.
std::vector<FrameHeader> tile_headers(DcmItem& dataset, const Mosaic& mosaic, const FrameHeader& whole);

} // namespace bloch::imaging
