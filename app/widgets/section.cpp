#include "app/widgets/section.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "app/widgets/icon_label.h"

namespace bloch::app {

Section::Section(const QString& object_name, const QString& title, QWidget* parent)
    : QWidget(parent)
    , header_(new QWidget)
    , chevron_(new IconLabel("chevron-down", "text-3", 14))
    , title_(make_label(title, "title"))
    , hint_(make_label({}, "hint"))
    , tags_(new QHBoxLayout)
    , tools_(new QHBoxLayout)
    , body_(new QWidget)
    , content_layout_(new QVBoxLayout(body_)) {
  setObjectName(object_name);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);

  header_->setObjectName("section_header");
  header_->setProperty("section", object_name);
  header_->setAttribute(Qt::WA_StyledBackground);
  header_->setFixedHeight(30);
  header_->setCursor(Qt::ArrowCursor);
  header_->installEventFilter(this);
  auto* row = new QHBoxLayout(header_);
  row->setContentsMargins(8, 0, 8, 0);
  row->setSpacing(6);
  row->addWidget(chevron_);
  row->addWidget(title_);
  tags_->setSpacing(4);
  row->addLayout(tags_);
  row->addStretch(1);
  row->addWidget(hint_);
  hint_->hide();
  tools_->setSpacing(4);
  row->addLayout(tools_);
  column->addWidget(header_);
  column->addWidget(make_horizontal_line());

  content_layout_->setContentsMargins(12, 8, 12, 12);
  content_layout_->setSpacing(8);
  column->addWidget(body_);
  column->addWidget(make_horizontal_line());
  set_open(true);
}

void Section::set_title(const QString& title) { title_->setText(title); }

void Section::set_hint(const QString& text) {
  hint_->setText(text);
  hint_->setVisible(!text.isEmpty());
}

TagLabel* Section::add_tag(const QString& text, TagLabel::Kind kind) {
  auto* tag = new TagLabel(text, kind);
  tags_->addWidget(tag);
  return tag;
}

void Section::add_tool(QWidget* widget) { tools_->addWidget(widget); }

void Section::set_flush() {
  content_layout_->setContentsMargins(0, 0, 0, 0);
  content_layout_->setSpacing(0);
}

void Section::set_open(bool open) {
  const bool changes = open != open_;
  open_ = open;
  body_->setVisible(open);
  // The line below the header belongs to an open section; a folded one has the one at its end.
  layout()->itemAt(1)->widget()->setVisible(open);
  chevron_->set_icon(open ? "chevron-down" : "chevron-right");
  if (changes) emit toggled(open);
}

bool Section::eventFilter(QObject* watched, QEvent* event) {
  if (watched == header_ && event->type() == QEvent::MouseButtonRelease) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if (mouse->button() == Qt::LeftButton && header_->rect().contains(mouse->pos())) set_open(!open_);
  }
  return QWidget::eventFilter(watched, event);
}

QHBoxLayout* make_row(const QString& label, QWidget* control, int label_width) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* text = make_label(label, "label");
  text->setFixedWidth(label_width);
  row->addWidget(text);
  row->addWidget(control, 1);
  return row;
}

} // namespace bloch::app
