#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/volume.h"
#include "core/presets/colour_map.h"

namespace bloch::imaging {

/// An RGB picture in memory, rows from the top.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<Rgb> pixels;

  Picture(int columns, int rows)
      : width(columns)
      , height(rows)
      , pixels(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), Rgb{0, 0, 0}) {}
  Rgb& at(int x, int y) {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
  const Rgb& at(int x, int y) const {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

/// A rectangle of voxels of one axial slice, both ends included.
struct SliceWindow {
  int z = 0;
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// The smallest rectangle around what is brighter than a tenth of the maximum, with a margin; whole slices when
/// nothing is.
SliceWindow window_around_content(const Volume& volume, int z, int margin);

/// Grey values from `black` to `white`, or a colour map over the same range; `zoom` pixels a voxel, bilinear.
Picture draw_slice(const Volume& volume, const SliceWindow& window, double black, double white, int zoom,
                   std::string_view map = "grey");

/// Lays a map of 0 to 1 over the picture: nothing at the threshold, full `opacity` 0.28 above it or at 1.
void overlay(Picture& picture, const Volume& map, const SliceWindow& window, int zoom, std::string_view colours,
             double threshold, double opacity);

/// Dashed outline of everything that is not background.
void outline(Picture& picture, const LabelMap& labels, const SliceWindow& window, int zoom, Rgb colour);

/// PNG bytes (libpng). Errors: failed.
Result<std::vector<std::uint8_t>> to_png(const Picture& picture);

/// Text of base 64 without line breaks.
std::string to_base64(const std::vector<std::uint8_t>& bytes);

} // namespace bloch::imaging
