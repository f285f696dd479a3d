#include "app/widgets/buttons.h"

#include <algorithm>

#include <QDialog>
#include <QHBoxLayout>

#include "app/theme/icons.h"
#include "app/widgets/plain_text.h"

namespace bloch::app {
namespace {

QToolButton* make_glyph_button(const QString& object_name, const QString& icon_name, const QString& tooltip,
                               const char* kind, int icon_size) {
  auto* button = new QToolButton;
  button->setObjectName(object_name);
  button->setProperty("kind", kind);
  button->setIcon(icon(icon_name));
  button->setIconSize({icon_size, icon_size});
  button->setToolTip(plain_tip(tooltip));
  button->setAccessibleName(tooltip);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAutoRaise(true);
  return button;
}

/// Layouts in a scroll area ask for the height of a wrapped text before they know its width.
class WrappedLabel : public QLabel {
 public:
  using QLabel::QLabel;

 protected:
  void resizeEvent(QResizeEvent* event) override {
    QLabel::resizeEvent(event);
    setMinimumHeight(std::max(0, heightForWidth(width()))); // -1 without text
  }
};

} // namespace

QPushButton* make_primary_button(const QString& object_name, const QString& text, const QString& icon_name) {
  auto* button = new QPushButton(text);
  button->setObjectName(object_name);
  button->setProperty("kind", "primary");
  if (!icon_name.isEmpty()) button->setIcon(icon(icon_name, "on-accent"));
  button->setIconSize({15, 15});
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

QPushButton* make_button(const QString& object_name, const QString& text, const QString& icon_name) {
  auto* button = new QPushButton(text);
  button->setObjectName(object_name);
  if (!icon_name.isEmpty()) button->setIcon(icon(icon_name));
  button->setIconSize({15, 15});
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

QToolButton* make_tool_button(const QString& object_name, const QString& icon_name, const QString& tooltip) {
  return make_glyph_button(object_name, icon_name, tooltip, "tool", 18);
}

QToolButton* make_small_button(const QString& object_name, const QString& icon_name, const QString& tooltip) {
  return make_glyph_button(object_name, icon_name, tooltip, "small", 15);
}

QLabel* make_label(const QString& text, const QString& role, const QString& object_name) {
  auto* label = new QLabel(text);
  label->setTextFormat(Qt::PlainText);
  label->setProperty("role", role);
  label->setObjectName(object_name);
  return label;
}

QLabel* make_wrapped_label(const QString& text, const QString& role, const QString& object_name) {
  auto* label = new WrappedLabel(text);
  label->setTextFormat(Qt::PlainText);
  label->setProperty("role", role);
  label->setObjectName(object_name);
  label->setWordWrap(true);
  return label;
}

DialogButtons make_dialog_buttons(QDialog& dialog, const QString& object_area, const QString& accept_text) {
  auto* row = new QHBoxLayout;
  auto* cancel = make_button(object_area + ".cancel", "Cancel");
  auto* accept = make_primary_button(object_area + ".save", accept_text);
  accept->setDefault(true);
  cancel->setAutoDefault(false);
  row->addStretch();
  row->addWidget(cancel);
  row->addWidget(accept);
  QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
  QObject::connect(accept, &QPushButton::clicked, &dialog, &QDialog::accept);
  return {row, accept};
}

QFrame* make_horizontal_line() {
  auto* line = new QFrame;
  line->setProperty("divider", "horizontal");
  line->setFixedHeight(1);
  return line;
}

QFrame* make_vertical_line(int height) {
  auto* line = new QFrame;
  line->setProperty("divider", "vertical");
  line->setFixedSize(1, height);
  return line;
}

} // namespace bloch::app
