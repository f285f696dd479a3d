#pragma once

#include <memory>

#include "core/data/value_range.h"
#include "core/data/volume.h"

namespace bloch::app {

/// The volume with the largest of its other values in place of its padding, to be drawn with small values
/// bright: what is no data is then the darkest there is (PS3.3 C.7.5.1.1.2), without a bright seam where the
/// display interpolates. nullptr where the padding is that already, or there is none.
///
/// Shared by all that ask while one of them holds it. cost: a copy of the volume
std::shared_ptr<const Volume> background_filled(const std::shared_ptr<const Volume>& volume,
                                                const ValueRange& padding);

} // namespace bloch::app
