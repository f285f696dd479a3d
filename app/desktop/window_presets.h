#pragma once

#include <optional>
#include <vector>

#include <QString>

#include "core/session/document.h"

namespace bloch::app {

/// A window by name: given in numbers (CT), or found from the image.
struct WindowPreset {
  QString name;
  std::optional<WindowLevel> window;               ///< in numbers
  std::optional<std::pair<double, double>> shares; ///< percentiles that become black and white, 0 to 1
  bool file = false;                               ///< what the file says
};

/// Presets of a modality in the order of the keys 1 to 9 (key 0 is "Auto"), from
/// resources/presets/windows.json.
const std::vector<WindowPreset>& window_presets(const std::string& modality);

/// The window it gives on this image; nothing when it cannot (no window in the file).
std::optional<WindowLevel> preset_window(const WindowPreset& preset, const Item& item);

} // namespace bloch::app
