#pragma once

#include <functional>
#include <vector>

#include <QAction>
#include <QObject>
#include <QString>

namespace bloch::app {

/// Every user action of the window, once: those of actions.inc, the tools of viewer_tools.inc ("tool.<name>")
/// and the window presets ("view.preset-0" to 9). Object names are "action.<id>".
class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QWidget* window);

  /// Contract: there is such an action.
  QAction* operator[](const QString& id) const;
  const std::vector<QAction*>& all() const { return all_; }
  static QString id_of(const QAction* action);

  /// Contract: there is such an action, and nothing is bound to it yet.
  void bind(const QString& id, const std::function<void()>& work);
  /// The ids that do nothing: none, in a finished window.
  QStringList unbound() const;

 private:
  QAction* add(const QString& id, const QString& text, const QString& icon_name, const QString& shortcuts,
               const QString& help);

  QWidget* window_;
  std::vector<QAction*> all_;
  QStringList bound_;
};

/// "Undo (Ctrl+Z)", with the help on a second line.
QString tooltip_of(const QString& text, const QList<QKeySequence>& shortcuts, const QString& help);

} // namespace bloch::app
