#include "app/widgets/draw_tag.h"

#include <QFontMetrics>

#include "app/theme/theme.h"

namespace bloch::app {

int draw_tag(QPainter* painter, const QPoint& top_left, const QString& text, TagLabel::Kind kind) {
  QFont font = ui_font(10, QFont::DemiBold);
  font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
  const int width = QFontMetrics(font).horizontalAdvance(text) + 11;
  if (!painter) return width;
  QColor front = theme_colour("text-2");
  QColor line = theme_colour("line-strong");
  QColor back = Qt::transparent;
  if (kind == TagLabel::Kind::accent) {
    front = theme_colour("accent-text");
    line = theme_colour("accent-line");
    back = theme_colour("accent-bg");
  } else if (kind != TagLabel::Kind::neutral) {
    front = theme_colour(kind == TagLabel::Kind::warning ? "warn"
                         : kind == TagLabel::Kind::ok    ? "ok"
                                                         : "error");
    line = tinted(front, 0.45);
    back = tinted(front, 0.13);
  }
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(line);
  painter->setBrush(back);
  const QRectF box(top_left.x() + 0.5, top_left.y() + 0.5, width - 1, drawn_tag_height - 1);
  painter->drawRoundedRect(box, 3, 3);
  painter->setPen(front);
  painter->setFont(font);
  painter->drawText(box, Qt::AlignCenter, text);
  painter->restore();
  return width;
}

} // namespace bloch::app
