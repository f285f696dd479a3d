#include "app/panels/reconstruct_metrics.h"

#include <algorithm>
#include <cmath>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include "app/panels/reconstruct_run.h"
#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/plain_text.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

constexpr int metrics_row_height = 26;

const char* metric_key(int column) {
  switch (column) {
  case MetricsModel::nrmse:
    return "nrmse";
  case MetricsModel::psnr:
    return "psnr_db";
  case MetricsModel::ssim:
    return "ssim";
  case MetricsModel::seconds:
    return "seconds";
  default:
    return "";
  }
}

QString metric_text(int column, double value) {
  const int decimals = column == MetricsModel::psnr ? 1 : column == MetricsModel::seconds ? 2 : 3;
  return QString::number(value, 'f', decimals).replace('-', QChar(0x2212));
}

/// Square in the method's colour, mono numbers at the right, the best of a column in accent, a bar across a
/// running row.
class MetricsDelegate final : public QStyledItemDelegate {
 public:
  MetricsDelegate(QTableView* view, const MetricsModel* model)
      : QStyledItemDelegate(view)
      , view_(view)
      , model_(model) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const auto* proxy = static_cast<const QSortFilterProxyModel*>(index.model());
    const int row = proxy->mapToSource(index).row();
    const MetricsRow& shown = model_->rows()[static_cast<std::size_t>(row)];
    painter->save();
    const bool selected = option.state & QStyle::State_Selected;
    const bool hovered = option.state & QStyle::State_MouseOver;
    if (selected)
      painter->fillRect(option.rect, theme_colour("accent-bg"));
    else if (hovered)
      painter->fillRect(option.rect, theme_colour("raised"));
    painter->setPen(theme_colour("line"));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (selected && index.column() == 0)
      painter->fillRect(QRect(option.rect.topLeft(), QSize(2, option.rect.height())), theme_colour("accent"));
    if (index.column() == MetricsModel::method)
      paint_name(painter, option.rect, shown);
    else if (shown.state == JobState::done)
      paint_number(painter, option.rect, row, index.column());
    else
      paint_state(painter, index, shown);
    painter->restore();
  }

 private:
  static void paint_name(QPainter* painter, const QRect& cell, const MetricsRow& row) {
    const bool done = row.state == JobState::done;
    const QRect mark(cell.left() + 10, cell.center().y() - 3, 8, 8);
    if (row.state == JobState::running)
      painter->drawPixmap(
          cell.left() + 8, cell.center().y() - 5,
          icon_pixmap("loader-circle", theme_colour("text-2"), 12, painter->device()->devicePixelRatioF()));
    else {
      painter->setPen(Qt::NoPen);
      painter->setBrush(theme_colour(QString::fromStdString(method_colour(row.method))));
      painter->setRenderHint(QPainter::Antialiasing);
      painter->drawRoundedRect(mark, 1.5, 1.5);
    }
    painter->setFont(ui_font(12, done ? QFont::Medium : QFont::Normal));
    painter->setPen(theme_colour(done ? "text-1" : "text-2"));
    const QRect text = cell.adjusted(24, 0, -2, 0);
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(QString::fromStdString(method_label(row.method)),
                                                        Qt::ElideRight, text.width()));
  }
  void paint_number(QPainter* painter, const QRect& cell, int row, int column) const {
    const auto value = model_->number(row, column);
    const bool best = value && model_->is_best(row, column);
    painter->setFont(mono_font(12, best ? QFont::Bold : QFont::Normal));
    painter->setPen(theme_colour(best ? "accent-text" : value ? "text-1" : "text-3"));
    painter->drawText(cell.adjusted(0, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight,
                      value ? metric_text(column, *value) : QStringLiteral("–"));
  }
  void paint_state(QPainter* painter, const QModelIndex& index, const MetricsRow& row) const {
    const QRect first = view_->visualRect(index.siblingAtColumn(MetricsModel::nrmse));
    const QRect last = view_->visualRect(index.siblingAtColumn(MetricsModel::seconds));
    painter->setClipRect(view_->visualRect(index));
    const QRect all(first.topLeft(), last.bottomRight());
    painter->setFont(mono_font(11));
    painter->setPen(theme_colour("text-2"));
    if (row.state == JobState::running) {
      const QRectF groove(all.left() + 8, all.center().y() - 1.5, all.width() - 64, 4);
      painter->setRenderHint(QPainter::Antialiasing);
      painter->setPen(Qt::NoPen);
      painter->setBrush(theme_colour("hover"));
      painter->drawRoundedRect(groove, 2, 2);
      painter->setBrush(theme_colour("accent"));
      painter->drawRoundedRect(
          QRectF(groove.topLeft(), QSizeF(groove.width() * std::clamp(row.fraction, 0.0, 1.0), 4)), 2, 2);
      const int left_s = row.remaining_s ? static_cast<int>(std::ceil(*row.remaining_s)) : -1;
      const QString left = left_s < 0
                               ? QStringLiteral("%1 %").arg(std::lround(row.fraction * 100))
                               : QStringLiteral("%1:%2").arg(left_s / 60).arg(left_s % 60, 2, 10, QChar('0'));
      painter->setPen(theme_colour("text-2"));
      painter->drawText(all.adjusted(0, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight, left);
      return;
    }
    painter->setFont(ui_font(11));
    const bool failed = row.state == JobState::failed;
    if (failed)
      painter->setPen(theme_colour("error"));
    else
      painter->setPen(theme_colour("text-3"));
    const QString text = failed                             ? QString::fromStdString(row.error)
                         : row.state == JobState::cancelled ? QStringLiteral("cancelled")
                                                            : QStringLiteral("waiting");
    painter->drawText(all.adjusted(8, 0, -8, 0), Qt::AlignVCenter | (failed ? Qt::AlignLeft : Qt::AlignRight),
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, all.width() - 16));
  }

  QTableView* view_;
  const MetricsModel* model_;
};

} // namespace

