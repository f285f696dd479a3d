#include "app/widgets/line_chart.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include "app/theme/theme.h"
#include "app/theme/theme_colours.h"

namespace bloch::app {
namespace {

constexpr double chart_top = 10;
constexpr double chart_right = 14;
constexpr double chart_bottom = 38;

/// A step of 1, 2 or 5 times a power of ten that gives about `count` ticks.
double nice_step(double range, int count) {
  const double raw = range / std::max(1, count);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw * 0.999) return factor * power;
  return 10 * power;
}

bool can_be_drawn(const QPointF& point, bool log_x, bool log_y) {
  return std::isfinite(point.x()) && std::isfinite(point.y()) && (!log_x || point.x() > 0) &&
         (!log_y || point.y() > 0);
}

} // namespace

LineChart::LineChart(QWidget* parent)
    : QWidget(parent) {
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void LineChart::set_axes(ChartAxis x, ChartAxis y) {
  x_ = std::move(x);
  y_ = std::move(y);
  update();
}

void LineChart::set_series(std::vector<ChartSeries> series) {
  series_ = std::move(series);
  update();
}

void LineChart::set_diagonal(bool on) {
  diagonal_ = on;
  update();
}

void LineChart::set_empty_text(const QString& text) {
  empty_text_ = text;
  update();
}

double LineChart::Scale::part(double value) const {
  if (logarithmic) return std::log(value / low) / std::log(high / low);
  return (value - low) / (high - low);
}

QString LineChart::Scale::text(double tick) const {
  if (logarithmic && (tick >= 1e5 || tick < 1e-3)) {
    return QString::number(tick, 'e', 0).replace("e-0", "e-").replace("e+0", "e").replace('-', QChar(0x2212));
  }
  if (logarithmic) return QString::number(tick);
  return QString::number(tick, 'f', decimals).replace('-', QChar(0x2212));
}

LineChart::Scale LineChart::scale_of(const ChartAxis& axis, bool horizontal) const {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const auto& one : series_)
    for (const auto& point : one.points) {
      if (!can_be_drawn(point, x_.logarithmic, y_.logarithmic)) continue;
      low = std::min(low, horizontal ? point.x() : point.y());
      high = std::max(high, horizontal ? point.x() : point.y());
    }
  if (!(low <= high)) low = axis.logarithmic ? 0.1 : 0, high = 1;
  Scale scale;
  scale.logarithmic = axis.logarithmic;
  if (axis.logarithmic) {
    scale.low = axis.minimum.value_or(low);
    scale.high = axis.maximum.value_or(high);
    if (scale.high < scale.low * 1.001) scale.low /= 2, scale.high *= 2;
    const double margin = std::pow(scale.high / scale.low, 0.06);
    if (!axis.minimum) scale.low /= margin;
    if (!axis.maximum) scale.high *= margin;
    const int decades = std::max(1, static_cast<int>(std::log10(scale.high / scale.low)));
    const int stride = std::max(1, decades / std::max(1, axis.ticks));
    for (int power = static_cast<int>(std::ceil(std::log10(scale.low) - 1e-9));
         std::pow(10, power) <= scale.high * 1.0001; power += stride)
      scale.ticks.push_back(std::pow(10, power));
    if (scale.ticks.size() < 2) scale.ticks = {scale.low, scale.high};
    return scale;
  }
  if (high - low < 1e-12 * std::max(1.0, std::abs(high))) {
    const double around = std::abs(high) > 0 ? std::abs(high) * 0.05 : 0.5;
    low -= around;
    high += around;
  } else if (!horizontal) {
    const double margin = (high - low) * 0.08;
    low -= margin;
    high += margin;
  }
  scale.low = axis.minimum.value_or(low);
  scale.high = axis.maximum.value_or(high);
  if (scale.high <= scale.low) scale.high = scale.low + 1;
  const double step = nice_step(scale.high - scale.low, axis.ticks);
  scale.decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 6);
  for (double tick = std::ceil(scale.low / step - 1e-6) * step; tick <= scale.high + step * 1e-6; tick += step)
    scale.ticks.push_back(std::abs(tick) < step * 1e-6 ? 0 : tick);
  return scale;
}

QRectF LineChart::plot_area(const Scale& y) const {
  const QFontMetricsF metrics(mono_font(10));
  double widest = 0;
  for (const double tick : y.ticks) widest = std::max(widest, metrics.horizontalAdvance(y.text(tick)));
  const double left = widest + (y_.title.isEmpty() ? 12 : 28);
  return QRectF(left, chart_top, std::max(10.0, width() - left - chart_right),
                std::max(10.0, height() - chart_top - (x_.title.isEmpty() ? chart_bottom - 16 : chart_bottom)));
}

QPointF LineChart::place(const QPointF& point, const Scale& x, const Scale& y, const QRectF& area) const {
  return {area.left() + x.part(point.x()) * area.width(), area.bottom() - y.part(point.y()) * area.height()};
}

