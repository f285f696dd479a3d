#include "app/viewers/corner_text.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>
#include <QRegularExpression>

#include "app/theme/theme_colours.h"

namespace bloch::app {
namespace {

constexpr double corner_padding = 3; // of the backing, px
constexpr double title_square = 9;   // before the title
constexpr double title_gap = 6;
constexpr double tag_height = 15;
constexpr double tag_padding = 5;
constexpr double tag_gap = 4;

/// One line as it will be drawn.
struct CornerLine {
  QString text;
  QFont font;
  QColor colour;
  QColor mark; ///< square before it; invalid: none
  double width = 0;
};

bool is_plane_token(const QString& token) {
  return token == "axial" || token == "coronal" || token == "sagittal";
}

/// Under the title, a line with a decimal number is a result ("NRMSE 0.053"), whose digits line up between
/// views.
bool is_result(const CornerText& corner, const QString& text) {
  static const QRegularExpression decimal("\\d\\.\\d");
  return !corner.right && !corner.bottom && text.contains(decimal);
}

std::vector<CornerLine> corner_lines(const CornerText& corner, double maximum_width, bool narrow) {
  std::vector<CornerLine> lines;
  if (!corner.title.isEmpty()) {
    CornerLine line{corner.title, viewer_font(11, QFont::DemiBold), theme_colour("overlay"), {}, 0};
    if (!corner.title_colour.isEmpty()) line.mark = theme_colour(corner.title_colour);
    if (is_plane_token(corner.title_colour)) line.colour = line.mark;
    lines.push_back(line);
  }
  for (const QString& text : corner.lines)
    if (!text.isEmpty())
      lines.push_back(
          {text, is_result(corner, text) ? viewer_mono_font() : viewer_font(), theme_colour("overlay"), {}, 0});
  const std::size_t room = narrow ? (corner.tags.empty() ? 2 : 1) : lines.size();
  if (lines.size() > room) {
    if (corner.bottom)
      lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(room));
    else
      lines.resize(room);
  }
  for (CornerLine& line : lines) {
    const double mark = line.mark.isValid() ? title_square + title_gap : 0;
    const QFontMetricsF metrics(line.font);
    line.text = metrics.elidedText(line.text, Qt::ElideRight, std::max(20.0, maximum_width - mark));
    line.width = metrics.horizontalAdvance(line.text) + mark;
  }
  return lines;
}

QFont tag_font() {
  QFont font = viewer_font(10, QFont::DemiBold);
  font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
  return font;
}

double tag_width(const Tag& tag) {
  return std::ceil(QFontMetricsF(tag_font()).horizontalAdvance(tag.text)) + 2 * tag_padding;
}

double tags_width(const std::vector<Tag>& tags) {
  double width = 0;
  for (const Tag& tag : tags) width += tag_width(tag) + (width > 0 ? tag_gap : 0);
  return width;
}

void draw_tag(QPainter& painter, const QRectF& frame, const Tag& tag) {
  const QColor colour = theme_colour(tag.warning ? "caution" : "accent-text");
  QColor line = tag.warning ? colour : theme_colour("accent-line");
  if (tag.warning) line.setAlphaF(0.55F);
  QColor ground = tag.warning ? QColor(40, 31, 12) : theme_colour("accent-bg");
  ground.setAlphaF(0.92F);
  painter.setPen(QPen(line, 1));
  painter.setBrush(ground);
  painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  painter.setFont(tag_font());
  painter.setPen(colour);
  painter.drawText(frame, Qt::AlignCenter, tag.text);
}

void draw_line(QPainter& painter, const CornerLine& line, const QRectF& row, bool right) {
  const double left = right ? row.right() - corner_padding - line.width : row.left() + corner_padding;
  painter.fillRect(QRectF(left - corner_padding, row.top(), line.width + 2 * corner_padding, row.height()),
                   QColor(0, 0, 0, 117));
  double text_left = left;
  if (line.mark.isValid()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(line.mark);
    painter.drawRoundedRect(QRectF(left, row.center().y() - title_square / 2, title_square, title_square), 1.5,
                            1.5);
    text_left += title_square + title_gap;
  }
  painter.setFont(line.font);
  draw_viewer_text(painter, QRectF(text_left, row.top(), line.width + 1, row.height()),
                   Qt::AlignLeft | Qt::AlignVCenter, line.text, line.colour);
}

} // namespace

QFont viewer_font(int pixels, QFont::Weight weight) {
  QFont font;
  font.setFamilies({"Inter", "Noto Sans", "DejaVu Sans"});
  font.setPixelSize(pixels);
  font.setWeight(weight);
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

QFont viewer_mono_font(int pixels) {
  QFont font = viewer_font(pixels);
  font.setFamilies({"JetBrains Mono", "DejaVu Sans Mono"});
  return font;
}

void draw_viewer_text(QPainter& painter, const QRectF& rectangle, int alignment, const QString& text,
                      const QColor& colour) {
  // Left stays left for right-to-left scripts: the corner decides, the script only orders the letters.
  painter.setLayoutDirection(Qt::LeftToRight);
  const int flags = alignment | Qt::TextSingleLine | Qt::TextDontClip;
  painter.setPen(Qt::black);
  for (const QPointF& shift : {QPointF(1, 1), QPointF(0, 1)})
    painter.drawText(rectangle.translated(shift), flags, text);
  painter.setPen(colour);
  painter.drawText(rectangle, flags, text);
}

bool CornerText::operator==(const CornerText& other) const {
  const auto same_tag = [](const Tag& a, const Tag& b) { return a.text == b.text && a.warning == b.warning; };
  return title == other.title && title_colour == other.title_colour && lines == other.lines &&
         right == other.right && bottom == other.bottom &&
         std::equal(tags.begin(), tags.end(), other.tags.begin(), other.tags.end(), same_tag);
}

QImage draw_corner(const CornerText& corner, double maximum_width, bool narrow, double device_pixel_ratio) {
  const std::vector<CornerLine> lines = corner_lines(corner, maximum_width, narrow);
  if (lines.empty() && corner.tags.empty()) return {};
  double width = tags_width(corner.tags);
  for (const CornerLine& line : lines) width = std::max(width, line.width);
  width = std::ceil(width) + 2 * corner_padding;
  const double height =
      static_cast<double>(lines.size()) * viewer_line_height + (corner.tags.empty() ? 1 : tag_height + 3);
  QImage image(QSizeF(width * device_pixel_ratio, height * device_pixel_ratio).toSize(),
               QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(device_pixel_ratio);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  double top = 0;
  for (const CornerLine& line : lines) {
    draw_line(painter, line, QRectF(0, top, width, viewer_line_height), corner.right);
    top += viewer_line_height;
  }
  double left = corner.right ? width - corner_padding - tags_width(corner.tags) : corner_padding;
  for (const Tag& tag : corner.tags) {
    draw_tag(painter, QRectF(left, top + 2, tag_width(tag), tag_height), tag);
    left += tag_width(tag) + tag_gap;
  }
  return image;
}

} // namespace bloch::app
