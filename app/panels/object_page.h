#pragma once

#include <QWidget>

#include "app/desktop/opened_object.h"

class QLabel;
class QTextBrowser;

namespace bloch::app {

/// The object that was opened last, large, in place of the views: to read a report.
class ObjectPage : public QWidget {
  Q_OBJECT

 public:
  explicit ObjectPage(QWidget* parent = nullptr);

  void set_object(const OpenedObject& opened);

 signals:
  void close_requested();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QLabel* title_;
  QLabel* heading_;
  QTextBrowser* text_;
};

} // namespace bloch::app
