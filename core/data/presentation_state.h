#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bloch {

/// What a presentation state draws (PS3.3 C.10.5, GraphicType and text).
enum class GraphicKind { point, polyline, interpolated, circle, ellipse, text };

/// One drawing or text over images of a series.
///
/// Points are pixels of the image, x and y: 0, 0 is the outer corner of the first pixel, 0.5, 0.5 its middle.
struct PresentationGraphic {
  GraphicKind kind = GraphicKind::polyline;
  bool filled = false;
  /// Of a line: its points; of a circle: centre and a point on it; of an ellipse: the ends of its long axis,
  /// then of its short one; of a text: two corners of its box, or none.
  std::vector<std::array<double, 2>> points;
  std::string text;                            ///< may have line breaks
  std::optional<std::array<double, 2>> anchor; ///< what a text is about
  bool anchor_line = false;                    ///< from the text's box to its anchor
  int alignment = 0;                           ///< of a text in its box: -1 left, 0 centre, 1 right
  std::string series_uid;                      ///< SeriesInfo::uid
  std::vector<int> images;                     ///< places in SeriesInfo::images
};

/// Drawings that are shown and hidden together.
struct GraphicLayer {
  std::string name;
  std::array<std::uint8_t, 3> colour{255, 255, 255}; ///< sRGB
  std::vector<PresentationGraphic> graphics;
};

/// The drawings of a presentation state over the series that are here.
struct PresentationState {
  std::vector<GraphicLayer> layers; ///< from the bottom up; only those with drawings
  std::vector<std::string>
      not_applied; ///< what else it asks for and is not done, in words: "the rotation by 90°"
};

} // namespace bloch
