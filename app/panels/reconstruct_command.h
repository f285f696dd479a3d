#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace bloch::app {

/// The exact command line that does what the window does, below the viewers.
class CommandBar : public QWidget {
  Q_OBJECT

 public:
  /// area: "reconstruct" names the buttons "reconstruct.command.copy" and so on.
  explicit CommandBar(const QString& area, QWidget* parent = nullptr);

  void set_line(const QString& line);
  const QString& line() const { return line_; }
  void set_recipe_available(bool on);

 signals:
  void recipe_requested();

 private:
  QString line_;
  QLabel* text_;
  QPushButton* copy_;
  QPushButton* recipe_;
};

} // namespace bloch::app
