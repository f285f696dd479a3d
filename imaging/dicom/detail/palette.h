#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"

class DcmItem;

namespace bloch::imaging {

/// Colours of PALETTE COLOR images by stored value (PS3.3 C.7.9), 8 bits each.
struct Palette {
  long first = 0; ///< stored value of the first entry; smaller values take it, larger ones the last
  std::vector<std::array<std::uint8_t, 3>> colours;

  const std::array<std::uint8_t, 3>& of(std::int64_t stored) const;
};

/// Palette of a data set, plain or segmented (PS3.3 C.7.9.2).
/// errors: malformed (a table is missing or shorter than it says)
Result<Palette> read_palette(DcmItem& dataset, bool is_signed);

} // namespace bloch::imaging
