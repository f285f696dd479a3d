#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/geometry/world_point.h"

namespace bloch {

/// A line on a slice, in patient space.
struct Contour {
  bool closed = true;
  std::vector<WorldPoint> points;
};

/// A region of interest as a radiotherapy planner drew it.
struct ContourRegion {
  int number = 0;
  std::string name;
  std::string type;                                  ///< "ORGAN", "PTV"; empty when the file does not say
  std::array<std::uint8_t, 3> colour{255, 255, 255}; ///< sRGB
  std::vector<Contour> contours;
};

/// All regions of one plan.
struct StructureSet {
  std::string name;
  std::string frame_of_reference_uid;
  std::vector<ContourRegion> regions; ///< in file order
};

} // namespace bloch
