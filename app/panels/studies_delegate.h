#pragma once

#include <QStyledItemDelegate>

namespace bloch::app {

/// Draws rows of a StudiesModel: patient 30 px, study 28 px, series 60 px with its thumbnail.
class StudiesDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  void paint_group(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
  void paint_series(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
};

} // namespace bloch::app
