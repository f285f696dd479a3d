#pragma once

#include <map>

#include <QWidget>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"

class QButtonGroup;
class QComboBox;
class QHBoxLayout;
class QMenu;
class QToolButton;

namespace bloch::app {

class ActionSearch;
class Workspace;

/// The top of the window, 44 px: name and menu, workspaces, tools, undo, layout, search, settings, help.
class Toolbar : public QWidget {
  Q_OBJECT

 public:
  Toolbar(Actions& actions, Session& session, QWidget* parent = nullptr);

  /// Its switch, its tools and its layouts.
  void show_workspace(Workspace& workspace);
  ActionSearch& search() { return *search_; }

 signals:
  void recent_chosen(const QString& path);

 private:
  void make_menu();
  void fill_recent(QMenu* menu);
  QToolButton* add_action_button(const QString& id);
  void add_gap_line();

  Actions& actions_;
  Session& session_;
  QHBoxLayout* row_;
  QToolButton* menu_button_;
  QComboBox* layouts_;
  ActionSearch* search_;
  std::map<QString, QToolButton*> buttons_; ///< by action id
  Workspace* workspace_ = nullptr;
};

} // namespace bloch::app
