#include "app/panels/detect_verdict.h"

#include <algorithm>
#include <cmath>

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/line_chart.h"

namespace bloch::app {
namespace {

QString verdict_text(const std::string& verdict) {
  if (verdict == "quantum better") return QObject::tr("Quantum better");
  if (verdict == "classical better") return QObject::tr("RBF twin better");
  return QObject::tr("No difference shown");
}

QString signed_text(double number, int decimals) {
  return QString::number(number, 'f', decimals).replace('-', QChar(0x2212));
}

QString auc_legend(const char* name, double auc, const char* token, const QString& stroke) {
  QString number = QString::number(auc, 'f', 3);
  if (number.startsWith("0.")) number.remove(0, 1);
  return QStringLiteral("<span style='color:%1'>%2</span> %3 %4")
      .arg(theme_colour(token).name(), stroke, QString::fromLatin1(name), number);
}

} // namespace

VerdictCard::VerdictCard(QWidget* parent)
    : QWidget(parent) {
  setObjectName("detect.verdict");
  setFixedHeight(104);
}

void VerdictCard::set_numbers(std::optional<Numbers> numbers) {
  numbers_ = std::move(numbers);
  setFixedHeight(numbers_ ? 104 : 58);
  setAccessibleDescription(numbers_ ? numbers_->verdict : empty_text_);
  update();
}

void VerdictCard::set_empty_text(const QString& text) {
  empty_text_ = text;
  update();
}

void VerdictCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.setPen(theme_colour("line-strong"));
  painter.setBrush(theme_colour("raised"));
  painter.drawRoundedRect(frame, 4, 4);
  const bool decided = numbers_ && (numbers_->interval[0] > 0 || numbers_->interval[1] < 0);
  const char* side = !decided ? "text-3" : numbers_->difference > 0 ? "series-1" : "series-2";
  painter.fillRect(QRectF(0, 2, 3, height() - 4), theme_colour(side));
  const QRectF inside = frame.adjusted(14, 9, -12, -6);
  if (!numbers_) {
    painter.setFont(ui_font(12));
    painter.setPen(theme_colour("text-2"));
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  painter.setFont(ui_font(15, QFont::DemiBold));
  painter.setPen(theme_colour("text-1"));
  painter.drawText(QRectF(inside.left(), inside.top(), inside.width(), 20), Qt::AlignLeft | Qt::AlignVCenter,
                   numbers_->verdict);
  painter.setFont(mono_font(12, QFont::Medium));
  const QString difference = QStringLiteral("ΔAUC %1 ").arg(signed_text(numbers_->difference, 3));
  const QRectF line(inside.left(), inside.top() + 20, inside.width(), 18);
  painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, difference);
  const double after = painter.fontMetrics().horizontalAdvance(difference);
  painter.setFont(mono_font(12));
  painter.setPen(theme_colour("text-2"));
  painter.drawText(line.adjusted(after, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                   QStringLiteral("[%1, %2]")
                       .arg(signed_text(numbers_->interval[0], 3), signed_text(numbers_->interval[1], 3)));
  paint_interval(painter, QRectF(inside.left(), inside.top() + 40, inside.width(), inside.height() - 40));
}

void VerdictCard::paint_interval(QPainter& painter, const QRectF& area) const {
  const double widest = std::max(
      {std::abs(numbers_->interval[0]), std::abs(numbers_->interval[1]), std::abs(numbers_->difference), 0.01});
  double end = 0.02;
  for (const double candidate : {0.02, 0.05, 0.1, 0.2, 0.5, 1.0}) {
    end = candidate;
    if (candidate >= widest * 1.1) break;
  }
  const auto place = [&](double value) {
    return area.center().x() + std::clamp(value / end, -1.0, 1.0) * (area.width() / 2 - 14);
  };
  painter.setFont(ui_font(11));
  painter.setPen(theme_colour("text-2"));
  painter.drawText(QRectF(area.left(), area.top(), area.width() / 2 - 4, 14), Qt::AlignLeft | Qt::AlignVCenter,
                   tr("RBF better"));
  painter.drawText(QRectF(area.center().x() + 4, area.top(), area.width() / 2 - 4, 14),
                   Qt::AlignRight | Qt::AlignVCenter, tr("Quantum better"));
  const double row = area.top() + 22;
  QPen zero(theme_colour("text-3"), 1);
  zero.setDashPattern({2, 2});
  painter.setPen(zero);
  painter.drawLine(QPointF(area.center().x(), area.top() + 2), QPointF(area.center().x(), row + 8));
  painter.setPen(QPen(theme_colour("accent"), 1.5));
  const double low = place(numbers_->interval[0]);
  const double high = place(numbers_->interval[1]);
  painter.drawLine(QPointF(low, row), QPointF(high, row));
  for (const double whisker : {low, high})
    painter.drawLine(QPointF(whisker, row - 5), QPointF(whisker, row + 5));
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme_colour("accent"));
  painter.drawEllipse(QPointF(place(numbers_->difference), row), 4, 4);
  painter.setFont(mono_font(10));
  painter.setPen(theme_colour("text-3"));
  for (const double part : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
    const double value = part * end;
    QString text = value == 0 ? QStringLiteral("0")
                              : QString::number(value, 'g', 3).replace("0.", ".").replace('-', QChar(0x2212));
    if (value > 0) text.prepend('+');
    painter.drawText(QRectF(place(value) - 24, row + 8, 48, 12), Qt::AlignCenter, text);
  }
}