void MetricsModel::set_rows(std::vector<MetricsRow> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

void MetricsModel::set_row(int row, MetricsRow value) {
  rows_.at(static_cast<std::size_t>(row)) = std::move(value);
  // The best of a column may have changed in any row.
  emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
}

std::optional<double> MetricsModel::number(int row, int column) const {
  const auto& numbers = rows_.at(static_cast<std::size_t>(row)).numbers;
  const auto found = numbers.find(metric_key(column));
  if (found == numbers.end()) return std::nullopt;
  return found->second;
}

bool MetricsModel::is_best(int row, int column) const {
  if (column == seconds) return false;
  const auto own = number(row, column);
  if (!own) return false;
  int others = 0;
  for (int other = 0; other < rowCount(); ++other) {
    const auto value = number(other, column);
    if (other == row || !value) continue;
    ++others;
    if (column == nrmse ? *value < *own : *value > *own) return false;
  }
  return others > 0;
}

std::string MetricsModel::csv() const {
  std::string text = "method,nrmse,psnr_db,ssim,seconds,iterations,converged,acceleration,lambda,lambda_tv\n";
  for (int row = 0; row < rowCount(); ++row) {
    const MetricsRow& one = rows_[static_cast<std::size_t>(row)];
    if (one.state != JobState::done) continue;
    text += one.method;
    for (const char* key : {"nrmse", "psnr_db", "ssim", "seconds", "iterations", "converged", "acceleration",
                            "lambda", "lambda-tv"}) {
      const auto found = one.numbers.find(key);
      text += "," + (found == one.numbers.end() ? std::string() : to_text(found->second));
    }
    text += "\n";
  }
  return text;
}

int MetricsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}
int MetricsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_count; }

QVariant MetricsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const MetricsRow& row = rows_[static_cast<std::size_t>(index.row())];
  const auto value = index.column() == method ? std::nullopt : number(index.row(), index.column());
  if (role == Qt::DisplayRole)
    return index.column() == method ? QString::fromStdString(method_label(row.method))
           : value                  ? metric_text(index.column(), *value)
                                    : QString();
  if (role == Qt::UserRole) // for sorting
    return index.column() == method ? QVariant(index.row()) : value ? QVariant(*value) : QVariant();
  if (role == Qt::ToolTipRole) {
    if (!row.error.empty()) return plain_tip(QString::fromStdString(row.error));
    const auto part = [&](const char* key) {
      const auto found = row.numbers.find(key);
      return found == row.numbers.end() ? 0.0 : found->second;
    };
    QString weights = part("lambda") > 0 ? QStringLiteral(", λ %1").arg(part("lambda"), 0, 'g', 3) : QString();
    if (part("lambda-tv") > 0) weights += tr(" and %1").arg(part("lambda-tv"), 0, 'g', 3);
    if (row.state == JobState::done)
      return tr("%1 iterations, %2%6\nsolve %3 s, coils %4 s, total %5 s")
          .arg(part("iterations"))
          .arg(part("converged") > 0 ? tr("converged") : tr("stopped at the limit"))
          .arg(part("seconds"), 0, 'f', 2)
          .arg(part("seconds_calibrate"), 0, 'f', 2)
          .arg(part("seconds_total"), 0, 'f', 2)
          .arg(weights);
  }
  return {};
}

