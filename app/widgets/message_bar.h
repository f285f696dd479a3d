#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace bloch::app {

class IconLabel;

/// One sentence above the viewers, never modal: what happened and what to do, with details on demand and a way
/// to dismiss it.
class MessageBar : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { information, warning, error };

  explicit MessageBar(QWidget* parent = nullptr);

  /// Replaces what is there.
  void show_message(Kind kind, const QString& text, const QString& details);
  QString text() const;
  QString details() const;

 private:
  IconLabel* glyph_;
  QLabel* text_;
  QLabel* details_;
  QPushButton* more_;
};

} // namespace bloch::app
