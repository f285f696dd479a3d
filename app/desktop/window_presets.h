#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QString>

#include "core/session/document.h"

namespace bloch::app {

/// A window by name: given in numbers (CT), or found from the image.
struct WindowPreset {
  QString name;
  std::optional<WindowLevel> window; ///< in numbers
  std::optional<std::pair<double, double>>
      shares;        ///< percentiles that become black and white, 0 to 1, from the darkest on
  bool file = false; ///< what the file says
};

/// The window that SUVbw is shown in at first: one for all studies, so that they compare, and the file's was
/// meant for counts or for Bq/ml.
inline const WindowLevel suv_window{7, 3.5, "SUV 0-7"};

/// Whose presets a series has: those of SUVbw or of its modality.
std::string preset_list_name(const SeriesInfo& series);

/// Presets of a list in the order of the keys 1 to 9 (key 0 is "Auto"), from resources/presets/windows.json.
const std::vector<WindowPreset>& window_presets(const std::string& list);

/// The window it gives on this image; nothing when it cannot (no window in the file).
std::optional<WindowLevel> preset_window(const WindowPreset& preset, const Item& item);

} // namespace bloch::app
