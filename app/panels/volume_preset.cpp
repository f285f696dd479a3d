#include "app/panels/volume_preset.h"

#include <algorithm>

#include "app/viewers/transfer_function.h"

namespace bloch::app {
namespace {

/// Numbers that mean something by themselves, unlike the brightness of an MR image.
bool is_quantity(const Item& item) {
  if (item.kind == ItemKind::error_map || item.kind == ItemKind::anomaly_map) return true;
  if (item.kind != ItemKind::series && item.kind != ItemKind::resampled) return false;
  const auto& type = item.series.image_type;
  const bool has_unit = !item.series.value_unit.empty() && item.series.value_unit != suv_unit;
  return item.series.modality == "RTDOSE" || has_unit ||
         std::find(type.begin(), type.end(), "ADC") != type.end();
}

std::string key_of(const Item& item) { return "volume.preset." + volume_preset(item); }

} // namespace

std::string volume_preset(const Item& item) {
  if (is_quantity(item)) return "quantity";
  const std::string& modality = item.series.modality;
  if (modality == "CT") return "ct-bone";
  if (modality == "PT") return "pet-hot";
  return modality.empty() || modality == "MR" || modality == "OT" ? "mr-head" : "grey-ramp";
}

std::vector<const TransferFunction*> fitting_presets(const Item& item) {
  const std::string& modality = item.series.modality;
  std::vector<const TransferFunction*> fitting;
  for (const TransferFunction& function : transfer_functions())
    if (function.by_window || modality == "CT" || modality.empty() || modality == "OT")
      fitting.push_back(&function);
  return fitting;
}

std::string chosen_preset(const Settings& settings, const Item& item) {
  const auto chosen = settings.window.find(key_of(item));
  if (chosen == settings.window.end()) return {};
  for (const TransferFunction* function : fitting_presets(item))
    if (function->name == chosen->second) return chosen->second;
  return {};
}

void choose_preset(Settings& settings, const Item& item, const std::string& preset) {
  if (preset.empty())
    settings.window.erase(key_of(item));
  else
    settings.window[key_of(item)] = preset;
}

std::string shown_preset(const Settings& settings, const Item& item) {
  const std::string chosen = chosen_preset(settings, item);
  return chosen.empty() ? volume_preset(item) : chosen;
}

} // namespace bloch::app
