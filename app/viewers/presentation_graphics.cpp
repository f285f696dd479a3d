#include "app/viewers/presentation_graphics.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/viewers/corner_text.h"

namespace bloch::app {
namespace {

constexpr double two_pi = 2 * M_PI;

QPainterPath curve_through(const QPolygonF& points) {
  QPainterPath path(points.front());
  const qsizetype count = points.size();
  const bool closed = count > 3 && points.front() == points.last();
  const auto at = [&](qsizetype i) {
    if (closed) return points[(i + count - 1) % (count - 1)];
    return points[std::clamp<qsizetype>(i, 0, count - 1)];
  };
  for (qsizetype i = 0; i + 1 < count; ++i)
    path.cubicTo(at(i) + (at(i + 1) - at(i - 1)) / 6, at(i + 1) - (at(i + 2) - at(i)) / 6, at(i + 1));
  return path;
}

/// From centre, along one half axis, then the other.
QPainterPath ellipse(const QPointF& centre, const QPointF& first, const QPointF& second) {
  constexpr int steps = 96;
  QPolygonF line;
  for (int i = 0; i < steps; ++i)
    line << centre + first * std::cos(two_pi * i / steps) + second * std::sin(two_pi * i / steps);
  QPainterPath path;
  path.addPolygon(line);
  path.closeSubpath();
  return path;
}

/// From pixels of an image to the screen.
struct ImageOnScreen {
  const PlaneView& view;
  const VolumeGeometry& geometry;
  int slice;

  QPointF operator()(const std::array<double, 2>& pixel) const {
    return view.position_of(geometry.to_world({Eigen::Vector3d(pixel[0] - 0.5, pixel[1] - 0.5, slice)}));
  }
};

/// The image that a view shows, and its grid; nothing where it shows none as it was taken.
struct ShownImage {
  int number; ///< from ScenePresentation::first_image
  VolumeGeometry grid;
  int slice; ///< of the grid
};

std::optional<ShownImage> shown_image(const PlaneView& view, const ScenePresentation& scene) {
  const Eigen::Vector3d normal = scene.geometry.direction.col(2);
  if (std::abs(view.axes.normal.dot(normal)) < 0.999) return std::nullopt;
  if (scene.image_origins.empty()) {
    const auto slice = static_cast<int>(std::lround(scene.geometry.to_voxel(view.crosshair).index.z()));
    return ShownImage{slice, scene.geometry, slice};
  }
  if (std::abs(scene.shown_grid.direction.col(2).dot(normal)) < 0.999) return std::nullopt;
  const double slice = std::round(scene.shown_grid.to_voxel(view.crosshair).index.z());
  const Eigen::Vector3d in_plane = scene.shown_grid.to_world({Eigen::Vector3d(0, 0, slice)}).mm;
  constexpr double same_plane = 0.05; // of the distance of two slices
  for (std::size_t i = 0; i < scene.image_origins.size(); ++i) {
    const WorldPoint& origin = scene.image_origins[i];
    if (std::abs(normal.dot(in_plane - origin.mm)) > same_plane * scene.shown_grid.spacing_mm.z()) continue;
    ShownImage image{static_cast<int>(i), scene.geometry, 0};
    image.grid.origin = origin;
    return image;
  }
  return std::nullopt;
}

/// Over a dark line that tells it from bright tissue.
void draw_line(QPainter& painter, const QPainterPath& path, const QColor& colour, bool filled) {
  QColor dark(Qt::black);
  dark.setAlphaF(0.6F);
  QColor inside = colour;
  inside.setAlphaF(0.35F);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(dark, 3));
  painter.drawPath(path);
  if (filled) painter.setBrush(inside);
  painter.setPen(QPen(colour, 1.5));
  painter.drawPath(path);
}

void draw_text(QPainter& painter, const ImageOnScreen& on_screen, const PresentationGraphic& graphic,
               const QColor& colour) {
  const QStringList lines = QString::fromStdString(graphic.text).split('\n');
  const QFont font = viewer_font(12, QFont::Medium);
  painter.setFont(font);
  const QFontMetricsF metrics(font);
  QSizeF needed(0, metrics.height() * static_cast<double>(lines.size()));
  for (const QString& line : lines) needed.setWidth(std::max(needed.width(), metrics.horizontalAdvance(line)));
  QRectF box;
  if (graphic.points.size() == 2)
    box = QRectF(on_screen(graphic.points[0]), on_screen(graphic.points[1])).normalized();
  else
    box = QRectF(on_screen(*graphic.anchor) + QPointF(6, -needed.height() / 2), needed);
  if (graphic.anchor && graphic.anchor_line && graphic.points.size() == 2) {
    const QPointF anchor = on_screen(*graphic.anchor);
    QPainterPath line(anchor);
    line.lineTo(std::clamp(anchor.x(), box.left(), box.right()),
                std::clamp(anchor.y(), box.top(), box.bottom()));
    draw_line(painter, line, colour, false);
  }
  // A box may be smaller than the words on this screen: they go on beyond it rather than lose letters.
  const int side = graphic.alignment < 0 || graphic.points.empty() ? Qt::AlignLeft
                   : graphic.alignment > 0                         ? Qt::AlignRight
                                                                   : Qt::AlignHCenter;
  QRectF row(box.left(), box.top(), box.width(), metrics.height());
  for (const QString& line : lines) {
    draw_viewer_text(painter, row, side | Qt::AlignTop, line, colour);
    row.translate(0, row.height());
  }
}

void draw_graphic(QPainter& painter, const ImageOnScreen& on_screen, const PresentationGraphic& graphic,
                  const QColor& colour) {
  if (graphic.kind == GraphicKind::text) return draw_text(painter, on_screen, graphic, colour);
  QPolygonF points;
  for (const auto& point : graphic.points) points << on_screen(point);
  draw_line(painter, path_of(graphic.kind, points), colour, graphic.filled);
}

} // namespace

