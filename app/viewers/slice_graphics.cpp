#include "app/viewers/slice_graphics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Geometry>
#include <QFontMetricsF>

#include "app/theme/theme_colours.h"
#include "app/viewers/corner_text.h"

namespace bloch::app {
namespace {

constexpr double crosshair_gap = 14;
constexpr double caution_height = 14;

/// Colour of the plane whose normal is nearest to a direction.
QColor plane_colour(const Eigen::Vector3d& normal) {
  Eigen::Index axis = 0;
  normal.cwiseAbs().maxCoeff(&axis);
  constexpr std::array tokens = {"sagittal", "coronal", "axial"};
  return theme_colour(tokens[static_cast<std::size_t>(axis)]);
}

/// Longest of 1, 2, 5 x 10^n (and 3 x 10) millimetres that is at most a limit.
double scale_length_mm(double limit_mm) {
  double length = 0;
  for (double decade = 0.01; decade <= 1000; decade *= 10)
    for (const double step : {1.0, 2.0, 3.0, 5.0})
      if (decade * step <= limit_mm) length = decade * step;
  return length;
}

QFont caution_font() {
  QFont font = viewer_font(10, QFont::DemiBold);
  font.setLetterSpacing(QFont::AbsoluteSpacing, 0.3);
  return font;
}

/// A number for a colour bar: as many decimals as tell the divisions apart.
QString bar_number(double value, double step) {
  if (std::abs(value) < step * 1e-6) return "0";
  const int decimals =
      std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)) + (step < 1 ? 1 : 0), 0, 6);
  QString text = QString::number(value, 'f', decimals);
  if (text.contains('.')) {
    while (text.endsWith('0') && !text.endsWith(".0")) text.chop(1);
  }
  return text.replace('-', QChar(0x2212));
}

/// Corners of the convex hull in order (Andrew's monotone chain); empty when it has no area.
QPolygonF convex_hull(std::vector<QPointF> points) {
  std::sort(points.begin(), points.end(), [](const QPointF& a, const QPointF& b) {
    return a.x() < b.x() || (a.x() == b.x() && a.y() < b.y());
  });
  const auto turns = [](const QPointF& a, const QPointF& b, const QPointF& c) {
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
  };
  QPolygonF hull;
  for (int side = 0; side < 2; ++side) {
    const qsizetype start = hull.size();
    for (const QPointF& point : points) {
      while (hull.size() >= start + 2 && turns(hull[hull.size() - 2], hull.last(), point) <= 1e-9)
        hull.removeLast();
      hull.append(point);
    }
    if (!hull.isEmpty()) hull.removeLast();
    std::reverse(points.begin(), points.end());
  }
  return hull.size() >= 3 ? hull : QPolygonF();
}

} // namespace

void draw_crosshair(QPainter& painter, const PlaneView& view) {
  const QPointF at = view.position_of(view.crosshair);
  // On the middle of a pixel, so that a 1 px line is one pixel wide.
  const double x = std::floor(at.x()) + 0.5;
  const double y = std::floor(at.y()) + 0.5;
  const auto set_pen = [&](const Eigen::Vector3d& normal) {
    QColor colour = plane_colour(normal);
    colour.setAlphaF(0.75F);
    painter.setPen(QPen(colour, 1, Qt::SolidLine, Qt::FlatCap));
  };
  set_pen(view.axes.right);
  painter.drawLine(QPointF(x, 0), QPointF(x, y - crosshair_gap));
  painter.drawLine(QPointF(x, y + crosshair_gap), QPointF(x, view.size.height()));
  set_pen(view.axes.down);
  painter.drawLine(QPointF(0, y), QPointF(x - crosshair_gap, y));
  painter.drawLine(QPointF(x + crosshair_gap, y), QPointF(view.size.width(), y));
}

void draw_orientation(QPainter& painter, const PlaneView& view, double bottom,
                      const std::vector<QRectF>& taken) {
  painter.setFont(viewer_font(13, QFont::DemiBold));
  const QFontMetricsF metrics(painter.font());
  const auto draw = [&](const Eigen::Vector3d& direction, const QPointF& anchor, double left_share) {
    const QString text = orientation_text(direction);
    const double width = metrics.horizontalAdvance(text) + 1;
    const QRectF place(anchor.x() - width * left_share, anchor.y(), width, 16);
    const auto covers = [&](const QRectF& other) { return other.intersects(place); };
    if (std::none_of(taken.begin(), taken.end(), covers))
      draw_viewer_text(painter, place, Qt::AlignLeft | Qt::AlignVCenter, text, theme_colour("overlay"));
  };
  const double width = view.size.width();
  const double middle = view.size.height() / 2;
  draw(-view.axes.right, {viewer_margin, middle}, 0);
  draw(view.axes.right, {width - viewer_margin, middle}, 1);
  draw(-view.axes.down, {width / 2, viewer_margin - 2}, 0.5);
  draw(view.axes.down, {width / 2, bottom - 18}, 0.5);
}

QRectF draw_caution(QPainter& painter, const QSizeF& size) {
  const QString text = "NOT FOR DIAGNOSTIC USE";
  const QFont font = caution_font();
  const double width = std::ceil(QFontMetricsF(font).horizontalAdvance(text)) + 6;
  const QRectF frame((size.width() - width) / 2, size.height() - viewer_margin - caution_height + 2, width,
                     caution_height);
  painter.fillRect(frame, QColor(0, 0, 0, 117));
  painter.setFont(font);
  draw_viewer_text(painter, frame, Qt::AlignCenter, text, theme_colour("caution"));
  return frame;
}

