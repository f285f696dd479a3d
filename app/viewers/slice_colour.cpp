#include "app/viewers/slice_colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/base/contract.h"

namespace bloch::app {
namespace {

using Pixel = std::array<std::uint8_t, 4>;

std::array<Pixel, colour_map_size> pixel_table(ColourTable table) {
  std::array<Pixel, colour_map_size> pixels;
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = {table[i][0], table[i][1], table[i][2], 255};
  return pixels;
}

std::array<Rgb, colour_map_size> grey_steps() {
  std::array<Rgb, colour_map_size> steps;
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].fill(static_cast<std::uint8_t>(i));
  return steps;
}

} // namespace

ColourTable colour_table(const std::string& name) {
  static const std::array<Rgb, colour_map_size> grey = grey_steps();
  return name == "grey" ? ColourTable(grey) : colour_map(name);
}

std::array<Rgb, colour_map_size> turned_around(ColourTable table) {
  std::array<Rgb, colour_map_size> turned{};
  for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = table[colour_map_size - 1 - i];
  return turned;
}

void colour_samples(std::span<const float> samples, const WindowLevel& window, ColourTable table,
                    QImage& image) {
  BLOCH_EXPECTS(image.format() == QImage::Format_RGBX8888);
  BLOCH_EXPECTS(samples.size() * sizeof(Pixel) == static_cast<std::size_t>(image.sizeInBytes()));
  const std::array<Pixel, colour_map_size> pixels = pixel_table(table);
  const ToneCurve curve(window);
  std::uint8_t* out = image.bits();
  for (const float sample : samples) {
    Pixel pixel{0, 0, 0, 255};
    if (!std::isnan(sample)) pixel = pixels[curve(sample)];
    std::memcpy(out, pixel.data(), sizeof(Pixel));
    out += sizeof(Pixel);
  }
}

void combine_channels(const std::array<std::span<const float>, 3>& samples, bool inverse, QImage& image) {
  BLOCH_EXPECTS(image.format() == QImage::Format_RGBX8888);
  for (const auto& channel : samples)
    BLOCH_EXPECTS(channel.size() * sizeof(Pixel) == static_cast<std::size_t>(image.sizeInBytes()));
  std::uint8_t* out = image.bits();
  for (std::size_t i = 0; i < samples[0].size(); ++i, out += sizeof(Pixel)) {
    Pixel pixel{0, 0, 0, 255};
    for (std::size_t c = 0; c < 3; ++c)
      if (const float sample = samples[c][i]; !std::isnan(sample))
        pixel[c] =
            static_cast<std::uint8_t>(std::clamp((inverse ? 255.0F - sample : sample) + 0.5F, 0.0F, 255.0F));
    std::memcpy(out, pixel.data(), sizeof(Pixel));
  }
}

double OverlayRamp::full_at() const { return threshold + std::min(0.28, std::max(1 - threshold, 1e-6)); }

double OverlayRamp::opacity_of(double value) const {
  if (!(value > threshold)) return 0;
  return opacity * std::min(1.0, (value - threshold) / (full_at() - threshold));
}

double OverlayRamp::place_of(double value) const {
  return std::clamp((value - threshold) / std::max(1 - threshold, 1e-6), 0.0, 1.0);
}

void blend_overlay(std::span<const float> values, const OverlayRamp& ramp, ColourTable table, QImage& image) {
  BLOCH_EXPECTS(image.format() == QImage::Format_RGBX8888);
  BLOCH_EXPECTS(values.size() * sizeof(Pixel) == static_cast<std::size_t>(image.sizeInBytes()));
  std::uint8_t* out = image.bits();
  for (const float value : values) {
    if (value > ramp.threshold) {
      const double opacity = ramp.opacity_of(value);
      const Rgb colour = colour_of(table, ramp.place_of(value));
      for (std::size_t channel = 0; channel < 3; ++channel)
        out[channel] =
            static_cast<std::uint8_t>(std::lround(out[channel] * (1 - opacity) + colour[channel] * opacity));
    }
    out += sizeof(Pixel);
  }
}

void blend_segments(std::span<const float> labels, const std::map<int, Rgb>& colours, QImage& image) {
  BLOCH_EXPECTS(image.format() == QImage::Format_RGBX8888);
  BLOCH_EXPECTS(labels.size() * sizeof(Pixel) == static_cast<std::size_t>(image.sizeInBytes()));
  constexpr double fill = 0.35;
  const auto width = static_cast<std::size_t>(image.width());
  std::uint8_t* out = image.bits();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float label = labels[i];
    if (!(label > 0)) continue;
    const auto colour = colours.find(static_cast<int>(label));
    if (colour == colours.end()) continue;
    const bool inside = i % width != 0 && (i + 1) % width != 0 && i >= width && i + width < labels.size();
    const bool edge = inside && (labels[i - 1] != label || labels[i + 1] != label ||
                                 labels[i - width] != label || labels[i + width] != label);
    const double opacity = edge ? 1 : fill;
    for (std::size_t channel = 0; channel < 3; ++channel) {
      std::uint8_t& value = out[i * sizeof(Pixel) + channel];
      value = static_cast<std::uint8_t>(std::lround(value * (1 - opacity) + colour->second[channel] * opacity));
    }
  }
}

void blend_lines(std::span<const float> coverage, double full, const Rgb& colour, QImage& image) {
  BLOCH_EXPECTS(image.format() == QImage::Format_RGBX8888);
  BLOCH_EXPECTS(coverage.size() * sizeof(Pixel) == static_cast<std::size_t>(image.sizeInBytes()));
  constexpr double gain = 2; // half a pixel of a line is a whole one to the eye
  std::uint8_t* out = image.bits();
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    if (!(coverage[i] > 0)) continue;
    const double opacity = std::min(1.0, gain * coverage[i] / full);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      std::uint8_t& value = out[i * sizeof(Pixel) + channel];
      value = static_cast<std::uint8_t>(std::lround(value * (1 - opacity) + colour[channel] * opacity));
    }
  }
}

} // namespace bloch::app
