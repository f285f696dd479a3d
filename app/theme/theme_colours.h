#pragma once

#include <QColor>
#include <QString>
#include <QStringList>

namespace bloch::app {

/// Reads resources/themes/<name>.json and makes its colours the ones in force. False when there is no such
/// theme.
bool load_theme_colours(const QString& name);

/// "dark" or "light": the one in force ("dark" before any was loaded).
QString theme_name();

/// Colour of a token of the theme in force: "accent", "text-2", "axial", "series-1". Contract: the token is in
/// the theme. Style sheets, palettes, delegates and the viewers all read the same names.
QColor theme_colour(const QString& token);

/// Every token, for style sheets that name them as @token.
QStringList theme_tokens();

/// Makes what is compiled in from resources/ readable as ":/bloch/icons/…", ":/bloch/themes/…",
/// ":/bloch/presets/…".
void load_resources();

} // namespace bloch::app
