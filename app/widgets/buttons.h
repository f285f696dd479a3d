#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QString>
#include <QToolButton>

class QDialog;
class QHBoxLayout;

namespace bloch::app {

// Buttons of the look. object_name is "area.thing"; icon names are those of app/theme/icons.h, empty for
// none.

/// The one filled button of a panel, 30 px.
QPushButton* make_primary_button(const QString& object_name, const QString& text,
                                 const QString& icon_name = {});
/// Outlined, 26 px; checkable ones look pressed in accent.
QPushButton* make_button(const QString& object_name, const QString& text, const QString& icon_name = {});
/// A glyph alone, 28 px (toolbar, strips). The tooltip is its name and says the shortcut.
QToolButton* make_tool_button(const QString& object_name, const QString& icon_name, const QString& tooltip);
/// A glyph alone, 22 px, for section titles and rows.
QToolButton* make_small_button(const QString& object_name, const QString& icon_name, const QString& tooltip);

/// The foot of a dialog: Cancel, which rejects it, and the button that accepts it by Enter too. object_area:
/// what stands before the dot of their names, "area.cancel" and "area.save".
struct DialogButtons {
  QHBoxLayout* row;
  QPushButton* accept;
};
DialogButtons make_dialog_buttons(QDialog& dialog, const QString& object_area, const QString& accept_text);

/// Text in a role of the style sheet: label, hint, caption, title, name, verdict, mono, mono-value, error. It
/// is plain: what a file says is never taken for HTML.
QLabel* make_label(const QString& text, const QString& role, const QString& object_name = {});

/// The same over as many lines as it needs, whatever the layout around it grants.
QLabel* make_wrapped_label(const QString& text, const QString& role, const QString& object_name = {});

QFrame* make_horizontal_line();
QFrame* make_vertical_line(int height = 20);

} // namespace bloch::app
