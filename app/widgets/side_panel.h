#pragma once

#include <QScrollArea>

#include "app/widgets/section.h"
#include "core/session/settings.h"

class QVBoxLayout;

namespace bloch::app {

/// A column of sections that scrolls when it must, for the left or the right of a workspace. Width 256 to 320.
class SidePanel : public QWidget {
  Q_OBJECT

 public:
  /// settings: remembers which sections are open, under "section.<object name>"; must outlive the panel.
  SidePanel(const QString& object_name, Settings& settings, int width = 296, QWidget* parent = nullptr);

  /// Takes the section and opens it as it was left. One with stretch fills what the others leave.
  void add_section(Section* section, int stretch = 0);
  /// Below the scrolling part, always in sight: the primary button.
  void set_footer(QWidget* footer);

 private:
  Settings& settings_;
  QVBoxLayout* column_;
  QVBoxLayout* sections_;
};

} // namespace bloch::app
