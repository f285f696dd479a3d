#include "app/desktop/window_presets.h"

#include <map>
#include <tuple>
#include <utility>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/theme/theme_colours.h"

namespace bloch::app {
namespace {

using PresetLists = std::map<std::string, std::vector<WindowPreset>>;

WindowPreset read_preset(const QJsonObject& json) {
  WindowPreset preset;
  preset.name = json["name"].toString();
  preset.file = json["file"].toBool();
  if (json.contains("width"))
    preset.window = WindowLevel{json["width"].toDouble(), json["level"].toDouble(), preset.name.toStdString()};
  if (const QJsonArray shares = json["percentiles"].toArray(); shares.size() == 2)
    preset.shares = std::pair(shares[0].toDouble(), shares[1].toDouble());
  return preset;
}

PresetLists read_preset_lists() {
  load_resources();
  PresetLists lists;
  QFile file(":/bloch/presets/windows.json");
  if (!file.open(QIODevice::ReadOnly)) return lists;
  const QJsonObject modalities = QJsonDocument::fromJson(file.readAll()).object()["modalities"].toObject();
  for (auto modality = modalities.begin(); modality != modalities.end(); ++modality)
    for (const QJsonValue& preset : modality.value().toArray())
      lists[modality.key().toStdString()].push_back(read_preset(preset.toObject()));
  return lists;
}

} // namespace

std::string preset_list_name(const SeriesInfo& series) {
  return series.value_unit == suv_unit ? "SUV" : series.modality;
}

const std::vector<WindowPreset>& window_presets(const std::string& list) {
  static PresetLists lists = read_preset_lists();
  const auto found = lists.find(list);
  return found == lists.end() ? lists[""] : found->second;
}

std::optional<WindowLevel> preset_window(const WindowPreset& preset, const Item& item) {
  if (preset.window) return preset.window;
  if (preset.file) {
    // A window that was found on opening carries the name of its rule, one from the file does not.
    for (const WindowLevel& window : item.series.windows)
      if (window.name != "1-99 %" && window.name != "full" && window.name != suv_window.name) return window;
    return {};
  }
  if (!preset.shares || !item.volume) return {};
  auto [first, last] = *preset.shares; // from the darkest on
  if (is_inverse(item)) std::tie(first, last) = std::pair(1 - last, 1 - first);
  const double low = percentile(*item.volume, first, item.series.padding);
  const double high = percentile(*item.volume, last, item.series.padding);
  if (!(high > low)) return {};
  return WindowLevel{high - low, (high + low) / 2, preset.name.toStdString()};
}

} // namespace bloch::app
