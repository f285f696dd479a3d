#pragma once

#include <optional>

#include <QWidget>

#include "app/panels/detect_run.h"
#include "app/widgets/section.h"

class QLabel;

namespace bloch::app {

class LineChart;

/// The difference of AUC between the twins with its interval, as a line over a scale: left RBF better, right
/// quantum better.
class VerdictCard : public QWidget {
  Q_OBJECT

 public:
  explicit VerdictCard(QWidget* parent = nullptr);

  struct Numbers {
    QString verdict;
    double difference = 0;
    std::array<double, 2> interval{0, 0};
  };
  /// Nothing: says what a verdict needs.
  void set_numbers(std::optional<Numbers> numbers);
  void set_empty_text(const QString& text);
  QSize sizeHint() const override { return {268, 104}; }

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  void paint_interval(QPainter& painter, const QRectF& area) const;

  std::optional<Numbers> numbers_;
  QString empty_text_;
};

/// Verdict and ROC: sections of the answers, from one outcome.
class VerdictSection : public Section {
  Q_OBJECT

 public:
  explicit VerdictSection(QWidget* parent = nullptr);
  void show_outcome(const DetectOutcome* outcome, bool has_truth);

 signals:
  void truth_requested();

 private:
  VerdictCard* card_;
  QLabel* facts_;
  QWidget* load_truth_;
};

class RocSection : public Section {
  Q_OBJECT

 public:
  explicit RocSection(QWidget* parent = nullptr);
  void show_outcome(const DetectOutcome* outcome);

 private:
  LineChart* chart_;
  QLabel* legend_;
};

} // namespace bloch::app
