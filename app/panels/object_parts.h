#pragma once

#include <optional>

#include "core/session/document.h"

namespace bloch::app {

/// A point inside a segment (by number) or region (by place) of an annotation: the middle of it on the slice
/// where it is largest. Nothing when it is empty.
std::optional<WorldPoint> centre_of_part(const Item& annotation, int part);

} // namespace bloch::app
