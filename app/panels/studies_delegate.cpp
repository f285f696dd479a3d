#include "app/panels/studies_delegate.h"

#include <QPainter>
#include <QTreeView>

#include "app/panels/studies_model.h"
#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/draw_tag.h"

namespace bloch::app {
namespace {

constexpr int patient_height = 30;
constexpr int study_height = 27;
constexpr int series_height = 60;
constexpr int thumbnail_size = 50;

StudiesModel::Row kind_of(const QModelIndex& index) {
  return static_cast<StudiesModel::Row>(index.data(StudiesModel::row_role).toInt());
}

/// Draws and moves the left edge behind it.
void draw_part(QPainter* painter, QRect& rect, const QString& text, const QFont& font, const char* token,
               int gap, Qt::TextElideMode elide = Qt::ElideRight) {
  painter->setFont(font);
  painter->setPen(theme_colour(token));
  const QString shown = painter->fontMetrics().elidedText(text, elide, std::max(0, rect.width()));
  painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, shown);
  rect.setLeft(rect.left() + painter->fontMetrics().horizontalAdvance(shown) + gap);
}

int draw_right(QPainter* painter, const QRect& rect, const QString& text, Qt::Alignment vertical) {
  painter->setFont(mono_font(11));
  painter->setPen(theme_colour("text-3"));
  painter->drawText(rect, Qt::AlignRight | vertical, text);
  return painter->fontMetrics().horizontalAdvance(text);
}

TagLabel::Kind browser_tag_kind(const QString& tag) {
  return tag == "NO VOLUME" ? TagLabel::Kind::warning : tag_kind(tag);
}

} // namespace

QSize StudiesDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  switch (kind_of(index)) {
  case StudiesModel::Row::patient:
    return {100, patient_height};
  case StudiesModel::Row::study:
    return {100, study_height};
  default:
    return {100, series_height};
  }
}

void StudiesDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
  painter->save();
  painter->fillRect(option.rect, theme_colour("surface"));
  const auto kind = kind_of(index);
  if (kind == StudiesModel::Row::patient || kind == StudiesModel::Row::study)
    paint_group(painter, option, index);
  else
    paint_series(painter, option, index);
  painter->restore();
}

void StudiesDelegate::paint_group(QPainter* painter, const QStyleOptionViewItem& option,
                                  const QModelIndex& index) const {
  const bool patient = kind_of(index) == StudiesModel::Row::patient;
  if (option.state.testFlag(QStyle::State_MouseOver)) painter->fillRect(option.rect, theme_colour("raised"));
  const auto* tree = qobject_cast<const QTreeView*>(option.widget);
  const bool open = tree && tree->isExpanded(index);
  if (patient)
    painter->fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 1),
                      theme_colour("line"));
  if (patient && !open)
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      theme_colour("line"));
  const int left = option.rect.left() + (patient ? 8 : 12);
  const QPixmap chevron = icon_pixmap(open ? "chevron-down" : "chevron-right", theme_colour("text-3"), 14,
                                      painter->device()->devicePixelRatioF());
  painter->drawPixmap(left, option.rect.center().y() - 6, chevron);
  QRect rect = option.rect.adjusted(patient ? 28 : 30, 0, -10, 0);
  if (patient) {
    const int width =
        draw_right(painter, rect, index.data(StudiesModel::count_role).toString(), Qt::AlignVCenter);
    rect.setRight(rect.right() - width - 6);
    draw_part(painter, rect, index.data().toString(), ui_font(12, QFont::DemiBold), "text-1", 7);
    draw_part(painter, rect, index.data(StudiesModel::detail_role).toString(), ui_font(11), "text-3", 0);
    return;
  }
  for (const QString& tag : index.data(StudiesModel::tags_role).toStringList()) {
    if (tag.isEmpty()) continue;
    const int width = draw_tag(nullptr, {}, tag, TagLabel::Kind::neutral);
    draw_tag(painter, {rect.right() - width + 1, rect.center().y() - drawn_tag_height / 2 + 1}, tag,
             TagLabel::Kind::neutral);
    rect.setRight(rect.right() - width - 6);
  }
  const QString date = index.data(StudiesModel::detail_role).toString();
  if (!date.isEmpty()) draw_part(painter, rect, date, mono_font(11), "text-2", 6);
  draw_part(painter, rect, index.data().toString(), ui_font(12), "text-1", 0);
}

void StudiesDelegate::paint_series(QPainter* painter, const QStyleOptionViewItem& option,
                                   const QModelIndex& index) const {
  const bool active = index.data(StudiesModel::active_role).toBool();
  const QRect& row = option.rect;
  if (active) {
    painter->fillRect(row, theme_colour("accent-bg"));
    painter->fillRect(QRect(row.left(), row.top(), 2, row.height()), theme_colour("accent"));
  } else if (option.state.testFlag(QStyle::State_MouseOver)) {
    painter->fillRect(row, theme_colour("raised"));
  }
  const QRect box(row.left() + 22, row.top() + 5, thumbnail_size, thumbnail_size);
  const QString glyph = index.data(StudiesModel::icon_role).toString();
  painter->fillRect(box, glyph.isEmpty() ? QColor(Qt::black) : theme_colour("well"));
  const QImage picture = index.data(StudiesModel::picture_role).value<QImage>();
  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  if (!picture.isNull()) painter->drawImage(box, picture);
  if (!glyph.isEmpty())
    painter->drawPixmap(box.center() - QPoint(10, 10),
                        icon_pixmap(glyph, theme_colour("text-2"), 22, painter->device()->devicePixelRatioF()));
  painter->setPen(theme_colour(active ? "accent" : "line"));
  painter->setBrush(Qt::NoBrush);
  painter->drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5));

  const QRect text = row.adjusted(22 + thumbnail_size + 9, 4, -10, -4);
  const bool loading = index.data(StudiesModel::loading_role).toBool();
  const QString count = loading ? QString("…") : index.data(StudiesModel::count_role).toString();
  QRect first(text.left(), text.top(), text.width(), 17);
  const int count_width = draw_right(painter, first, count, Qt::AlignVCenter);
  first.setRight(first.right() - count_width - 6);
  // Results of one image differ in their last word, the method.
  draw_part(painter, first, index.data().toString(), ui_font(12, QFont::Medium), "text-1", 0, Qt::ElideMiddle);
  QRect second(text.left(), text.top() + 17, text.width(), 16);
  draw_part(painter, second, loading ? QString("Loading…") : index.data(StudiesModel::detail_role).toString(),
            ui_font(11), "text-3", 0);
  int left = text.left();
  for (const QString& tag : index.data(StudiesModel::tags_role).toStringList())
    left += draw_tag(painter, {left, text.top() + 35}, tag, browser_tag_kind(tag)) + 4;
}

} // namespace bloch::app
