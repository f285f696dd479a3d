#include "app/widgets/message_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "app/widgets/icon_label.h"

namespace bloch::app {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , glyph_(new IconLabel("info", "accent", 15))
    , text_(make_label({}, {}, "message.text"))
    , details_(make_label({}, "hint", "message.details"))
    , more_(make_button("message.more", "Details")) {
  setObjectName("message_bar");
  setAttribute(Qt::WA_StyledBackground);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 6, 8, 6);
  column->setSpacing(4);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  details_->setWordWrap(true);
  details_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  details_->setContentsMargins(23, 0, 0, 2);
  more_->setProperty("small", true);
  more_->setCheckable(true);
  auto* close = make_small_button("message.close", "x", "Dismiss this message");
  row->addWidget(glyph_);
  row->addWidget(text_, 1);
  row->addWidget(more_);
  row->addWidget(close);
  column->addLayout(row);
  column->addWidget(details_);
  connect(more_, &QPushButton::toggled, details_, &QWidget::setVisible);
  connect(close, &QToolButton::clicked, this, &QWidget::hide);
  hide();
}

void MessageBar::show_message(Kind kind, const QString& text, const QString& details) {
  static const char* names[] = {"information", "warning", "error"};
  static const char* icons[] = {"info", "triangle-alert", "circle-x"};
  static const char* tokens[] = {"accent", "warn", "error"};
  const auto index = static_cast<std::size_t>(kind);
  setProperty("kind", names[index]);
  style()->unpolish(this);
  style()->polish(this);
  glyph_->set_icon(icons[index], tokens[index]);
  text_->setText(text);
  details_->setText(details);
  more_->setVisible(!details.isEmpty());
  // What went wrong is said at once where it is short.
  const bool open = kind == Kind::error && details.count('\n') < 6;
  more_->setChecked(open && !details.isEmpty());
  details_->setVisible(more_->isChecked());
  show();
}

QString MessageBar::text() const { return text_->text(); }

QString MessageBar::details() const { return details_->text(); }

} // namespace bloch::app
