#pragma once

#include <QPainter>
#include <QString>

#include "app/widgets/tag_label.h"

namespace bloch::app {

/// A tag as TagLabel shows it, for delegates. Returns its width; with a null painter it only measures.
int draw_tag(QPainter* painter, const QPoint& top_left, const QString& text, TagLabel::Kind kind);

inline constexpr int drawn_tag_height = 16;

} // namespace bloch::app
