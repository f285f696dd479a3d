#pragma once

#include <QLineEdit>

#include "app/desktop/actions.h"

class QCompleter;
class QLabel;
class QStandardItemModel;

namespace bloch::app {

/// "Search actions…": every action by its words, with its shortcut; Return runs it.
class ActionSearch : public QLineEdit {
  Q_OBJECT

 public:
  explicit ActionSearch(Actions& actions, QWidget* parent = nullptr);

  /// Takes the keyboard and shows the whole list.
  void open();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void refill();
  void run(const QString& id);

  Actions& actions_;
  QStandardItemModel* model_;
  QCompleter* completer_;
  QLabel* key_;
};

} // namespace bloch::app
