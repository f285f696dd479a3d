#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/volume.h"

namespace bloch::imaging {

/// Decimal string of at most 16 characters (PS3.5 6.2, DS), as exact as they allow.
std::string decimal_string(double number);

/// How grey values are kept as uint16: value = stored * slope + intercept, both exactly as they are written.
struct StoredScale {
  double slope = 1;
  double intercept = 0;
  std::uint16_t largest = 0; ///< stored value of the volume's maximum
  bool exact = true;         ///< whole numbers that all come back as they were
};

StoredScale stored_scale(const Volume& volume);
/// One for all of them; exact when each holds whole numbers. Contract: at least one volume.
StoredScale common_scale(std::span<const Volume> volumes);
/// Slice z of the volume, rows first. no_number: what stands for values that are none
std::vector<std::uint16_t> stored_slice(const Volume& volume, int z, const StoredScale& scale,
                                        std::uint16_t no_number = 0);

} // namespace bloch::imaging
