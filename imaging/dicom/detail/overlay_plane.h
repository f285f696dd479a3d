#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

class DcmItem;

namespace bloch::imaging {

struct DicomFile;

/// One overlay plane of a file (PS3.3 C.9.2), its bits unpacked.
struct OverlayPlane {
  int number = 1; ///< 1 for group 6000, 2 for 6002, …
  std::string name;
  int rows = 0, columns = 0;
  int first_row = 0, first_column = 0; ///< in the image, from 0; may be negative
  int first_frame = 0;                 ///< frame of the image that its first frame lies on, from 0
  int frames = 1;
  int bit = 0;                    ///< of the pixels, where the plane lies in them
  std::vector<std::uint8_t> bits; ///< packed, the lowest bit first; empty: the plane lies in the pixels

  bool at(int frame, int row, int column) const {
    const std::size_t i =
        (static_cast<std::size_t>(frame) * static_cast<std::size_t>(rows) + static_cast<std::size_t>(row)) *
            static_cast<std::size_t>(columns) +
        static_cast<std::size_t>(column);
    return (bits[i / 8] >> (i % 8) & 1) != 0;
  }
};

/// How many planes a data set has.
int count_overlays(DcmItem& dataset);

/// Errors: malformed (a plane is shorter than it says)
Result<std::vector<OverlayPlane>> overlay_planes(DcmItem& dataset, int frames);

} // namespace bloch::imaging
