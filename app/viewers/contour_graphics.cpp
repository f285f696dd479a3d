#include <algorithm>
#include <cmath>

#include "app/viewers/slice_graphics.h"

namespace bloch::app {
namespace {

QPen pen_of(const ContourRegion& region) {
  QPen pen(QColor(region.colour[0], region.colour[1], region.colour[2]), 1.5);
  pen.setJoinStyle(Qt::RoundJoin);
  return pen;
}

/// All points nearer to the plane than half a slice.
bool lies_in_plane(const PlaneView& view, const Contour& contour) {
  const double limit = std::max(view.axes.step_mm / 2, 1e-3);
  return std::all_of(contour.points.begin(), contour.points.end(),
                     [&](const WorldPoint& point) { return std::abs(view.distance_mm(point)) <= limit; });
}

void draw_contour(QPainter& painter, const PlaneView& view, const Contour& contour) {
  if (lies_in_plane(view, contour)) {
    QPolygonF line;
    for (const WorldPoint& point : contour.points) line << view.position_of(point);
    if (line.size() == 1)
      painter.drawEllipse(line.front(), 2.5, 2.5);
    else if (contour.closed)
      painter.drawPolygon(line);
    else
      painter.drawPolyline(line);
    return;
  }
  for (const auto& [first, last] : contour_cut(view, contour))
    painter.drawLine(view.position_of(first), view.position_of(last));
}

} // namespace

std::vector<std::pair<WorldPoint, WorldPoint>> contour_cut(const PlaneView& view, const Contour& contour) {
  std::vector<std::pair<WorldPoint, WorldPoint>> cut;
  if (!contour.closed || contour.points.size() < 3) return cut;
  std::vector<WorldPoint> crossings;
  for (std::size_t i = 0; i < contour.points.size(); ++i) {
    const WorldPoint& a = contour.points[i];
    const WorldPoint& b = contour.points[(i + 1) % contour.points.size()];
    const double from = (a.mm - view.crosshair.mm).dot(view.axes.normal);
    const double to = (b.mm - view.crosshair.mm).dot(view.axes.normal);
    // A point on the plane belongs to one side, so that the number of crossings is even.
    if ((from < 0) == (to < 0)) continue;
    crossings.push_back({a.mm + (b.mm - a.mm) * (from / (from - to))});
  }
  if (crossings.size() < 2) return cut;
  const auto farthest = std::max_element(crossings.begin(), crossings.end(), [&](const auto& a, const auto& b) {
    return (a.mm - crossings.front().mm).norm() < (b.mm - crossings.front().mm).norm();
  });
  const Eigen::Vector3d along = farthest->mm - crossings.front().mm;
  std::sort(crossings.begin(), crossings.end(),
            [&](const auto& a, const auto& b) { return a.mm.dot(along) < b.mm.dot(along); });
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) cut.emplace_back(crossings[i], crossings[i + 1]);
  return cut;
}

void draw_contours(QPainter& painter, const PlaneView& view, const std::vector<SceneContours>& contours) {
  painter.setBrush(Qt::NoBrush);
  for (const SceneContours& scene : contours)
    for (std::size_t i = 0; i < scene.set->regions.size(); ++i) {
      if (i < scene.shown.size() && !scene.shown[i]) continue;
      painter.setPen(pen_of(scene.set->regions[i]));
      for (const Contour& contour : scene.set->regions[i].contours) draw_contour(painter, view, contour);
    }
}

} // namespace bloch::app
