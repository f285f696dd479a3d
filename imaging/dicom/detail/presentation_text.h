#pragma once

#include <string>

#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {

/// Label, creator, windows, displayed areas, annotations and shutters of a presentation state, a line each.
std::string presentation_text(DcmItem& dataset);

} // namespace bloch::imaging
