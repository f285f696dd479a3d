#include "app/panels/detect_kernels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "app/panels/reconstruct_preview.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/line_chart.h"
#include "core/presets/colour_map.h"

namespace bloch::app {
namespace {

constexpr double gauge_floor = 1e-5;
constexpr double gauge_concentrated = 1e-3; ///< below: the kernel is close to the identity
constexpr double gauge_informative = 2e-2;
constexpr double gauge_saturated = 0.95; ///< above: every patch looks like every other

double gauge_part(double mean) {
  return std::clamp(1 - std::log10(std::clamp(mean, gauge_floor, 1.0)) / std::log10(gauge_floor), 0.0, 1.0);
}

/// The colours of bloch-kernel from 0 to 1 with their numbers.
class KernelBar final : public QWidget {
 public:
  KernelBar() { setFixedHeight(16); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setFont(mono_font(10));
    painter.setPen(theme_colour("text-3"));
    painter.drawText(QRect(0, 0, 10, height()), Qt::AlignLeft | Qt::AlignVCenter, "0");
    painter.drawText(QRect(width() - 10, 0, 10, height()), Qt::AlignRight | Qt::AlignVCenter, "1");
    const ColourTable table = colour_map("bloch-kernel");
    const int left = 14;
    const int wide = width() - 28;
    for (int i = 0; i < wide; ++i) {
      const Rgb colour = colour_of(table, static_cast<double>(i) / std::max(1, wide - 1));
      painter.fillRect(QRect(left + i, height() / 2 - 3, 1, 6), QColor(colour[0], colour[1], colour[2]));
    }
  }
};

/// "■ Quantum" in the colour of its series.
QLabel* make_series_label(const QString& text, const char* token) {
  auto* label = make_label(
      QStringLiteral("<span style='color:%1'>■</span> %2").arg(theme_colour(token).name(), text), "label");
  label->setTextFormat(Qt::RichText);
  label->setFont(ui_font(11));
  return label;
}

QString small_number(double value) {
  if (value != 0 && std::abs(value) < 1e-3)
    return QString::number(value, 'e', 1).replace("e-0", "e-").replace('-', QChar(0x2212));
  return QString::number(value, 'f', 3);
}

} // namespace

ConcentrationGauge::ConcentrationGauge(QWidget* parent)
    : QWidget(parent) {
  setObjectName("detect.gauge");
  setFixedHeight(62);
  setToolTip(tr("Mean kernel value between different training patches. Near 0 every patch is alone and nothing "
                "is learnt; near 1 all look alike."));
}

void ConcentrationGauge::set_means(std::optional<double> quantum, std::optional<double> classical) {
  quantum_ = quantum;
  classical_ = classical;
  update();
}

void ConcentrationGauge::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF bar(4, 24, width() - 8, 8);
  const auto place = [&](double mean) { return bar.left() + gauge_part(mean) * bar.width(); };
  const auto zone = [&](double from, double to, const char* token) {
    painter.fillRect(QRectF(place(from), bar.top(), place(to) - place(from), bar.height()),
                     tinted(theme_colour(token), 0.45));
  };
  zone(gauge_floor, gauge_concentrated, "error");
  zone(gauge_concentrated, gauge_informative, "warn");
  zone(gauge_informative, gauge_saturated, "ok");
  zone(gauge_saturated, 1, "warn");
  painter.setFont(mono_font(10));
  painter.setPen(theme_colour("text-3"));
  const std::array<std::pair<double, const char*>, 6> ticks{
      {{1e-5, "10⁻⁵"}, {1e-4, "10⁻⁴"}, {1e-3, "10⁻³"}, {1e-2, "10⁻²"}, {0.1, "0.1"}, {1, "1"}}};
  for (const auto& [value, text] : ticks) {
    const double centre = std::clamp(place(value), 14.0, width() - 8.0);
    painter.drawText(QRectF(centre - 20, bar.bottom() + 2, 40, 12), Qt::AlignCenter, QString::fromUtf8(text));
  }
  painter.setFont(ui_font(11));
  painter.drawText(QRectF(bar.left(), bar.bottom() + 13, bar.width() * 0.4, 14), Qt::AlignCenter,
                   tr("concentrated"));
  painter.setPen(theme_colour("ok"));
  painter.drawText(QRectF(place(gauge_informative), bar.bottom() + 13,
                          place(gauge_saturated) - place(gauge_informative), 14),
                   Qt::AlignCenter, tr("informative"));
  double taken = width(); // labels are set from the right, so that two of one value do not overlap
  const auto marker = [&](double mean, const char* token, bool filled, const QString& text) {
    const double x = place(mean);
    QPolygonF arrow{QPointF(x - 4, bar.top() - 7), QPointF(x + 4, bar.top() - 7), QPointF(x, bar.top() - 1)};
    painter.setPen(QPen(theme_colour(token), 1));
    painter.setBrush(filled ? QBrush(theme_colour(token)) : Qt::NoBrush);
    painter.drawPolygon(arrow);
    painter.setPen(theme_colour(filled ? "text-1" : "text-2"));
    painter.setFont(mono_font(10, filled ? QFont::Medium : QFont::Normal));
    const double wide = painter.fontMetrics().horizontalAdvance(text) + 2;
    const double left = std::clamp(x - wide / 2, 0.0, std::max(0.0, taken - wide));
    painter.drawText(QRectF(left, 0, wide, 14), Qt::AlignCenter, text);
    taken = left - 6;
  };
  const bool classical_first = classical_ && quantum_ && *classical_ > *quantum_;
  if (classical_first) marker(*classical_, "series-2", false, tr("RBF"));
  if (quantum_) marker(*quantum_, "series-1", true, tr("quantum"));
  if (classical_ && !classical_first) marker(*classical_, "series-2", false, tr("RBF"));
}

