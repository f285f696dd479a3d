#pragma once

#include <vector>

#include "imaging/operators/block_fft.h"
#include "imaging/operators/sense.h"

namespace bloch::imaging {

/// Lines side by side in a column or a group.
inline constexpr std::size_t block_lanes = BlockFft::width;

/// Buffers of each worker.
struct SenseOperator::Workspace {
  std::vector<ComplexBuffer> coil;  ///< one coil in columns, or one column of it
  std::vector<ComplexBuffer> lines; ///< 16 lines along x or z
  std::vector<ComplexBuffer> image; ///< columns of the image
  std::vector<ComplexBuffer> sum;   ///< columns of the outcome, or this worker's sum in groups
  ComplexBuffer groups;             ///< the image in groups
};

} // namespace bloch::imaging