VerdictSection::VerdictSection(QWidget* parent)
    : Section("detect.verdict_section", tr("Verdict"), parent)
    , card_(new VerdictCard)
    , facts_(make_label({}, "hint", "detect.verdict.facts"))
    , load_truth_(nullptr) {
  facts_->setWordWrap(true);
  auto* load = make_button("detect.truth.load", tr("Load truth mask"), "folder-open");
  load->setToolTip(tr("A mask of known findings on the image's grid (.nii.gz, .nrrd, .mha, .npy, .mat)"));
  load_truth_ = load;
  content()->addWidget(card_);
  content()->addWidget(facts_);
  content()->addWidget(load, 0, Qt::AlignLeft);
  connect(load, &QPushButton::clicked, this, &VerdictSection::truth_requested);
  show_outcome(nullptr, false);
}

void VerdictSection::show_outcome(const DetectOutcome* outcome, bool has_truth) {
  load_truth_->setVisible(!has_truth);
  if (!outcome || !outcome->scores.auc_difference) {
    card_->set_empty_text(!has_truth ? tr("A verdict needs a mask of known findings to compare with.")
                          : outcome
                              ? tr("The truth mask came after this run: score again to compare the twins.")
                              : tr("Score the volume: both twins are then compared with the truth mask."));
    card_->set_numbers(std::nullopt);
    facts_->setVisible(outcome != nullptr);
    if (outcome)
      facts_->setText(
          tr("%1 voxels scored. Quantum %2 s, RBF twin %3 s, features %4 s for both.")
              .arg(outcome->scores.voxels)
              .arg(outcome->scores.quantum.seconds + outcome->training.quantum.seconds, 0, 'f', 2)
              .arg(outcome->scores.classical.seconds + outcome->training.classical.seconds, 0, 'f', 2)
              .arg(outcome->scores.feature_seconds, 0, 'f', 1));
    return;
  }
  const auto& scores = outcome->scores;
  card_->set_numbers(
      VerdictCard::Numbers{verdict_text(scores.verdict), *scores.auc_difference, scores.difference_interval});
  const double quantum_s = scores.quantum.seconds + outcome->training.quantum.seconds;
  const double classical_s = scores.classical.seconds + outcome->training.classical.seconds;
  QString pace;
  if (quantum_s > 0 && classical_s > 0) {
    const double ratio = std::max(quantum_s, classical_s) / std::min(quantum_s, classical_s);
    const QString times = QString::number(ratio, 'f', ratio < 10 ? 1 : 0);
    pace = quantum_s > classical_s ? tr("The twin is %1 × faster here.").arg(times)
                                   : tr("The twin is %1 × slower here.").arg(times);
  }
  facts_->show();
  facts_->setText(tr("95 % CI, paired bootstrap over blocks of 20 mm, one patient. Quantum %1 s, twin %2 s. %3")
                      .arg(quantum_s, 0, 'f', 2)
                      .arg(classical_s, 0, 'f', 2)
                      .arg(pace));
}

RocSection::RocSection(QWidget* parent)
    : Section("detect.roc_section", tr("ROC"), parent)
    , chart_(new LineChart)
    , legend_(make_label({}, "caption")) {
  set_flush();
  legend_->setTextFormat(Qt::RichText);
  add_tool(legend_);
  chart_->setObjectName("detect.roc");
  chart_->setFixedHeight(168);
  chart_->set_axes({tr("1 − specificity"), 0.0, 1.0, false, 4}, {tr("Sensitivity"), 0.0, 1.0, false, 2});
  chart_->set_diagonal(true);
  chart_->set_empty_text(tr("Appears when a volume with a truth mask has been scored."));
  content()->addWidget(chart_);
}

void RocSection::show_outcome(const DetectOutcome* outcome) {
  legend_->clear();
  if (!outcome || !outcome->scores.quantum.auc || !outcome->scores.classical.auc) {
    chart_->set_series({});
    return;
  }
  const auto curve = [](const char* name, const char* colour, bool dashed, const auto& points) {
    ChartSeries series;
    series.name = QString::fromLatin1(name);
    series.colour = QString::fromLatin1(colour);
    series.dashed = dashed;
    for (const auto& point : points) series.points.emplace_back(point[0], point[1]);
    return series;
  };
  chart_->set_series({curve("RBF twin", "series-2", true, outcome->scores.roc_classical),
                      curve("Quantum", "series-1", false, outcome->scores.roc_quantum)});
  legend_->setText(auc_legend("Q", *outcome->scores.quantum.auc, "series-1", QStringLiteral("━")) +
                   "&nbsp;&nbsp;" +
                   auc_legend("RBF", *outcome->scores.classical.auc, "series-2", QStringLiteral("╍")));
}

} // namespace bloch::app
