#include "imaging/dicom/detail/ultrasound_regions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t most_regions = 64; ///< of one image
constexpr int two_dimensional = 1;
constexpr int centimetres = 3;

/// -1: absent or out of reach of any image.
int bound_value(DcmItem& item, const DcmTagKey& tag) {
  const auto value = number_value(item, tag);
  return value && *value >= 0 && *value <= 65536 ? static_cast<int>(*value) : -1;
}

double delta_value(DcmItem& item, const DcmTagKey& tag) {
  return number_value(item, tag).value_or(std::numeric_limits<double>::quiet_NaN());
}

/// What the middle of the region's first pixel stands for: the reference pixel is counted from there
/// (C.8.5.5.1.16). In M-mode and on a spectrum it is the time of capture, the skin or the baseline: 0 where no
/// value is given.
std::optional<double> value_of_first(DcmItem& item, int format, const DcmTagKey& pixel, const DcmTagKey& value,
                                     double delta) {
  constexpr int m_mode = 2, spectral = 3;
  const auto reference = number_value(item, pixel);
  auto known = number_value(item, value);
  if (!known && (format == m_mode || format == spectral)) known = 0;
  if (!reference || !known) return std::nullopt;
  const double first = *known - *reference * delta;
  return std::isfinite(first) ? std::optional(first) : std::nullopt;
}

/// Empty: it can be.
std::string why_not(const UltrasoundRegion& region, int columns, int rows) {
  const std::array<int, 2> size{columns, rows};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const int first = region.first[axis], last = region.last[axis];
    if (first < 0 || last < first || first >= size[axis] || last > size[axis])
      return fmt::format("its bounds ({}-{}, {}-{}) are not those of a part of the image", region.first[0],
                         region.last[0], region.first[1], region.last[1]);
    const double delta = std::abs(region.delta[axis]);
    if (region.format == two_dimensional && region.units[axis] == centimetres &&
        !(delta >= 1e-7 && delta <= 100)) // 1 nm to 1 m
      return "it gives no size of a pixel";
  }
  return {};
}

/// Covers the image in some scanners' files, and gives no scale.
bool says_nothing(const UltrasoundRegion& region) {
  return region.format == 0 && region.units == std::array<int, 2>{0, 0};
}

std::string size_text(const std::array<double, 2>& size) {
  return fmt::format("{:.4g} x {:.4g} mm", size[0], size[1]);
}

bool is_placed(const FrameHeader& header) { return header.position && header.axes && header.pixel_spacing_mm; }

} // namespace

std::vector<UltrasoundRegion> read_ultrasound_regions(DcmItem& dataset, int columns, int rows,
                                                      std::vector<Warning>& warnings) {
  std::vector<UltrasoundRegion> regions;
  const auto items = items_of(dataset, DCM_SequenceOfUltrasoundRegions);
  std::size_t left_out = items.size() > most_regions ? items.size() - most_regions : 0;
  std::string reason = left_out > 0 ? "there are too many" : "";
  for (std::size_t i = 0; i < items.size() && i < most_regions; ++i) {
    DcmItem& item = *items[i];
    UltrasoundRegion region;
    region.first = {bound_value(item, DCM_RegionLocationMinX0), bound_value(item, DCM_RegionLocationMinY0)};
    region.last = {bound_value(item, DCM_RegionLocationMaxX1), bound_value(item, DCM_RegionLocationMaxY1)};
    region.format = integer_value(item, DCM_RegionSpatialFormat);
    region.content = integer_value(item, DCM_RegionDataType);
    region.units = {integer_value(item, DCM_PhysicalUnitsXDirection),
                    integer_value(item, DCM_PhysicalUnitsYDirection)};
    region.delta = {delta_value(item, DCM_PhysicalDeltaX), delta_value(item, DCM_PhysicalDeltaY)};
    if (says_nothing(region)) continue;
    if (const std::string why = why_not(region, columns, rows); !why.empty()) {
      ++left_out;
      reason = why;
      continue;
    }
    for (double& delta : region.delta)
      if (!std::isfinite(delta)) delta = 0; // of a direction that no length is told in
    region.at_first = {value_of_first(item, region.format, DCM_ReferencePixelX0,
                                      DCM_ReferencePixelPhysicalValueX, region.delta[0]),
                       value_of_first(item, region.format, DCM_ReferencePixelY0,
                                      DCM_ReferencePixelPhysicalValueY, region.delta[1])};
    region.last = {std::min(region.last[0], columns - 1), std::min(region.last[1], rows - 1)};
    regions.push_back(region);
  }
  if (left_out > 0)
    warnings.push_back({"bad-region", fmt::format("{} of {} ultrasound regions not used: {}", left_out,
                                                  items.size(), reason)});
  return regions;
}

std::optional<std::array<double, 2>> grid_spacing_mm(const FrameHeader& header,
                                                     std::span<const UltrasoundRegion> regions) {
  if (is_placed(header) || regions.empty()) return header.pixel_spacing_mm;
  return common_pixel_size_mm(regions);
}

void warn_of_regions(const FrameHeader& header, SeriesInfo& series) {
  if (series.regions.empty()) return;
  const auto spatial = std::any_of(series.regions.begin(), series.regions.end(),
                                   [](const UltrasoundRegion& region) { return pixel_size_mm(region); });
  if (!spatial) {
    const auto measured =
        std::any_of(series.regions.begin(), series.regions.end(),
                    [](const UltrasoundRegion& region) { return region.format != two_dimensional; });
    series.warnings.push_back(
        {"no-spacing",
         std::string("no ultrasound region of the images has a scale in space: lengths are ") +
             (measured ? "in a region's own units inside it, elsewhere in pixels" : "in pixels")});
    return;
  }
  const auto common = common_pixel_size_mm(series.regions);
  if (!common)
    series.warnings.push_back({"region-scales", "the ultrasound regions have different scales: lengths inside "
                                                "one are in mm, across several and elsewhere in pixels"});
  else if (header.pixel_spacing_mm && !same_pixel_size(*header.pixel_spacing_mm, *common))
    series.warnings.push_back(
        {"region-spacing", fmt::format("the pixel spacing of the header ({}) is not that of the ultrasound "
                                       "regions ({}): lengths follow the regions",
                                       size_text(*header.pixel_spacing_mm), size_text(*common))});
}

} // namespace bloch::imaging
