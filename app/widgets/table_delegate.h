#pragma once

#include <QStyledItemDelegate>

namespace bloch::app {

/// Draws cells of a TableModel: swatch, icon, bar, tag, mono digits, the accent bar of the selected row.
class TableDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace bloch::app
