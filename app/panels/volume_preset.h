#pragma once

#include <string>

#include "core/session/document.h"

namespace bloch::app {

/// The transfer function that the 3D view of an image begins with, by its name in
/// resources/presets/transfer_functions.json: of a map (a unit, an ADC, a dose, an error) its own colours over
/// the window, of CT bone, of MR and of image files a head, of everything else a grey ramp over the window.
std::string volume_preset(const Item& item);

} // namespace bloch::app
