#include "imaging/dicom/detail/stored_scale.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace bloch::imaging {

std::string decimal_string(double number) {
  for (int digits = 15; digits > 0; --digits)
    if (std::string text = fmt::format("{:.{}g}", number, digits); text.size() <= 16) return text;
  return "0";
}

StoredScale stored_scale(const Volume& volume) { return common_scale({&volume, 1}); }

StoredScale common_scale(std::span<const Volume> volumes) {
  ValueRange range = value_range(volumes.front());
  bool whole = true;
  for (const Volume& volume : volumes) {
    const ValueRange own = value_range(volume);
    range = {std::min(range.minimum, own.minimum), std::max(range.maximum, own.maximum)};
    whole = whole && volume.holds<std::int16_t>();
  }
  StoredScale scale;
  if (whole) {
    scale.intercept = std::min(0.0, range.minimum);
    scale.largest = static_cast<std::uint16_t>(range.maximum - scale.intercept);
    return scale;
  }
  scale.exact = false;
  scale.intercept = std::stod(decimal_string(range.minimum));
  const double span = range.maximum - scale.intercept;
  if (span > 0) scale.slope = std::stod(decimal_string(span / 65535 * (1 + 1e-9))); // never a step too short
  if (!(scale.slope > 0)) scale.slope = 1;
  scale.largest = static_cast<std::uint16_t>(std::clamp(std::round(span / scale.slope), 0.0, 65535.0));
  return scale;
}

std::vector<std::uint16_t> stored_slice(const Volume& volume, int z, const StoredScale& scale,
                                        std::uint16_t no_number) {
  const std::size_t count =
      static_cast<std::size_t>(volume.geometry().size[0]) * static_cast<std::size_t>(volume.geometry().size[1]);
  const std::size_t first = count * static_cast<std::size_t>(z);
  std::vector<std::uint16_t> stored(count);
  volume.visit([&](auto samples) {
    for (std::size_t i = 0; i < count; ++i) {
      const double value = (static_cast<double>(samples[first + i]) - scale.intercept) / scale.slope;
      stored[i] = std::isnan(value) ? no_number
                                    : static_cast<std::uint16_t>(std::clamp(std::round(value), 0.0, 65535.0));
    }
  });
  return stored;
}

} // namespace bloch::imaging
