#include "app/panels/detect_findings.h"

#include <cmath>

#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/panels/detect_run.h"
#include "app/panels/scene_text.h"
#include "app/theme/icons.h"
#include "app/widgets/buttons.h"
#include "app/widgets/filter_table.h"
#include "core/base/file.h"

namespace bloch::app {
namespace {

std::vector<TableColumn> finding_columns() {
  return {{.title = "#", .number = true, .width = 34},
          {.title = "Finding", .stretch = true},
          {.title = "Peak, quantum", .width = 106},
          {.title = "Peak, RBF twin", .width = 106},
          {.title = "Size mm³", .number = true, .width = 70},
          {.title = "Centre mm", .number = true, .width = 200},
          {.title = "Mean", .number = true, .width = 52},
          {.title = "Against truth", .tag = true, .width = 112}};
}

TableCell bar_cell(double value, const char* colour) {
  TableCell cell;
  cell.text = QString::number(value, 'f', 3);
  cell.sort = value;
  cell.colour = QString::fromLatin1(colour);
  cell.fraction = value;
  return cell;
}

TableCell number_cell(double value, int decimals) {
  TableCell cell;
  cell.text = number_text(value, decimals);
  cell.sort = value;
  return cell;
}

TableCell centre_cell(const WorldPoint& point) {
  static const char* const sides[3][2] = {{"L", "R"}, {"P", "A"}, {"S", "I"}};
  QStringList parts;
  for (int axis = 0; axis < 3; ++axis)
    parts << QStringLiteral("%1 %2")
                 .arg(sides[axis][point.mm[axis] < 0 ? 1 : 0])
                 .arg(std::abs(point.mm[axis]), 5, 'f', 1);
  TableCell cell;
  cell.text = parts.join(QStringLiteral("  "));
  cell.sort = point.mm.z();
  return cell;
}

TableRow finding_row(const imaging::Finding& finding) {
  TableRow row;
  row.id = finding.number;
  TableCell number = number_cell(finding.number, 0);
  TableCell name;
  name.text = QObject::tr("Finding %1").arg(finding.number);
  name.sort = finding.number;
  TableCell truth;
  if (finding.share_in_truth) {
    const double share = *finding.share_in_truth;
    truth.text = share > 0 ? QString("%1 % IN TRUTH").arg(100 * share, 0, 'f', share < 0.095 ? 1 : 0)
                           : QString("NOT IN TRUTH");
    truth.sort = share;
    truth.tag = share > 0 ? TagLabel::Kind::neutral : TagLabel::Kind::warning;
  }
  row.cells = {number,
               name,
               bar_cell(finding.peak_quantum, "series-1"),
               bar_cell(finding.peak_classical, "series-2"),
               number_cell(finding.size_mm3, 0),
               centre_cell(finding.centre),
               number_cell(finding.mean, 2),
               truth};
  return row;
}

} // namespace

FindingsSection::FindingsSection(Session& session, QWidget* parent)
    : Section("detect.findings_section", tr("Findings"), parent)
    , session_(session)
    , table_(new FilterTable("detect.findings", finding_columns()))
    , filter_(new QLineEdit)
    , csv_(make_button("detect.findings.csv", tr("CSV"), "download"))
    , empty_(make_label({}, "hint", "detect.findings.empty")) {
  set_flush();
  filter_->setObjectName("detect.findings.filter");
  filter_->setPlaceholderText(tr("Filter..."));
  filter_->setClearButtonEnabled(true);
  filter_->addAction(icon("search"), QLineEdit::LeadingPosition);
  filter_->setFixedWidth(150);
  csv_->setProperty("small", true);
  csv_->setToolTip(tr("Save the findings as a table"));
  add_tool(filter_);
  add_tool(csv_);
  empty_->setWordWrap(true);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setContentsMargins(12, 12, 12, 12);
  content()->addWidget(empty_, 1);
  content()->addWidget(table_, 1);
  connect(filter_, &QLineEdit::textChanged, table_, &FilterTable::set_filter);
  connect(csv_, &QPushButton::clicked, this, &FindingsSection::save_csv);
  connect(table_, &FilterTable::chosen, this, [this](const QVariant& id) {
    for (const auto& finding : findings_)
      if (finding.number == id.toInt()) session_.set_crosshair(finding.centre);
  });
  show_nothing({});
}

void FindingsSection::show_findings(std::vector<imaging::Finding> findings) {
  findings_ = std::move(findings);
  if (findings_.empty())
    return show_nothing(tr("No region of at least 20 mm³ lies above the threshold. Lower it to see more."));
  std::vector<TableRow> rows;
  for (const auto& finding : findings_) rows.push_back(finding_row(finding));
  table_->set_rows(std::move(rows));
  table_->show();
  empty_->hide();
  csv_->setEnabled(true);
  filter_->setEnabled(true);
  set_hint({});
}

void FindingsSection::show_nothing(const QString& why) {
  findings_.clear();
  table_->set_rows({});
  table_->hide();
  empty_->setText(
      why.isEmpty() ? tr("Regions above the threshold are listed here once the volume has been scored.") : why);
  empty_->show();
  csv_->setEnabled(false);
  filter_->setEnabled(false);
}

void FindingsSection::save_csv() {
  const QString path =
      QFileDialog::getSaveFileName(this, tr("Findings as a table"), "findings.csv", "CSV (*.csv)");
  if (path.isEmpty()) return;
  const auto written = write_file(path.toStdString(), findings_csv(findings_));
  if (!written)
    session_.show_message({Message::Kind::error, tr("The table was not saved."),
                           QString::fromStdString(written.error().message)});
}

} // namespace bloch::app
