#pragma once

#include <string>
#include <vector>

#include "core/session/document.h"
#include "core/session/settings.h"

namespace bloch::app {

struct TransferFunction;

/// The transfer function that the 3D view of an image begins with, by its name in
/// resources/presets/transfer_functions.json: of a map (a unit, an ADC, a dose, an error) its own colours over
/// the window, of CT bone, of PET a hot body, of MR and of image files a head, of everything else a grey ramp
/// over the window.
std::string volume_preset(const Item& item);

/// What the user chose for images that begin with the same preset; empty: nothing, or what does not fit this
/// one.
std::string chosen_preset(const Settings& settings, const Item& item);
/// Remembers a choice; empty: none, the automatic one holds.
void choose_preset(Settings& settings, const Item& item, const std::string& preset);

/// The chosen preset, else the automatic one.
std::string shown_preset(const Settings& settings, const Item& item);

/// Those whose places mean something for an image: shares of its window for all, Hounsfield units for CT and
/// for image files, which do not say what they are.
std::vector<const TransferFunction*> fitting_presets(const Item& item);

} // namespace bloch::app
