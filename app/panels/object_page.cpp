#include "app/panels/object_page.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QTextBrowser>
#include <QTextDocument>
#include <QVBoxLayout>

#include "app/panels/object_html.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"

namespace bloch::app {
namespace {
constexpr int widest_line = 760; // longer lines are hard to read
}

ObjectPage::ObjectPage(QWidget* parent)
    : QWidget(parent)
    , title_(make_label({}, "verdict", "object.page-title"))
    , heading_(make_label({}, "label", "object.page-heading"))
    , text_(new QTextBrowser) {
  setObjectName("object.page");
  setAttribute(Qt::WA_StyledBackground);
  auto* whole = new QHBoxLayout(this);
  whole->setContentsMargins(24, 16, 24, 16);
  auto* sheet = new QWidget;
  sheet->setMaximumWidth(widest_line);
  whole->addStretch(1);
  whole->addWidget(sheet, 100);
  whole->addStretch(1);
  auto* column = new QVBoxLayout(sheet);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* close = make_small_button("object.page-close", "x", "Back to the images (Esc)");
  auto* row = new QHBoxLayout;
  title_->setWordWrap(true);
  row->addWidget(title_, 1);
  row->addWidget(close, 0, Qt::AlignTop);
  column->addLayout(row);
  heading_->setWordWrap(true);
  column->addWidget(heading_);
  column->addSpacing(8);
  text_->setObjectName("object.page-text");
  text_->setAccessibleName("What the object says");
  text_->setOpenLinks(false);
  text_->document()->setDefaultFont(ui_font(13));
  text_->document()->setDocumentMargin(14);
  column->addWidget(text_, 1);
  auto* caution = make_label("NOT FOR DIAGNOSTIC USE", "caution");
  column->addWidget(caution, 0, Qt::AlignHCenter);
  connect(close, &QToolButton::clicked, this, &ObjectPage::close_requested);
}

void ObjectPage::set_object(const OpenedObject& opened) {
  const QString name = QString::fromStdString(opened.info.name);
  const QString description = QString::fromStdString(opened.info.description);
  title_->setText(description.isEmpty() ? name : description);
  const QString heading = object_heading(opened);
  heading_->setText(description.isEmpty() ? heading : name + (heading.isEmpty() ? "" : " · ") + heading);
  const QString html = object_html(opened, true);
  text_->setHtml(html.isEmpty() ? "It holds no text that Bloch reads." : html);
}

void ObjectPage::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return emit close_requested();
  QWidget::keyPressEvent(event);
}

} // namespace bloch::app
