#include "app/widgets/filter_table.h"

#include <QHeaderView>

#include "app/widgets/plain_text.h"
#include "app/widgets/table_delegate.h"

namespace bloch::app {

TableModel::TableModel(std::vector<TableColumn> columns, QObject* parent)
    : QAbstractTableModel(parent)
    , columns_(std::move(columns)) {}

void TableModel::set_rows(std::vector<TableRow> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int TableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int TableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const TableRow& row = rows_[static_cast<std::size_t>(index.row())];
  if (role == id_role) return row.id;
  if (static_cast<std::size_t>(index.column()) >= row.cells.size()) return {};
  const TableCell& cell = row.cells[static_cast<std::size_t>(index.column())];
  switch (role) {
  case Qt::DisplayRole:
    return cell.text;
  case Qt::ToolTipRole:
    return cell.tooltip.isEmpty() ? QVariant() : QVariant(plain_tip(cell.tooltip));
  case sort_role:
    return cell.sort.isValid() ? cell.sort : QVariant(cell.text);
  case cell_role:
    return QVariant::fromValue(cell);
  default:
    return {};
  }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section >= columnCount()) return {};
  const TableColumn& column = columns_[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return column.title;
  if (role == Qt::TextAlignmentRole)
    return QVariant((column.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  return {};
}

FilterTable::FilterTable(const QString& object_name, std::vector<TableColumn> columns, QWidget* parent)
    : QTableView(parent)
    , model_(new TableModel(std::move(columns), this))
    , proxy_(new QSortFilterProxyModel(this)) {
  setObjectName(object_name);
  proxy_->setSourceModel(model_);
  proxy_->setSortRole(TableModel::sort_role);
  proxy_->setFilterKeyColumn(-1);
  proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  setModel(proxy_);
  setItemDelegate(new TableDelegate(this));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setMouseTracking(true);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWordWrap(false);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setMinimumSectionSize(26);
  verticalHeader()->setDefaultSectionSize(26);
  horizontalHeader()->setFixedHeight(23);
  horizontalHeader()->setMinimumSectionSize(24);
  horizontalHeader()->setHighlightSections(false);
  const auto& made = model_->columns();
  for (int i = 0; i < static_cast<int>(made.size()); ++i) {
    const TableColumn& column = made[static_cast<std::size_t>(i)];
    const auto mode = column.stretch     ? QHeaderView::Stretch
                      : column.width > 0 ? QHeaderView::Fixed
                                         : QHeaderView::ResizeToContents;
    horizontalHeader()->setSectionResizeMode(i, mode);
    if (column.width > 0) setColumnWidth(i, column.width);
  }
  setSortingEnabled(true);
  horizontalHeader()->setSortIndicatorShown(false);
  proxy_->sort(-1);
  connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
    if (!quiet_ && current.isValid()) emit chosen(current.data(TableModel::id_role));
  });
  connect(this, &QTableView::doubleClicked, this,
          [this](const QModelIndex& index) { emit activated_id(index.data(TableModel::id_role)); });
}

void FilterTable::set_rows(std::vector<TableRow> rows) {
  const QVariant kept = current_id();
  quiet_ = true;
  model_->set_rows(std::move(rows));
  quiet_ = false;
  select_id(kept);
  fit_height();
}

void FilterTable::set_filter(const QString& text) {
  proxy_->setFilterFixedString(text);
  fit_height();
}

int FilterTable::shown_rows() const { return proxy_->rowCount(); }

QVariant FilterTable::current_id() const { return currentIndex().data(TableModel::id_role); }

void FilterTable::select_id(const QVariant& id) {
  quiet_ = true;
  bool found = false;
  for (int row = 0; row < proxy_->rowCount() && id.isValid() && !found; ++row)
    if (proxy_->index(row, 0).data(TableModel::id_role) == id) {
      setCurrentIndex(proxy_->index(row, 0));
      found = true;
    }
  if (!found) setCurrentIndex({});
  if (!found) clearSelection();
  quiet_ = false;
}

void FilterTable::set_fit_rows(bool on) {
  fit_rows_ = on;
  fit_height();
}

void FilterTable::fit_height() {
  if (!fit_rows_) return;
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFixedHeight(horizontalHeader()->height() + 26 * proxy_->rowCount());
}

} // namespace bloch::app
