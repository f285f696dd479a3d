#pragma once

#include <vector>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QStringList>
#include <QTableView>
#include <QVariant>

#include "app/widgets/tag_label.h"

namespace bloch::app {

/// How a column of a table looks. A column of a kind of its own (bars, buttons) gets another delegate.
struct TableColumn {
  QString title;
  bool number = false;  ///< mono, right-aligned
  bool tag = false;     ///< the text is drawn as a tag; kinds by tag_kind unless the cell says otherwise
  bool stretch = false; ///< takes the width that is left
  int width = 0;        ///< px; 0: as wide as its content
};

/// One cell. `sort` is what sorting compares (else the text); `fraction` draws a small bar before the text when
/// 0 to 1.
struct TableCell {
  QString text = {};
  QVariant sort = {};
  QString icon = {};   ///< name of an icon before the text
  QString colour = {}; ///< token of icon, swatch and bar
  bool swatch = false; ///< a small square in that colour before the text
  bool best = false;   ///< best of its column: accent-text, 700
  bool quiet = false;  ///< text-3
  double fraction = -1;
  TagLabel::Kind tag = TagLabel::Kind::neutral;
  QString tooltip = {};
};

struct TableRow {
  QVariant id; ///< what `chosen` says
  std::vector<TableCell> cells;
};

/// Rows by value; a new list replaces the old one and keeps the selection by id.
class TableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Role { id_role = Qt::UserRole, sort_role, cell_role };

  explicit TableModel(std::vector<TableColumn> columns, QObject* parent = nullptr);

  void set_rows(std::vector<TableRow> rows);
  const std::vector<TableRow>& rows() const { return rows_; }
  const std::vector<TableColumn>& columns() const { return columns_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<TableColumn> columns_;
  std::vector<TableRow> rows_;
};

/// A table of the look: 26 px rows, 22 px head, one row selected with an accent bar at its left, sorted by its
/// headings, filtered by text over all columns.
class FilterTable : public QTableView {
  Q_OBJECT

 public:
  FilterTable(const QString& object_name, std::vector<TableColumn> columns, QWidget* parent = nullptr);

  void set_rows(std::vector<TableRow> rows);
  void set_filter(const QString& text);
  int shown_rows() const;
  QVariant current_id() const;
  /// Does not emit.
  void select_id(const QVariant& id);
  /// Exactly as tall as its rows, for sections; else it scrolls.
  void set_fit_rows(bool on);
  TableModel& table_model() { return *model_; }

 signals:
  /// By the user's hand or key.
  void chosen(const QVariant& id);
  void activated_id(const QVariant& id);

 private:
  void fit_height();

  TableModel* model_;
  QSortFilterProxyModel* proxy_;
  bool fit_rows_ = false;
  bool quiet_ = false;
};

} // namespace bloch::app

Q_DECLARE_METATYPE(bloch::app::TableCell)
