#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QWidget>

#include "core/data/series.h"
#include "core/data/volume.h"

namespace bloch::app {

/// Values of a volume with the window over them: how often, what is black, what is white, and the ramp between.
/// Dragging an edge moves it, dragging between them moves the level.
class HistogramView : public QWidget {
  Q_OBJECT

 public:
  explicit HistogramView(const QString& object_name, QWidget* parent = nullptr);

  /// From at most half a million samples, evenly taken; those of the padding are left out.
  void set_volume(std::shared_ptr<const Volume> volume, const std::optional<ValueRange>& padding = {});
  /// inverse: small values are bright, so the ramp falls
  void set_window(const WindowLevel& window, bool inverse = false);

 signals:
  void window_changed(double width, double level);
  void edit_finished();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  enum class Grip { none, low, high, whole };
  QRectF plot() const;
  double to_x(double value) const;
  double to_value(double x) const;
  Grip grip_at(double x) const;
  void draw_bars(QPainter& painter, const QRectF& area) const;
  void draw_window(QPainter& painter, const QRectF& area) const;

  std::shared_ptr<const Volume> volume_;
  std::vector<double> bins_; ///< heights from 0 to 1
  double minimum_ = 0, maximum_ = 1;
  WindowLevel window_;
  bool inverse_ = false;
  Grip grip_ = Grip::none;
  double grip_offset_ = 0;
};

} // namespace bloch::app
