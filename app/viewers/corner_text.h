#pragma once

#include <QFont>
#include <QImage>
#include <QString>
#include <QStringList>

#include "app/viewers/slice_scene.h"

class QPainter;

namespace bloch::app {

inline constexpr int viewer_margin = 10;      ///< from the edges to text, px
inline constexpr int viewer_line_height = 15; ///< px
inline constexpr int narrow_view = 240;       ///< px; below it corners shrink to two lines

/// Text on images: Inter, then Noto Sans, DejaVu Sans. Qt finds fonts for other scripts itself.
QFont viewer_font(int pixels = 11, QFont::Weight weight = QFont::Normal);
/// Digits that run: JetBrains Mono, then DejaVu Sans Mono.
QFont viewer_mono_font(int pixels = 11);

/// Text with a 1 px black shadow; the rectangle's left, centre or right by `alignment`, in any script.
void draw_viewer_text(QPainter& painter, const QRectF& rectangle, int alignment, const QString& text,
                      const QColor& colour);

/// What stands in one corner.
struct CornerText {
  QString title;
  QString title_colour; ///< token; a plane's token colours the title too
  QStringList lines;
  std::vector<Tag> tags; ///< one row below the lines
  bool right = false;
  bool bottom = false; ///< shrinking keeps the last lines, else the first

  bool operator==(const CornerText& other) const;
};

/// The corner as an image with alpha, in device pixels; null when there is nothing to say. Lines wider than the
/// maximum (device-independent) end in an ellipsis.
QImage draw_corner(const CornerText& corner, double maximum_width, bool narrow, double device_pixel_ratio);

} // namespace bloch::app