void LineChart::paint_grid(QPainter& painter, const Scale& x, const Scale& y, const QRectF& area) const {
  const QFont ticks = mono_font(10);
  painter.setFont(ticks);
  const QFontMetricsF metrics(ticks);
  for (const double tick : y.ticks) {
    const double row = std::round(area.bottom() - y.part(tick) * area.height()) + 0.5;
    painter.setPen(QPen(theme_colour("line"), 1));
    painter.drawLine(QPointF(area.left(), row), QPointF(area.right(), row));
    painter.setPen(theme_colour("text-3"));
    painter.drawText(QRectF(0, row - 8, area.left() - 6, 16), Qt::AlignRight | Qt::AlignVCenter, y.text(tick));
  }
  painter.setPen(QPen(theme_colour("line-strong"), 1));
  const double floor = std::round(area.bottom()) + 0.5;
  painter.drawLine(QPointF(area.left(), floor), QPointF(area.right(), floor));
  painter.setPen(theme_colour("text-3"));
  for (const double tick : x.ticks) {
    const double column = area.left() + x.part(tick) * area.width();
    const double half = metrics.horizontalAdvance(x.text(tick)) / 2 + 2;
    const double centre = std::clamp(column, half, width() - half);
    painter.drawText(QRectF(centre - half, area.bottom() + 3, 2 * half, 14), Qt::AlignCenter, x.text(tick));
  }
  painter.setFont(ui_font(11));
  painter.setPen(theme_colour("text-2"));
  if (!x_.title.isEmpty())
    painter.drawText(QRectF(area.left(), area.bottom() + 17, area.width(), 16), Qt::AlignCenter, x_.title);
  if (!y_.title.isEmpty()) {
    painter.save();
    painter.translate(8, area.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-area.height() / 2, -8, area.height(), 16), Qt::AlignCenter, y_.title);
    painter.restore();
  }
}

void LineChart::paint_series(QPainter& painter, const ChartSeries& series, const Scale& x, const Scale& y,
                             const QRectF& area) const {
  const QColor colour = theme_colour(series.colour);
  QPainterPath path;
  QPointF last;
  bool begun = false;
  for (const auto& point : series.points) {
    if (!can_be_drawn(point, x_.logarithmic, y_.logarithmic)) continue;
    const QPointF here = place(point, x, y, area);
    if (!begun)
      path.moveTo(here);
    else {
      if (series.steps) path.lineTo(QPointF(here.x(), last.y()));
      path.lineTo(here);
    }
    last = here;
    begun = true;
  }
  if (!begun) return;
  painter.save();
  painter.setClipRect(area.adjusted(-1, -chart_top, chart_right, 1));
  if (series.line) {
    QPen pen(colour, series.steps ? 1.0 : 1.5);
    if (series.dashed) pen.setDashPattern({3, 2});
    painter.strokePath(path, pen);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  const double radius = series.highlighted ? 5 : series.line ? 2 : 3.5;
  if (series.markers)
    for (const auto& point : series.points)
      if (can_be_drawn(point, x_.logarithmic, y_.logarithmic)) {
        if (series.highlighted) painter.setPen(QPen(theme_colour("text-1"), 1.5));
        painter.drawEllipse(place(point, x, y, area), radius, radius);
      }
  if (series.end_marker) painter.drawEllipse(last, 3, 3);
  painter.restore();
}

void LineChart::paint_labels(QPainter& painter, const Scale& x, const Scale& y, const QRectF& area) const {
  painter.setFont(ui_font(11));
  const QFontMetricsF metrics(painter.font());
  std::vector<QRectF> taken;
  for (const auto& one : series_) {
    if (!one.labelled || one.points.empty()) continue;
    const QPointF at = place(one.points.back(), x, y, area);
    const double wide = metrics.horizontalAdvance(one.name) + 4;
    // Above right, above left, below right, below left: the first place that is free and inside.
    const std::vector<QPointF> offsets{{8, -18}, {-wide - 4, -18}, {8, 4}, {-wide - 4, 4}, {10, -8}};
    QRectF best(at + offsets.front(), QSizeF(wide, 14));
    for (const auto& offset : offsets) {
      const QRectF box(at + offset, QSizeF(wide, 14));
      const bool inside = box.left() >= area.left() && box.right() <= width() && box.top() >= 0 &&
                          box.bottom() <= area.bottom();
      const bool is_free =
          std::none_of(taken.begin(), taken.end(), [&](const QRectF& other) { return other.intersects(box); });
      if (!inside || !is_free) continue;
      best = box;
      break;
    }
    taken.push_back(best);
    painter.setPen(theme_colour(one.highlighted ? "text-1" : "text-2"));
    painter.drawText(best, Qt::AlignLeft | Qt::AlignVCenter, one.name);
  }
}

void LineChart::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool has_points =
      std::any_of(series_.begin(), series_.end(), [](const ChartSeries& one) { return !one.points.empty(); });
  if (!has_points) {
    painter.setFont(ui_font(11));
    painter.setPen(theme_colour("text-3"));
    painter.drawText(QRectF(rect()).adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  const Scale x = scale_of(x_, true);
  const Scale y = scale_of(y_, false);
  const QRectF area = plot_area(y);
  paint_grid(painter, x, y, area);
  if (diagonal_) {
    QPen pen(theme_colour("text-3"), 1);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawLine(area.bottomLeft(), area.topRight());
  }
  for (const auto& one : series_) paint_series(painter, one, x, y, area);
  paint_labels(painter, x, y, area);
}

QString LineChart::value_near(const QPointF& position) const {
  const Scale x = scale_of(x_, true);
  const Scale y = scale_of(y_, false);
  const QRectF area = plot_area(y);
  double nearest = 14;
  QString text;
  for (const auto& one : series_) {
    if (one.name.isEmpty()) continue;
    for (const auto& point : one.points) {
      if (!can_be_drawn(point, x_.logarithmic, y_.logarithmic)) continue;
      const double away = QLineF(place(point, x, y, area), position).length();
      if (away >= nearest) continue;
      nearest = away;
      text = QStringLiteral("%1\n%2 %3\n%4 %5")
                 .arg(one.name, x_.title, QString::number(point.x(), 'g', 4), y_.title,
                      QString::number(point.y(), 'g', 4));
    }
  }
  return text;
}

bool LineChart::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = value_near(help->pos());
    if (text.isEmpty())
      QToolTip::hideText();
    else
      QToolTip::showText(help->globalPos(), text, this);
    return true;
  }
  return QWidget::event(event);
}

} // namespace bloch::app
