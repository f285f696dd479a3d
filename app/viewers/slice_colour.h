#pragma once

#include <array>
#include <map>
#include <span>
#include <string>

#include <QImage>

#include "core/data/window_level.h"
#include "core/presets/colour_map.h"

namespace bloch::app {

/// 256 colours by the names of a scene: "grey" in equal steps of the pixel value, as the window's output is
/// meant; else core/presets/colour_map.h.
ColourTable colour_table(const std::string& name);

/// The colours in the other order.
std::array<Rgb, colour_map_size> turned_around(ColourTable table);

/// Samples to pixels through window and colour table; not-a-number is black.
/// image: Format_RGBX8888 of as many pixels; cost: 0.5 ms for 512 x 512
void colour_samples(std::span<const float> samples, const WindowLevel& window, ColourTable table,
                    QImage& image);

/// Red, green and blue samples (0 to 255) to pixels; not-a-number is black. image: as for colour_samples
/// inverse: each colour turned around
void combine_channels(const std::array<std::span<const float>, 3>& samples, bool inverse, QImage& image);

/// How an anomaly map lies over an image.
struct OverlayRamp {
  double threshold = 0.95;
  double opacity = 0.78;

  /// Where the opacity is full: 0.28 above the threshold, or at 1 when that is nearer.
  double full_at() const;
  /// 0 at the threshold and below (and for not-a-number), `opacity` from full_at() on.
  double opacity_of(double value) const;
  /// Place in the colour map: 0 at the threshold, 1 at value 1.
  double place_of(double value) const;
};

/// Lays a map over pixels that are there.
void blend_overlay(std::span<const float> values, const OverlayRamp& ramp, ColourTable table, QImage& image);

/// Fills segments over pixels that are there, 35 % opaque with a full edge towards every other label.
/// labels: whole numbers or not-a-number, row by row of the image; labels without a colour are not drawn
void blend_segments(std::span<const float> labels, const std::map<int, Rgb>& colours, QImage& image);

/// Lays lines and text over pixels that are there. coverage: 0 to `full`, interpolated so that thin lines stay
/// whole when the image is made smaller
void blend_lines(std::span<const float> coverage, double full, const Rgb& colour, QImage& image);

} // namespace bloch::app
