#include "app/widgets/tag_label.h"

#include <QStyle>

namespace bloch::app {

TagLabel::TagLabel(const QString& text, Kind kind, QWidget* parent)
    : QLabel(parent) {
  setTextFormat(Qt::PlainText);
  setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  set_tag(text, kind);
}

void TagLabel::set_tag(const QString& text, Kind kind) {
  static const char* names[] = {"neutral", "accent", "warning", "ok", "error"};
  kind_ = kind;
  setText(text);
  setProperty("tag", names[static_cast<int>(kind)]);
  style()->unpolish(this);
  style()->polish(this);
}

TagLabel::Kind tag_kind(const QString& tag) {
  static const QStringList warnings = {"SIMULATED", "RESAMPLED",   "LOSSY",       "MASKED",   "TILT",
                                       "UNEVEN",    "SHIFTED",     "DUPLICATES",  "PARTIAL",  "MIXED",
                                       "SPACING",   "BAD SPACING", "NEG SPACING", "BAD AXES", "NOT SPLIT"};
  if (warnings.contains(tag)) return TagLabel::Kind::warning;
  static const QStringList accents = {"RECON", "MAP"};
  return accents.contains(tag) ? TagLabel::Kind::accent : TagLabel::Kind::neutral;
}

} // namespace bloch::app