QPainterPath path_of(GraphicKind kind, const QPolygonF& points) {
  QPainterPath path;
  if (points.isEmpty()) return path;
  switch (kind) {
  case GraphicKind::point:
    path.addEllipse(points.front(), 2.5, 2.5);
    break;
  case GraphicKind::polyline:
    path.addPolygon(points);
    break;
  case GraphicKind::interpolated:
    if (points.size() >= 2) path = curve_through(points);
    break;
  case GraphicKind::circle:
    if (points.size() >= 2) {
      const QPointF out = points[1] - points[0];
      const double radius = std::hypot(out.x(), out.y());
      path.addEllipse(points[0], radius, radius);
    }
    break;
  case GraphicKind::ellipse:
    if (points.size() >= 4)
      path = ellipse((points[0] + points[1]) / 2, (points[1] - points[0]) / 2, (points[3] - points[2]) / 2);
    break;
  case GraphicKind::text:
    break;
  }
  return path;
}

void draw_presentations(QPainter& painter, const PlaneView& view,
                        const std::vector<ScenePresentation>& states) {
  for (const ScenePresentation& scene : states) {
    const auto image = shown_image(view, scene);
    if (!image) continue;
    for (std::size_t i = 0; i < scene.state->layers.size(); ++i) {
      const GraphicLayer& layer = scene.state->layers[i];
      if (i < scene.shown.size() && !scene.shown[i]) continue;
      const QColor colour(layer.colour[0], layer.colour[1], layer.colour[2]);
      for (const PresentationGraphic& graphic : layer.graphics)
        if (graphic.series_uid == scene.series_uid &&
            std::binary_search(graphic.images.begin(), graphic.images.end(), scene.first_image + image->number))
          draw_graphic(painter, {view, image->grid, image->slice}, graphic, colour);
    }
  }
}

} // namespace bloch::app
