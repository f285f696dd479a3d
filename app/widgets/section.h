#pragma once

#include <QWidget>

#include "app/widgets/tag_label.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace bloch::app {

class IconLabel;

/// A titled part of a panel that folds: 30 px header with chevron, title, tags and tools, then the content.
///
/// The object name "area.section" is also the key under which `SidePanel` remembers whether it is open.
class Section : public QWidget {
  Q_OBJECT

 public:
  Section(const QString& object_name, const QString& title, QWidget* parent = nullptr);

  void set_title(const QString& title);
  /// Quiet text at the right of the header: "off", "5 items".
  void set_hint(const QString& text);
  /// Right after the title.
  TagLabel* add_tag(const QString& text, TagLabel::Kind kind = TagLabel::Kind::neutral);
  /// At the right end: small buttons, a tag.
  void add_tool(QWidget* widget);

  /// Content goes here; margins 12, spacing 8. `set_flush` takes the margins away (tables, pictures).
  QVBoxLayout* content() { return content_layout_; }
  void set_flush();

  bool is_open() const { return open_; }
  void set_open(bool open);

 signals:
  void toggled(bool open);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  bool open_ = true;
  QWidget* header_;
  IconLabel* chevron_;
  QLabel* title_;
  QLabel* hint_;
  QHBoxLayout* tags_;
  QHBoxLayout* tools_;
  QWidget* body_;
  QVBoxLayout* content_layout_;
};

/// A label of fixed width and a control in one row, as every form of the panels has them.
QHBoxLayout* make_row(const QString& label, QWidget* control, int label_width = 72);

} // namespace bloch::app
