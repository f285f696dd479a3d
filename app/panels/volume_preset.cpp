#include "app/panels/volume_preset.h"

#include <algorithm>

namespace bloch::app {
namespace {

/// Numbers that mean something by themselves, unlike the brightness of an MR image.
bool is_quantity(const Item& item) {
  if (item.kind == ItemKind::error_map || item.kind == ItemKind::anomaly_map) return true;
  if (item.kind != ItemKind::series && item.kind != ItemKind::resampled) return false;
  const auto& type = item.series.image_type;
  return item.series.modality == "RTDOSE" || !item.series.value_unit.empty() ||
         std::find(type.begin(), type.end(), "ADC") != type.end();
}

} // namespace

std::string volume_preset(const Item& item) {
  if (is_quantity(item)) return "quantity";
  const std::string& modality = item.series.modality;
  if (modality == "CT") return "ct-bone";
  return modality.empty() || modality == "MR" || modality == "OT" ? "mr-head" : "grey-ramp";
}

} // namespace bloch::app
