#pragma once

#include <QColor>
#include <QFont>
#include <QString>

#include "app/theme/theme_colours.h"

class QApplication;

namespace bloch::app {

/// Style, palette and style sheet of resources/themes/<name>.json over the whole program; widgets are
/// repainted. False, and nothing changed, when there is no such theme.
bool apply_theme(QApplication& application, const QString& name);

/// Inter in the sizes of the look: 10 tick, 11 caption, 12 body, 13 name, 15 verdict.
QFont ui_font(int pixel_size = 12, QFont::Weight weight = QFont::Normal);

/// JetBrains Mono, for digits that line up or change.
QFont mono_font(int pixel_size = 11, QFont::Weight weight = QFont::Normal);

/// Text that is switched off: text-3 at 55 %.
QColor disabled_colour();

/// A quiet background or outline of a signal colour, over surface: share from 0 to 1.
QColor tinted(const QColor& colour, double share);

} // namespace bloch::app
