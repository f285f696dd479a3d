#pragma once

#include <QByteArray>
#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace bloch::app {

/// A line icon of resources/icons by file name ("ruler"), in the colours of the theme in force: text-2, hovered
/// text-1, switched on accent-text, disabled faded. It is drawn anew at every size and pixel ratio, and follows
/// a change of theme.
QIcon icon(const QString& name);

/// The same in one colour of the theme (a token), whatever the state: on a primary button, beside a tool in its
/// own colour.
QIcon icon(const QString& name, const QString& token);

/// One picture of it, for delegates and paint events. size in device-independent pixels.
QPixmap icon_pixmap(const QString& name, const QColor& colour, int size, double device_pixel_ratio);

/// The SVG with its stroke colour and width replaced (Qt SVG knows no currentColor). Contract: the icon is
/// there.
QByteArray recoloured_svg(const QString& name, const QColor& colour, double stroke_width = 1.5);

} // namespace bloch::app
