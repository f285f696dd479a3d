#pragma once

#include <array>
#include <optional>

#include <QImage>
#include <QWidget>

#include "app/panels/detect_run.h"
#include "app/widgets/section.h"

class QLabel;

namespace bloch::app {

class LineChart;
class PixelPicture;

/// Where the mean off-diagonal kernel value lies between "every patch is alone" and "all patches look alike".
class ConcentrationGauge : public QWidget {
  Q_OBJECT

 public:
  explicit ConcentrationGauge(QWidget* parent = nullptr);
  /// 0 to 1; nothing: no marker.
  void set_means(std::optional<double> quantum, std::optional<double> classical);
  QSize sizeHint() const override { return {268, 62}; }

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  std::optional<double> quantum_, classical_;
};

/// The two Gram matrices of the training patches, rows in one order.
class GramSection : public Section {
  Q_OBJECT

 public:
  explicit GramSection(QWidget* parent = nullptr);
  void show_outcome(const DetectOutcome* outcome);

 private:
  std::array<PixelPicture*, 2> pictures_{};
  QWidget* body_;
  QLabel* empty_;
};

/// What the kernels say of themselves.
class KernelSection : public Section {
  Q_OBJECT

 public:
  explicit KernelSection(QWidget* parent = nullptr);
  void show_outcome(const DetectOutcome* outcome);

 private:
  ConcentrationGauge* gauge_;
  TagLabel* health_;
  std::array<std::array<QLabel*, 4>, 2> numbers_{};
  LineChart* spectrum_;
};

/// A Gram matrix in bloch-kernel; `order` gives the row of each place.
QImage gram_image(const imaging::KernelDiagnostics& kernel, const std::vector<int>& order);
/// Rows by their mean similarity in a kernel, largest first, so that structure shows.
std::vector<int> gram_order(const imaging::KernelDiagnostics& kernel);

} // namespace bloch::app
