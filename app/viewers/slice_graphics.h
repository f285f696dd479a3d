#pragma once

#include <array>
#include <utility>
#include <vector>

#include <QPainter>
#include <QPolygonF>

#include "app/viewers/measurement_shape.h"
#include "app/viewers/slice_plane.h"
#include "core/presets/colour_map.h"

namespace bloch::app {

/// Everything below draws with QPainter in the view's device-independent pixels.

/// Lines of the other two planes through the crosshair, in their colours, with a gap around it.
void draw_crosshair(QPainter& painter, const PlaneView& view);

/// Letters of the patient's sides at the middle of each edge, but not where something else is written. `bottom`
/// is where the lowest letter must end.
void draw_orientation(QPainter& painter, const PlaneView& view, double bottom,
                      const std::vector<QRectF>& taken);

/// Scale bar at the bottom centre and the caution under it. Returns the rectangle that they take.
QRectF draw_scale_bar(QPainter& painter, const QSizeF& size, double mm_per_pixel);

/// The caution alone, at the bottom centre. Returns its rectangle.
QRectF draw_caution(QPainter& painter, const QSizeF& size);

/// Colour bar at the right edge with numbers from bottom to top.
struct ColourBar {
  ColourTable table;
  double minimum = 0;
  double maximum = 1;
  int divisions = 2;
  QString title;
};
void draw_colour_bar(QPainter& painter, const QSizeF& size, double top, const ColourBar& bar);

/// Outline of the known findings, dashed.
void draw_outlines(QPainter& painter, const std::vector<QPolygonF>& outlines);

/// Contours that lie in the plane as they were drawn; of those that cross it, the parts of the plane inside
/// them.
void draw_contours(QPainter& painter, const PlaneView& view, const std::vector<SceneContours>& contours);
/// A closed contour's cut with the plane: pairs of points between which the plane is inside it, all on one
/// line.
std::vector<std::pair<WorldPoint, WorldPoint>> contour_cut(const PlaneView& view, const Contour& contour);

/// Where a box of the patient cuts the plane.
void draw_box(QPainter& painter, const PlaneView& view, const std::array<WorldPoint, 8>& corners);
/// The cut as a convex polygon; empty when the plane misses the box.
QPolygonF box_cut(const PlaneView& view, const std::array<WorldPoint, 8>& corners);

/// Shapes, handles of the selected one, labels beside them with leader lines: none over another, over a shape
/// or over what is taken already.
void draw_measurements(QPainter& painter, const QSizeF& size, const std::vector<MeasurementShape>& shapes,
                       int selected, std::vector<QRectF> taken);

/// 1 px inside the edges, in the accent colour.
void draw_active_frame(QPainter& painter, const QSizeF& size);

} // namespace bloch::app
