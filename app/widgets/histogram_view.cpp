#include "app/widgets/histogram_view.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include "app/theme/theme.h"
#include "core/data/window_level.h"

namespace bloch::app {
namespace {

constexpr int bin_count = 88;
constexpr int ramp_height = 5;
constexpr double edge_reach = 5; // px
constexpr std::size_t most_samples = 500000;

} // namespace

HistogramView::HistogramView(const QString& object_name, QWidget* parent)
    : QWidget(parent) {
  setObjectName(object_name);
  setFixedHeight(88);
  setMouseTracking(true);
  setToolTip("Drag an edge of the window, or the part between them.");
}

void HistogramView::set_volume(std::shared_ptr<const Volume> volume, const std::optional<ValueRange>& padding) {
  if (volume == volume_) return;
  volume_ = std::move(volume);
  bins_.assign(bin_count, 0);
  if (!volume_) return update();
  const ValueRange range = value_range(*volume_, padding);
  minimum_ = range.minimum;
  // A few very bright samples would press the rest to the left edge.
  maximum_ =
      std::max(percentile(*volume_, 0.9995, padding), range.minimum + (range.maximum - range.minimum) * 0.02);
  if (!(maximum_ > minimum_)) maximum_ = minimum_ + 1;
  volume_->visit([this, &padding](auto samples) {
    const std::size_t step = std::max<std::size_t>(1, samples.size() / most_samples);
    for (std::size_t i = 0; i < samples.size(); i += step) {
      const auto value = static_cast<double>(samples[i]);
      if (padding && value >= padding->minimum && value <= padding->maximum) continue;
      const double share = (value - minimum_) / (maximum_ - minimum_);
      if (share >= 0 && share <= 1)
        ++bins_[std::min<std::size_t>(bin_count - 1, static_cast<std::size_t>(share * bin_count))];
    }
  });
  // Air is most of a head: the bin of the background may not set the scale.
  std::vector<double> sorted(bins_.begin() + 2, bins_.end());
  const double top = std::max(1.0, *std::max_element(sorted.begin(), sorted.end()) * 1.08);
  for (double& bin : bins_) bin = std::min(1.0, std::sqrt(bin / top));
  update();
}

void HistogramView::set_window(const WindowLevel& window, bool inverse) {
  window_ = window;
  inverse_ = inverse;
  update();
}

QRectF HistogramView::plot() const { return {0.5, 0.5, width() - 1.0, height() - ramp_height - 4.0}; }

double HistogramView::to_x(double value) const {
  const QRectF area = plot();
  return area.left() + (value - minimum_) / (maximum_ - minimum_) * area.width();
}

double HistogramView::to_value(double x) const {
  const QRectF area = plot();
  return minimum_ + (x - area.left()) / area.width() * (maximum_ - minimum_);
}

void HistogramView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF area = plot();
  painter.fillRect(area, theme_colour("well"));
  if (volume_) {
    draw_bars(painter, area);
    draw_window(painter, area);
  }
  painter.setPen(theme_colour("line"));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(area);
}

void HistogramView::draw_bars(QPainter& painter, const QRectF& area) const {
  const double low = to_x(window_.level - window_.width / 2);
  const double high = to_x(window_.level + window_.width / 2);
  QColor veil = theme_colour("accent");
  veil.setAlphaF(0.1F);
  painter.fillRect(QRectF(low, area.top(), high - low, area.height()).intersected(area), veil);
  const double bar = area.width() / bin_count;
  const QColor colour = tinted(theme_colour("text-3"), 0.62);
  for (int i = 0; i < bin_count; ++i) {
    const double tall = bins_[static_cast<std::size_t>(i)] * (area.height() - 2);
    painter.fillRect(QRectF(area.left() + i * bar, area.bottom() - tall, bar + 0.5, tall), colour);
  }
}

void HistogramView::draw_window(QPainter& painter, const QRectF& area) const {
  const double low = to_x(window_.level - window_.width / 2);
  const double high = to_x(window_.level + window_.width / 2);
  painter.save();
  painter.setClipRect(area);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(theme_colour("accent"), 1.5));
  painter.drawLine(QPointF(low, area.top()), QPointF(low, area.bottom()));
  painter.drawLine(QPointF(high, area.top()), QPointF(high, area.bottom()));
  QPen dashes(theme_colour("accent-text"), 1.3);
  dashes.setDashPattern({2.2, 2.2});
  painter.setPen(dashes);
  QPolygonF curve;
  constexpr int steps = 64;
  for (int i = 0; i <= steps; ++i) {
    const double x = low + (high - low) * i / steps;
    const double output = apply_window(to_value(x), window_);
    curve << QPointF(x, area.bottom() - (inverse_ ? 1 - output : output) * area.height());
  }
  painter.drawPolyline(curve);
  painter.restore();
  QLinearGradient ramp(low, 0, high, 0);
  ramp.setColorAt(0, inverse_ ? Qt::white : Qt::black);
  ramp.setColorAt(1, inverse_ ? Qt::black : Qt::white);
  painter.fillRect(QRectF(area.left(), height() - ramp_height, area.width(), ramp_height), ramp);
}

HistogramView::Grip HistogramView::grip_at(double x) const {
  if (!volume_) return Grip::none;
  const double low = to_x(window_.level - window_.width / 2);
  const double high = to_x(window_.level + window_.width / 2);
  if (std::abs(x - high) <= edge_reach) return Grip::high;
  if (std::abs(x - low) <= edge_reach) return Grip::low;
  return x > low && x < high ? Grip::whole : Grip::none;
}

void HistogramView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  grip_ = grip_at(event->position().x());
  grip_offset_ = to_value(event->position().x()) - window_.level;
}

void HistogramView::mouseMoveEvent(QMouseEvent* event) {
  if (grip_ == Grip::none) {
    const Grip under = grip_at(event->position().x());
    setCursor(under == Grip::low || under == Grip::high ? Qt::SizeHorCursor : Qt::ArrowCursor);
    return;
  }
  const double value = to_value(event->position().x());
  double low = window_.level - window_.width / 2;
  double high = window_.level + window_.width / 2;
  const double least = (maximum_ - minimum_) / 500;
  if (grip_ == Grip::low) low = std::min(value, high - least);
  if (grip_ == Grip::high) high = std::max(value, low + least);
  if (grip_ == Grip::whole) {
    low += value - grip_offset_ - window_.level;
    high = low + window_.width;
  }
  emit window_changed(high - low, (high + low) / 2);
}

void HistogramView::mouseReleaseEvent(QMouseEvent*) {
  if (grip_ != Grip::none) emit edit_finished();
  grip_ = Grip::none;
}

} // namespace bloch::app