QRectF draw_scale_bar(QPainter& painter, const QSizeF& size, double mm_per_pixel) {
  const QRectF caution = draw_caution(painter, size);
  const double length_mm = scale_length_mm(std::min(size.width() * 0.3, 110.0) * mm_per_pixel);
  const double length = length_mm / mm_per_pixel;
  if (length < 4) return caution;
  const QString label = QString("%1 mm").arg(length_mm);
  const QFont font = viewer_font(11);
  const double label_width = QFontMetricsF(font).horizontalAdvance(label);
  const double left = std::floor((size.width() - length) / 2) + 0.5;
  const double base = std::floor(caution.top() - 6) + 0.5;
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const auto& [shift, colour] : {std::pair{1.0, QColor(Qt::black)}, {0.0, theme_colour("overlay")}}) {
    painter.setPen(QPen(colour, 1, Qt::SolidLine, Qt::FlatCap));
    const double y = base + shift;
    const double x = left + shift;
    painter.drawLine(QPointF(x, y), QPointF(x + length, y));
    for (int tick = 0; tick <= 5; ++tick) {
      const double place = x + length * tick / 5;
      painter.drawLine(QPointF(place, y), QPointF(place, y - (tick % 5 == 0 ? 5 : 3)));
    }
  }
  painter.setFont(font);
  draw_viewer_text(painter, {left + length + 8, base - 11, label_width + 1, 15},
                   Qt::AlignLeft | Qt::AlignVCenter, label, theme_colour("overlay"));
  return caution | QRectF(left, base - 11, length + 8 + label_width, 15);
}

void draw_colour_bar(QPainter& painter, const QSizeF& size, double top, const ColourBar& bar) {
  constexpr double bar_width = 9;
  const double title_height = bar.title.isEmpty() ? 0 : viewer_line_height + 3;
  const double height = std::floor(std::min(118.0, size.height() / 2 - 14 - top - title_height));
  if (height < 40 || !(bar.maximum > bar.minimum)) return;
  const QColor text_colour = theme_colour("overlay");
  const double right = size.width() - viewer_margin - 2;
  if (title_height > 0) {
    painter.setFont(viewer_font(11, QFont::DemiBold));
    draw_viewer_text(painter, {right - 160, top, 160, viewer_line_height}, Qt::AlignRight | Qt::AlignVCenter,
                     bar.title, theme_colour("overlay"));
  }
  const QRectF frame(std::floor(right - bar_width), std::floor(top + title_height + 6), bar_width, height);
  painter.setFont(viewer_mono_font(10));
  const QFontMetricsF metrics(painter.font());
  const double step = (bar.maximum - bar.minimum) / bar.divisions;
  double numbers_width = 0;
  for (int i = 0; i <= bar.divisions; ++i)
    numbers_width =
        std::max(numbers_width, metrics.horizontalAdvance(bar_number(bar.minimum + i * step, step)));
  painter.fillRect(frame.adjusted(-numbers_width - 10, -8, 4, 8), QColor(0, 0, 0, 117));
  for (int row = 0; row < static_cast<int>(height); ++row) {
    const double share = 1 - (row + 0.5) / height;
    const Rgb colour = colour_of(bar.table, share);
    painter.fillRect(QRectF(frame.left(), frame.top() + row, bar_width, 1),
                     QColor(colour[0], colour[1], colour[2]));
  }
  painter.setPen(QPen(theme_colour("text-3"), 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(frame.adjusted(-0.5, -0.5, 0.5, 0.5));
  for (int i = 0; i <= bar.divisions; ++i) {
    const double y = frame.bottom() - height * i / bar.divisions;
    draw_viewer_text(painter, {frame.left() - 5 - numbers_width, y - 7, numbers_width, 14},
                     Qt::AlignRight | Qt::AlignVCenter, bar_number(bar.minimum + i * step, step), text_colour);
  }
}

void draw_outlines(QPainter& painter, const std::vector<QPolygonF>& outlines) {
  QPen pen(theme_colour("overlay"), 1, Qt::CustomDashLine, Qt::FlatCap);
  pen.setDashPattern({3, 2});
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  for (const QPolygonF& outline : outlines) painter.drawPolyline(outline);
}

QPolygonF box_cut(const PlaneView& view, const std::array<WorldPoint, 8>& corners) {
  // Segments between every two corners: those inside the box fall inside the hull, so the corners may come in
  // any order.
  const auto height = [&](const WorldPoint& corner) {
    return (corner.mm - view.crosshair.mm).dot(view.axes.normal);
  };
  std::vector<QPointF> places;
  for (const WorldPoint& from : corners)
    for (const WorldPoint& to : corners) {
      const double start = height(from);
      const double end = height(to);
      if (start == 0) places.push_back(view.position_of(from));
      if (start < 0 && end > 0)
        places.push_back(view.position_of({from.mm + (to.mm - from.mm) * (start / (start - end))}));
    }
  return convex_hull(std::move(places));
}

void draw_box(QPainter& painter, const PlaneView& view, const std::array<WorldPoint, 8>& corners) {
  const QPolygonF cut = box_cut(view, corners);
  if (cut.isEmpty()) return;
  QColor fill = theme_colour("ok");
  painter.setPen(QPen(fill, 1.3));
  fill.setAlphaF(0.10F);
  painter.setBrush(fill);
  painter.drawPolygon(cut);
  painter.setFont(viewer_font(10, QFont::DemiBold));
  const QRectF bounds = cut.boundingRect();
  draw_viewer_text(painter, {bounds.left(), bounds.top() - 15, 120, 14}, Qt::AlignLeft | Qt::AlignVCenter,
                   "Normal tissue", theme_colour("ok"));
}

void draw_active_frame(QPainter& painter, const QSizeF& size) {
  painter.setPen(QPen(theme_colour("accent"), 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1));
}

} // namespace bloch::app