GramSection::GramSection(QWidget* parent)
    : Section("detect.gram_section", tr("Gram matrix"), parent)
    , body_(new QWidget)
    , empty_(make_label(tr("Both kernels of the training patches appear here after a run."), "hint")) {
  empty_->setWordWrap(true);
  auto* column = new QVBoxLayout(body_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* row = new QHBoxLayout;
  row->setSpacing(14);
  const char* const names[] = {"detect.gram.quantum", "detect.gram.classical"};
  for (std::size_t i = 0; i < pictures_.size(); ++i) {
    pictures_[i] = new PixelPicture(names[i], 112);
    pictures_[i]->setToolTip(tr("Rows and columns are training patches, by their mean similarity in the "
                                "quantum kernel; both matrices in the same order"));
    auto* one = new QVBoxLayout;
    one->setSpacing(4);
    one->addWidget(
        make_series_label(i == 0 ? tr("Quantum") : tr("RBF twin"), i == 0 ? "series-1" : "series-2"));
    one->addWidget(pictures_[i]);
    row->addLayout(one);
  }
  row->addStretch(1);
  column->addLayout(row);
  column->addWidget(new KernelBar);
  content()->addWidget(empty_);
  content()->addWidget(body_);
  show_outcome(nullptr);
}

void GramSection::show_outcome(const DetectOutcome* outcome) {
  body_->setVisible(outcome != nullptr);
  empty_->setVisible(outcome == nullptr);
  set_hint({});
  if (!outcome) return;
  const std::vector<int> order = gram_order(outcome->training.quantum);
  pictures_[0]->set_image(gram_image(outcome->training.quantum, order));
  pictures_[1]->set_image(gram_image(outcome->training.classical, order));
  set_hint(QStringLiteral("%1 × %1").arg(outcome->training.quantum.rows));
}

KernelSection::KernelSection(QWidget* parent)
    : Section("detect.kernel_section", tr("Kernel diagnostics"), parent)
    , gauge_(new ConcentrationGauge)
    , health_(new TagLabel("HEALTHY", TagLabel::Kind::ok))
    , spectrum_(new LineChart) {
  health_->setObjectName("detect.kernel.health");
  health_->hide();
  add_tool(health_);
  content()->setSpacing(6);
  content()->addWidget(make_label(tr("Concentration, mean off-diagonal K"), "label"));
  content()->addWidget(gauge_);
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(2);
  const QStringList titles{tr("Mean"), tr("SD"), tr("Eff. rank"), tr("Fit s")};
  for (int column = 0; column < titles.size(); ++column)
    grid->addWidget(make_label(titles[column], "label"), 0, column + 1);
  const char* const keys[] = {"mean", "deviation", "rank", "seconds"};
  for (int row = 0; row < 2; ++row) {
    grid->addWidget(make_series_label(row == 0 ? tr("Q") : tr("RBF"), row == 0 ? "series-1" : "series-2"),
                    row + 1, 0);
    for (int column = 0; column < 4; ++column) {
      auto* number = make_label(
          "–", "mono-value",
          QStringLiteral("detect.kernel.%1.%2").arg(row == 0 ? "quantum" : "classical", keys[column]));
      numbers_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = number;
      grid->addWidget(number, row + 1, column + 1);
    }
  }
  content()->addLayout(grid);
  spectrum_->setObjectName("detect.spectrum");
  spectrum_->setFixedHeight(150);
  spectrum_->set_axes({tr("Eigenvalue number"), 1.0, {}, false, 4}, {tr("λ"), {}, {}, true, 4});
  spectrum_->set_empty_text(tr("Eigenvalues of both kernels appear here after a run."));
  content()->addWidget(spectrum_);
}

void KernelSection::show_outcome(const DetectOutcome* outcome) {
  health_->setVisible(outcome != nullptr);
  if (!outcome) {
    gauge_->set_means(std::nullopt, std::nullopt);
    for (auto& row : numbers_)
      for (auto* number : row) number->setText("–");
    spectrum_->set_series({});
    return;
  }
  const std::array<const imaging::KernelDiagnostics*, 2> kernels{&outcome->training.quantum,
                                                                 &outcome->training.classical};
  gauge_->set_means(kernels[0]->off_diagonal_mean, kernels[1]->off_diagonal_mean);
  const double mean = kernels[0]->off_diagonal_mean;
  if (mean < gauge_concentrated)
    health_->set_tag("CONCENTRATED", TagLabel::Kind::error);
  else if (mean < gauge_informative)
    health_->set_tag("WEAK", TagLabel::Kind::warning);
  else if (mean > gauge_saturated)
    health_->set_tag("SATURATED", TagLabel::Kind::warning);
  else
    health_->set_tag("HEALTHY", TagLabel::Kind::ok);
  std::vector<ChartSeries> lines;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    numbers_[i][0]->setText(small_number(kernels[i]->off_diagonal_mean));
    numbers_[i][1]->setText(small_number(kernels[i]->off_diagonal_deviation));
    numbers_[i][2]->setText(QString::number(kernels[i]->effective_rank, 'f', 1));
    numbers_[i][3]->setText(QString::number(kernels[i]->seconds, 'f', 2));
    ChartSeries line;
    line.name = i == 0 ? tr("Quantum") : tr("RBF twin");
    line.colour = i == 0 ? "series-1" : "series-2";
    line.dashed = i == 1;
    line.markers = i == 0;
    const auto& eigenvalues = kernels[i]->eigenvalues;
    for (std::size_t k = 0; k < std::min<std::size_t>(12, eigenvalues.size()); ++k)
      line.points.emplace_back(static_cast<double>(k + 1), eigenvalues[k]);
    lines.insert(lines.begin(), std::move(line));
  }
  spectrum_->set_series(std::move(lines));
}

