#include "app/widgets/table_delegate.h"

#include <algorithm>

#include <QPainter>
#include <QTableView>

#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/draw_tag.h"
#include "app/widgets/filter_table.h"

namespace bloch::app {
namespace {

constexpr int cell_margin = 8;
constexpr int cell_bar_width = 44;

QFont cell_font(const TableCell& cell, bool number) {
  if (number) return mono_font(12, cell.best ? QFont::Bold : QFont::Normal);
  return ui_font(12, cell.best ? QFont::Bold : QFont::Normal);
}

TableColumn column_of(const QModelIndex& index, const QWidget* widget) {
  auto* table = const_cast<FilterTable*>(qobject_cast<const FilterTable*>(widget));
  return table ? table->table_model().columns()[static_cast<std::size_t>(index.column())] : TableColumn{};
}

/// Width of what stands before the text.
int before_text(const TableCell& cell) {
  return (cell.swatch ? 17 : 0) + (cell.icon.isEmpty() ? 0 : 22) +
         (cell.fraction >= 0 ? cell_bar_width + 6 : 0);
}

void paint_before_text(QPainter* painter, const TableCell& cell, QRect& rect, bool selected) {
  const QColor colour = cell.colour.isEmpty() ? theme_colour("text-2") : theme_colour(cell.colour);
  const int middle = rect.center().y() + 1;
  if (cell.swatch) {
    painter->fillRect(QRect(rect.left(), middle - 5, 9, 9), colour);
    rect.setLeft(rect.left() + 17);
  }
  if (!cell.icon.isEmpty()) {
    const QColor stroke = selected && !cell.colour.isEmpty() ? theme_colour("measure-selected") : colour;
    painter->drawPixmap(rect.left(), middle - 8,
                        icon_pixmap(cell.icon, stroke, 15, painter->device()->devicePixelRatioF()));
    rect.setLeft(rect.left() + 22);
  }
  if (cell.fraction >= 0) {
    painter->fillRect(QRect(rect.left(), middle - 2, cell_bar_width, 4), theme_colour("hover"));
    const int filled = static_cast<int>(cell_bar_width * std::clamp(cell.fraction, 0.0, 1.0) + 0.5);
    painter->fillRect(QRect(rect.left(), middle - 2, filled, 4), colour);
    rect.setLeft(rect.left() + cell_bar_width + 6);
  }
}

} // namespace

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
  const auto cell = index.data(TableModel::cell_role).value<TableCell>();
  const TableColumn column = column_of(index, option.widget);
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  const bool enabled = option.state.testFlag(QStyle::State_Enabled);
  painter->save();
  if (selected)
    painter->fillRect(option.rect, theme_colour("accent-bg"));
  else if (option.state.testFlag(QStyle::State_MouseOver))
    painter->fillRect(option.rect, theme_colour("raised"));
  painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                    theme_colour("line"));
  if (selected && index.column() == 0)
    painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()),
                      theme_colour("accent"));
  QRect rect = option.rect.adjusted(cell_margin, 0, -cell_margin, -1);
  if (column.tag && !cell.text.isEmpty()) {
    const int width = draw_tag(nullptr, {}, cell.text, cell.tag);
    draw_tag(painter, {rect.right() - width, rect.center().y() - drawn_tag_height / 2 + 1}, cell.text,
             cell.tag);
  } else {
    paint_before_text(painter, cell, rect, selected);
    painter->setFont(cell_font(cell, column.number));
    QColor text = cell.best ? theme_colour("accent-text") : theme_colour(cell.quiet ? "text-3" : "text-1");
    if (!enabled) text = disabled_colour();
    painter->setPen(text);
    const QString shown = painter->fontMetrics().elidedText(cell.text, Qt::ElideRight, rect.width());
    painter->drawText(rect, (column.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, shown);
  }
  painter->restore();
}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto cell = index.data(TableModel::cell_role).value<TableCell>();
  const TableColumn column = column_of(index, option.widget);
  const int text = column.tag ? draw_tag(nullptr, {}, cell.text, cell.tag)
                              : QFontMetrics(cell_font(cell, column.number)).horizontalAdvance(cell.text) +
                                    before_text(cell);
  return {text + 2 * cell_margin + 1, 26};
}

} // namespace bloch::app
