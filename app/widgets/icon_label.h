#pragma once

#include <QString>
#include <QWidget>

namespace bloch::app {

/// A line icon that is no button, in one colour of the theme; follows a change of theme and of the screen's
/// density.
class IconLabel : public QWidget {
  Q_OBJECT

 public:
  IconLabel(const QString& icon_name, const QString& token, int size, QWidget* parent = nullptr);

  void set_icon(const QString& icon_name);
  void set_icon(const QString& icon_name, const QString& token);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString name_;
  QString token_;
};

} // namespace bloch::app