QImage gram_image(const imaging::KernelDiagnostics& kernel, const std::vector<int>& order) {
  if (kernel.rows <= 0 || static_cast<int>(order.size()) != kernel.rows) return {};
  const ColourTable table = colour_map("bloch-kernel");
  QImage image(kernel.rows, kernel.rows, QImage::Format_RGB32);
  for (int row = 0; row < kernel.rows; ++row) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
    const auto first =
        static_cast<std::size_t>(order[static_cast<std::size_t>(row)]) * static_cast<std::size_t>(kernel.rows);
    for (int column = 0; column < kernel.rows; ++column) {
      const Rgb colour = colour_of(
          table, kernel.gram[first + static_cast<std::size_t>(order[static_cast<std::size_t>(column)])]);
      line[column] = qRgb(colour[0], colour[1], colour[2]);
    }
  }
  return image;
}

std::vector<int> gram_order(const imaging::KernelDiagnostics& kernel) {
  const auto rows = static_cast<std::size_t>(std::max(0, kernel.rows));
  if (kernel.gram.size() != rows * rows) return {};
  std::vector<double> similarity(rows, 0.0);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < rows; ++column) similarity[row] += kernel.gram[row * rows + column];
  std::vector<int> order(rows);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return similarity[static_cast<std::size_t>(a)] > similarity[static_cast<std::size_t>(b)];
  });
  return order;
}

} // namespace bloch::app
