#include "app/widgets/icon_label.h"

#include <QPainter>

#include "app/theme/icons.h"
#include "app/theme/theme.h"

namespace bloch::app {

IconLabel::IconLabel(const QString& icon_name, const QString& token, int size, QWidget* parent)
    : QWidget(parent)
    , name_(icon_name)
    , token_(token) {
  setFixedSize(size, size);
  setAttribute(Qt::WA_TransparentForMouseEvents);
}

void IconLabel::set_icon(const QString& icon_name) { set_icon(icon_name, token_); }

void IconLabel::set_icon(const QString& icon_name, const QString& token) {
  name_ = icon_name;
  token_ = token;
  update();
}

void IconLabel::paintEvent(QPaintEvent*) {
  QPainter(this).drawPixmap(0, 0, icon_pixmap(name_, theme_colour(token_), width(), devicePixelRatioF()));
}

} // namespace bloch::app
