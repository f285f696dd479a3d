#include "core/data/image_scale.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace bloch {
namespace {

constexpr int two_dimensional = 1;
constexpr int tissue = 1, colour_flow = 2;
constexpr int centimetres = 3, seconds = 4;

bool holds(const UltrasoundRegion& region, const std::array<double, 2>& point) {
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (!(point[axis] >= region.first[axis] - 0.5 && point[axis] <= region.last[axis] + 0.5)) return false;
  return true;
}

template <std::size_t N> std::string name_of(const std::array<const char*, N>& names, int code) {
  return code >= 0 && static_cast<std::size_t>(code) < N ? names[static_cast<std::size_t>(code)]
                                                         : fmt::format("code {}", code);
}

} // namespace

std::optional<std::array<double, 2>> pixel_size_mm(const UltrasoundRegion& region) {
  if (region.format != two_dimensional || (region.content != tissue && region.content != colour_flow) ||
      region.units != std::array{centimetres, centimetres})
    return std::nullopt;
  return std::array{std::abs(region.delta[0]) * 10, std::abs(region.delta[1]) * 10};
}

bool same_pixel_size(const std::array<double, 2>& a, const std::array<double, 2>& b) {
  return std::abs(a[0] - b[0]) <= 1e-3 * std::abs(b[0]) && std::abs(a[1] - b[1]) <= 1e-3 * std::abs(b[1]);
}

std::optional<std::array<double, 2>> common_pixel_size_mm(std::span<const UltrasoundRegion> regions) {
  std::optional<std::array<double, 2>> common;
  for (const UltrasoundRegion& region : regions) {
    const auto size = pixel_size_mm(region);
    if (!size) continue;
    if (common && !same_pixel_size(*size, *common)) return std::nullopt;
    if (!common) common = size;
  }
  return common;
}

std::string region_kind(const UltrasoundRegion& region) {
  // PS3.3 C.8.5.5.1.1 and C.8.5.5.1.2
  static constexpr std::array formats = {"no format", "2D", "M-mode", "spectral", "wave form", "graphics"};
  static constexpr std::array contents = {"no data",
                                          "tissue",
                                          "colour flow",
                                          "PW Doppler",
                                          "CW Doppler",
                                          "Doppler mean trace",
                                          "Doppler mode trace",
                                          "Doppler maximum trace",
                                          "volume trace",
                                          "d(volume)/dt trace",
                                          "ECG trace",
                                          "pulse trace",
                                          "phonocardiogram trace",
                                          "grey bar",
                                          "colour bar",
                                          "integrated backscatter",
                                          "area trace",
                                          "d(area)/dt trace",
                                          "other physiological trace"};
  return name_of(formats, region.format) + ", " + name_of(contents, region.content);
}

std::string region_unit(int code) {
  // PS3.3 C.8.5.5.1.15
  static constexpr std::array units = {"none", "%",   "dB",    "cm",  "s",     "Hz",     "dB/s",
                                       "cm/s", "cm2", "cm2/s", "cm3", "cm3/s", "degrees"};
  return name_of(units, code);
}

std::vector<PhysicalValue> physical_extent(const UltrasoundRegion& region, const std::array<double, 2>& from,
                                           const std::array<double, 2>& to) {
  std::vector<PhysicalValue> values;
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (region.units[axis] != 0 && region.delta[axis] != 0)
      values.push_back(
          {std::abs((to[axis] - from[axis]) * region.delta[axis]), region_unit(region.units[axis])});
  if (values.size() < 2 || region.units[0] != seconds || !(values[0].value > 0)) return values;
  const std::string& unit = values[1].unit;
  values.push_back({values[1].value / values[0].value, unit.ends_with("/s") ? unit + "2" : unit + "/s"});
  return values;
}

std::vector<PhysicalValue> physical_place(const UltrasoundRegion& region, const std::array<double, 2>& point) {
  std::vector<PhysicalValue> values;
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (region.units[axis] != 0 && region.delta[axis] != 0 && region.at_first[axis])
      values.push_back({*region.at_first[axis] + (point[axis] - region.first[axis]) * region.delta[axis],
                        region_unit(region.units[axis])});
  return values;
}

std::vector<UltrasoundRegion> ImageScale::regions_of(int slice) const {
  std::vector<UltrasoundRegion> found;
  if (slice < 0 || static_cast<std::size_t>(slice) >= files.size()) return found;
  const int file = files[static_cast<std::size_t>(slice)];
  std::copy_if(
      regions.begin(), regions.end(), std::back_inserter(found),
      [file](const UltrasoundRegion& region) { return region.first_file <= file && file <= region.last_file; });
  return found;
}

std::optional<std::array<double, 2>>
ImageScale::pixel_size_mm(int slice, std::span<const std::array<double, 2>> points) const {
  std::optional<std::array<double, 2>> common;
  bool held = false;
  for (const UltrasoundRegion& region : regions_of(slice)) {
    const auto inside = [&](const auto& point) { return holds(region, point); };
    if (std::none_of(points.begin(), points.end(), inside)) continue;
    const auto size = bloch::pixel_size_mm(region);
    if (!size || (common && !same_pixel_size(*size, *common))) return std::nullopt;
    if (!common) common = size;
    held = held || std::all_of(points.begin(), points.end(), inside);
  }
  return held ? common : std::nullopt;
}

std::optional<UltrasoundRegion> ImageScale::own_units(int slice,
                                                      std::span<const std::array<double, 2>> points) const {
  std::optional<UltrasoundRegion> found;
  for (const UltrasoundRegion& region : regions_of(slice)) {
    const auto inside = [&](const auto& point) { return holds(region, point); };
    if (std::none_of(points.begin(), points.end(), inside)) continue;
    const bool whole = std::all_of(points.begin(), points.end(), inside);
    if (found || !whole || region.format == two_dimensional) return std::nullopt;
    found = region;
  }
  return found;
}

} // namespace bloch
