#include <algorithm>

#include <QFontMetricsF>

#include "app/theme/theme_colours.h"
#include "app/viewers/corner_text.h"
#include "app/viewers/slice_graphics.h"

namespace bloch::app {
namespace {

constexpr double handle_size = 5;
constexpr double label_line = 14;

/// Where a label goes: beside its shape, in the view, over no shape and no other label; else the first place in
/// the view.
QRectF label_place(const QRectF& shape, const QSizeF& label, const QSizeF& view,
                   const std::vector<QRectF>& taken) {
  const QRectF room = QRectF(QPointF(), view).adjusted(4, 4, -4, -4);
  std::vector<QRectF> candidates;
  for (const double gap : {10.0, 48.0}) {
    const double middle = shape.center().y() - label.height() / 2;
    candidates.push_back(QRectF(QPointF(shape.right() + gap, middle), label));
    candidates.push_back(QRectF(QPointF(shape.right() + gap, shape.bottom()), label));
    candidates.push_back(QRectF(QPointF(shape.left() - gap - label.width(), middle), label));
    candidates.push_back(QRectF(QPointF(shape.center().x() - label.width() / 2, shape.bottom() + gap), label));
    candidates.push_back(
        QRectF(QPointF(shape.center().x() - label.width() / 2, shape.top() - gap - label.height()), label));
  }
  const auto is_free = [&](const QRectF& place) {
    return room.contains(place) && std::none_of(taken.begin(), taken.end(),
                                                [&](const QRectF& other) { return other.intersects(place); });
  };
  for (const QRectF& place : candidates)
    if (is_free(place)) return place;
  QRectF place = candidates.front();
  place.moveLeft(std::clamp(place.left(), room.left(), std::max(room.left(), room.right() - place.width())));
  place.moveTop(std::clamp(place.top(), room.top(), std::max(room.top(), room.bottom() - place.height())));
  return place;
}

void draw_label(QPainter& painter, const MeasurementShape& shape, const QRectF& place, const QColor& colour) {
  const QPointF from(std::clamp(place.center().x(), shape.bounds.left(), shape.bounds.right()),
                     std::clamp(place.center().y(), shape.bounds.top(), shape.bounds.bottom()));
  const QPointF to(std::clamp(from.x(), place.left() - 3, place.right() + 3),
                   std::clamp(from.y(), place.top(), place.bottom()));
  if (QLineF(from, to).length() > 12) {
    QPen pen(colour, 1, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({1, 2});
    painter.setPen(pen);
    painter.drawLine(from, to);
  }
  double top = place.top();
  for (const QString& line : shape.label) {
    draw_viewer_text(painter, {place.left(), top, place.width(), label_line}, Qt::AlignLeft | Qt::AlignVCenter,
                     line, colour);
    top += label_line;
  }
}

} // namespace

void draw_measurements(QPainter& painter, const QSizeF& size, const std::vector<MeasurementShape>& shapes,
                       int selected, std::vector<QRectF> taken) {
  painter.setBrush(Qt::NoBrush);
  for (const MeasurementShape& shape : shapes) taken.push_back(shape.bounds);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const MeasurementShape& shape = shapes[i];
    const bool chosen = static_cast<int>(i) == selected;
    const QColor colour = theme_colour(chosen ? "measure-selected" : "measure");
    QColor shadow(Qt::black);
    shadow.setAlphaF(0.6F);
    for (const auto& [pen_colour, shift] : {std::pair{shadow, 1.0}, {colour, 0.0}}) {
      painter.setPen(QPen(pen_colour, chosen ? 1.5 : 1.3, Qt::SolidLine, Qt::FlatCap));
      for (const QPolygonF& line : shape.lines) painter.drawPolyline(line.translated(shift, shift));
    }
    if (chosen) {
      painter.setPen(QPen(colour, 1));
      for (const QPointF& handle : shape.handles) {
        const QRectF square(handle - QPointF(handle_size, handle_size) / 2, QSizeF(handle_size, handle_size));
        painter.fillRect(square, Qt::black);
        painter.drawRect(square);
      }
    }
    if (shape.label.isEmpty()) continue;
    painter.setFont(viewer_font(11, QFont::Medium));
    double width = 0;
    for (const QString& line : shape.label)
      width = std::max(width, QFontMetricsF(painter.font()).horizontalAdvance(line));
    const QRectF place = label_place(
        shape.bounds, {width + 1, label_line * static_cast<double>(shape.label.size())}, size, taken);
    taken.push_back(place);
    draw_label(painter, shape, place, colour);
  }
}

} // namespace bloch::app
