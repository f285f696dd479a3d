#pragma once

#include <optional>
#include <vector>

#include <QPointF>
#include <QString>
#include <QWidget>

namespace bloch::app {

/// One line, staircase or cloud of a chart.
struct ChartSeries {
  QString name;
  QString colour = "series-1"; ///< token
  std::vector<QPointF> points; ///< x ascending for lines
  bool line = true;
  bool dashed = false;
  bool steps = false;      ///< constant between points: a Pareto front
  bool markers = false;    ///< a dot at each point
  bool end_marker = false; ///< a dot at the last point
  bool labelled = false;   ///< the name beside the last point
  bool highlighted = false;
};

struct ChartAxis {
  QString title;
  std::optional<double> minimum; ///< else from the data
  std::optional<double> maximum;
  bool logarithmic = false;
  int ticks = 5; ///< about as many
};

/// A line or scatter chart in the tokens of the theme.
///
/// Painted by Qt and not by vtkChartXY: four of these stand beside the views, and each VTK chart would cost an
/// OpenGL context and a read-back a frame on a software renderer (and draw its text without the fonts of the
/// window).
class LineChart : public QWidget {
  Q_OBJECT

 public:
  explicit LineChart(QWidget* parent = nullptr);

  void set_axes(ChartAxis x, ChartAxis y);
  void set_series(std::vector<ChartSeries> series);
  const std::vector<ChartSeries>& series() const { return series_; }
  /// A thin dashed line from corner to corner: chance in an ROC chart.
  void set_diagonal(bool on);
  /// The sentence in place of the chart while there is no series.
  void set_empty_text(const QString& text);

  QSize sizeHint() const override { return {288, 190}; }
  QSize minimumSizeHint() const override { return {160, 120}; }

 protected:
  void paintEvent(QPaintEvent*) override;
  bool event(QEvent* event) override;

 private:
  struct Scale {
    double low = 0, high = 1;
    bool logarithmic = false;
    std::vector<double> ticks;
    int decimals = 0;
    double part(double value) const;
    QString text(double tick) const;
  };
  Scale scale_of(const ChartAxis& axis, bool horizontal) const;
  QRectF plot_area(const Scale& y) const;
  QPointF place(const QPointF& point, const Scale& x, const Scale& y, const QRectF& area) const;
  void paint_grid(QPainter& painter, const Scale& x, const Scale& y, const QRectF& area) const;
  void paint_series(QPainter& painter, const ChartSeries& series, const Scale& x, const Scale& y,
                    const QRectF& area) const;
  void paint_labels(QPainter& painter, const Scale& x, const Scale& y, const QRectF& area) const;
  QString value_near(const QPointF& position) const;

  ChartAxis x_, y_;
  std::vector<ChartSeries> series_;
  bool diagonal_ = false;
  QString empty_text_;
};

} // namespace bloch::app
