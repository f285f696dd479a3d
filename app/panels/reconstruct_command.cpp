#include "app/panels/reconstruct_command.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>

#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"

namespace bloch::app {
namespace {

/// Program in accent, options quiet, values bright; breaks only before an option.
QString coloured_command(const QString& line) {
  const QString quiet = theme_colour("text-3").name();
  QStringList words = line.toHtmlEscaped().split(' ');
  QString html;
  for (int i = 0; i < words.size(); ++i) {
    const QString word = words[i];
    const bool option = word.startsWith("--");
    // A word joiner after each hyphen keeps words whole at the line's end.
    const QString whole = QString(word).replace('-', QStringLiteral("-") + QChar(0x2060));
    if (i > 0) html += option ? QStringLiteral(" ") : QStringLiteral("&nbsp;");
    QString shown = whole;
    if (i == 0)
      shown = QStringLiteral("<span style='color:%1'>%2</span>").arg(theme_colour("accent-text").name(), whole);
    else if (option)
      shown = QStringLiteral("<span style='color:%1; white-space:nowrap'>%2</span>").arg(quiet, whole);
    html += shown;
  }
  return html;
}

} // namespace

CommandBar::CommandBar(const QString& area, QWidget* parent)
    : QWidget(parent)
    , text_(make_label({}, "mono", area + ".command"))
    , copy_(make_button(area + ".command.copy", tr("Copy"), "copy"))
    , recipe_(make_button(area + ".command.recipe", tr("Recipe"), "file-braces")) {
  setProperty("strip", true);
  setAttribute(Qt::WA_StyledBackground);
  setMinimumHeight(42);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 4, 10, 4);
  row->setSpacing(8);
  auto* glyph = new QLabel;
  glyph->setPixmap(icon_pixmap("terminal", theme_colour("text-3"), 15, devicePixelRatioF()));
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::RichText);
  text_->setFont(mono_font(11));
  text_->setMinimumWidth(80);
  copy_->setToolTip(tr("Copy the command line"));
  recipe_->setToolTip(tr("Save how the selected result was made, for bloch-cli replay"));
  recipe_->setEnabled(false);
  row->addWidget(glyph);
  row->addWidget(text_, 1);
  row->addWidget(copy_);
  row->addWidget(recipe_);
  connect(copy_, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(line_); });
  connect(recipe_, &QPushButton::clicked, this, &CommandBar::recipe_requested);
}

void CommandBar::set_line(const QString& line) {
  line_ = line;
  text_->setText(coloured_command(line));
  copy_->setEnabled(!line.isEmpty());
}

void CommandBar::set_recipe_available(bool on) { recipe_->setEnabled(on); }

} // namespace bloch::app
