#include "core/presets/colour_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/contract.h"

namespace bloch {
namespace {

using Lab = std::array<double, 3>;

// Inferno from 0.30 on, so that even the lowest finding is brighter than tissue.
constexpr std::array<std::uint32_t, 9> anomaly_points{0x6A176E, 0x8F2469, 0xB1325A, 0xD24644, 0xEA632A,
                                                      0xF8870E, 0xFCB216, 0xF4DD4F, 0xFCFFA4};
constexpr std::array<std::uint32_t, 9> error_points{0x040714, 0x00203B, 0x00415F, 0x006380, 0x00839D,
                                                    0x00A3B7, 0x5CC6CB, 0xB0E2DD, 0xE8F7F3};
// viridis
constexpr std::array<std::uint32_t, 9> kernel_points{0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C,
                                                     0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};
constexpr std::array<std::uint32_t, 3> signed_points{0x3B6FB6, 0xF2F2F2, 0xC4513F};
constexpr std::array<std::uint32_t, 2> grey_points{0x000000, 0xFFFFFF};

constexpr std::array<ColourMap, 5> maps{{
    {"bloch-anomaly", "Anomaly", "Warm is finding: how unusual a place is.", anomaly_points},
    {"bloch-error", "Error", "Cool is error: how far an image is from its reference.", error_points},
    {"bloch-kernel", "Kernel", "Similarity of samples, from 0 to 1.", kernel_points},
    {"bloch-signed", "Signed", "Differences around zero: blue below, red above.", signed_points},
    {"grey", "Grey", "Images.", grey_points},
}};

constexpr Lab white_d65{0.95047, 1.0, 1.08883};

double to_linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double to_gamma(double channel) {
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * std::pow(channel, 1 / 2.4) - 0.055;
}

Lab to_lab(std::uint32_t colour) {
  const double red = to_linear(((colour >> 16) & 255) / 255.0);
  const double green = to_linear(((colour >> 8) & 255) / 255.0);
  const double blue = to_linear((colour & 255) / 255.0);
  const Lab xyz{0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
                0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
                0.0193339 * red + 0.1191920 * green + 0.9503041 * blue};
  Lab f{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double ratio = xyz[i] / white_d65[i];
    f[i] = ratio > 216.0 / 24389 ? std::cbrt(ratio) : (24389.0 / 27 * ratio + 16) / 116;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

Rgb to_rgb(const Lab& lab) {
  const double middle = (lab[0] + 16) / 116;
  const Lab f{middle + lab[1] / 500, middle, middle - lab[2] / 200};
  Lab xyz{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double cube = f[i] * f[i] * f[i];
    xyz[i] = white_d65[i] * (cube > 216.0 / 24389 ? cube : (116 * f[i] - 16) * 27 / 24389);
  }
  const std::array<double, 3> linear{3.2404542 * xyz[0] - 1.5371385 * xyz[1] - 0.4985314 * xyz[2],
                                     -0.9692660 * xyz[0] + 1.8760108 * xyz[1] + 0.0415560 * xyz[2],
                                     0.0556434 * xyz[0] - 0.2040259 * xyz[1] + 1.0572252 * xyz[2]};
  Rgb rgb{};
  for (std::size_t i = 0; i < 3; ++i)
    rgb[i] =
        static_cast<std::uint8_t>(std::lround(255 * std::clamp(to_gamma(std::max(0.0, linear[i])), 0.0, 1.0)));
  return rgb;
}

std::array<Rgb, colour_map_size> interpolated(std::span<const std::uint32_t> points) {
  std::vector<Lab> labs;
  for (const std::uint32_t point : points) labs.push_back(to_lab(point));
  std::array<Rgb, colour_map_size> table{};
  for (std::size_t i = 0; i < colour_map_size; ++i) {
    const double place = static_cast<double>(i) * static_cast<double>(points.size() - 1) /
                         static_cast<double>(colour_map_size - 1);
    const std::size_t below = std::min(static_cast<std::size_t>(place), points.size() - 2);
    const double part = place - static_cast<double>(below);
    Lab mixed{};
    for (std::size_t c = 0; c < 3; ++c) mixed[c] = (1 - part) * labs[below][c] + part * labs[below + 1][c];
    table[i] = to_rgb(mixed);
  }
  return table;
}

} // namespace

std::span<const ColourMap> colour_maps() { return maps; }

ColourTable colour_map(std::string_view name) {
  static const std::array<std::array<Rgb, colour_map_size>, maps.size()> tables = [] {
    std::array<std::array<Rgb, colour_map_size>, maps.size()> all{};
    for (std::size_t i = 0; i < maps.size(); ++i) all[i] = interpolated(maps[i].control_points);
    return all;
  }();
  const auto found =
      std::find_if(maps.begin(), maps.end(), [&](const ColourMap& map) { return map.name == name; });
  BLOCH_EXPECTS(found != maps.end());
  return tables[static_cast<std::size_t>(found - maps.begin())];
}

Rgb colour_of(ColourTable table, double value) {
  const double place = std::isnan(value) ? 0.0 : std::clamp(value, 0.0, 1.0) * (colour_map_size - 1);
  return table[static_cast<std::size_t>(std::lround(place))];
}

} // namespace bloch