QVariant MetricsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant::fromValue(
        Qt::Alignment(Qt::AlignVCenter | (section == method ? Qt::AlignLeft : Qt::AlignRight)));
  if (role != Qt::DisplayRole) return {};
  static const char* const titles[] = {"Method", "NRMSE", "PSNR dB", "SSIM", "Time s"};
  return QString::fromLatin1(titles[section]);
}

MetricsTable::MetricsTable(QWidget* parent)
    : QWidget(parent)
    , model_(new MetricsModel(this))
    , sorted_(new QSortFilterProxyModel(this))
    , view_(new QTableView(this)) {
  setObjectName("reconstruct.metrics");
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(Qt::UserRole);
  view_->setModel(sorted_);
  view_->setObjectName("reconstruct.metrics.table");
  view_->setItemDelegate(new MetricsDelegate(view_, model_));
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
  view_->setShowGrid(false);
  view_->setMouseTracking(true);
  view_->setSortingEnabled(true);
  view_->sortByColumn(-1, Qt::AscendingOrder);
  view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setDefaultSectionSize(metrics_row_height);
  view_->verticalHeader()->setMinimumSectionSize(metrics_row_height);
  auto* header = view_->horizontalHeader();
  header->setHighlightSections(false);
  header->setFixedHeight(22);
  header->setStyleSheet("QHeaderView::section { padding: 0 6px; }"); // five columns in 320
  header->setMinimumSectionSize(40);
  header->setSectionResizeMode(QHeaderView::Fixed);
  header->setSectionResizeMode(MetricsModel::method, QHeaderView::Stretch);
  const int widths[] = {100, 52, 58, 46, 50};
  for (int column = 1; column < MetricsModel::column_count; ++column)
    view_->setColumnWidth(column, widths[column]);

  empty_ = new QLabel(tr("No run yet. The numbers of each method appear here, against the reference."), this);
  empty_->setProperty("role", "hint");
  empty_->setWordWrap(true);
  empty_->setContentsMargins(12, 8, 12, 8);
  foot_ = new QWidget(this);
  auto* foot = new QHBoxLayout(foot_);
  foot->setContentsMargins(10, 6, 10, 6);
  auto* sample = new QLabel(tr("<b>0.00</b>"), foot_);
  sample->setTextFormat(Qt::RichText);
  sample->setProperty("role", "accent-text");
  sample->setFont(mono_font(11, QFont::Bold));
  auto* legend = new QLabel(tr("best of column"), foot_);
  legend->setProperty("role", "hint");
  auto* csv = new QPushButton(icon("table-2"), tr("CSV"), foot_);
  csv->setObjectName("reconstruct.metrics.csv");
  csv->setProperty("small", true);
  csv->setToolTip(tr("Save the numbers as a table"));
  foot->addWidget(sample);
  foot->addWidget(legend);
  foot->addStretch(1);
  foot->addWidget(csv);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(view_);
  column->addWidget(empty_);
  column->addWidget(foot_);
  connect(csv, &QPushButton::clicked, this, &MetricsTable::csv_requested);
  connect(model_, &QAbstractItemModel::modelReset, this, &MetricsTable::fit_height);
  connect(view_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    const int row = sorted_->mapToSource(index).row();
    emit method_chosen(QString::fromStdString(model_->rows()[static_cast<std::size_t>(row)].method));
  });
  fit_height();
}

void MetricsTable::choose(const std::string& method) {
  for (int row = 0; row < model_->rowCount(); ++row)
    if (model_->rows()[static_cast<std::size_t>(row)].method == method)
      view_->selectRow(sorted_->mapFromSource(model_->index(row, 0)).row());
}

void MetricsTable::fit_height() {
  const int rows = model_->rowCount();
  view_->setVisible(rows > 0);
  foot_->setVisible(rows > 0);
  empty_->setVisible(rows == 0);
  view_->setFixedHeight(22 + rows * metrics_row_height);
}

} // namespace bloch::app
