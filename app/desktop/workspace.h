#pragma once

#include <QImage>
#include <QStringList>
#include <QWidget>

#include "app/desktop/session.h"

namespace bloch::app {

/// One workspace of the window: a panel at the left, the viewers in the middle, a panel at the right, as in the
/// pictures. The widgets are made once, in the constructor, and owned by whoever shows them; a panel may be
/// null.
class Workspace : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  virtual QString
  name() const = 0; ///< "read", "reconstruct", "detect": also the setting and the action id workspace.<name>
  virtual QString title() const = 0; ///< "Read"
  virtual QWidget* left_panel() = 0;
  virtual QWidget* centre() = 0;
  virtual QWidget* right_panel() = 0;
  /// The tool (name in viewer_tools.inc) that the left button gets in every view of this workspace.
  virtual void set_tool(const std::string& name) = 0;
  /// Where "save picture" and `--snapshot` look; the views of this workspace by file name stem.
  virtual std::vector<std::pair<QString, QImage>> pictures() = 0;
  /// What the primary button of the workspace does, with the settings as they are; nothing where there is none.
  /// Its jobs run on the session's queue, so `QtJobQueue::became_idle` says that it is done. Used by
  /// `--snapshot`.
  virtual void run() {}
  /// Layouts that the toolbar offers; empty: no choice.
  virtual QStringList layouts() const { return {}; }
  virtual int layout() const { return 0; }
  virtual void set_layout(int index) { static_cast<void>(index); }
  /// Tools of viewer_tools.inc that mean nothing here; the toolbar hides them.
  virtual QStringList hidden_tools() const { return {"box"}; }

 signals:
  /// By a double-click on a view.
  void layout_changed(int index);
};

} // namespace bloch::app
