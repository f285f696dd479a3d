#include "app/desktop/toolbar.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>

#include "app/desktop/action_search.h"
#include "app/desktop/workspace.h"
#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/tools/viewer_tools.h"
#include "app/widgets/buttons.h"
#include "app/widgets/icon_label.h"
#include "app/widgets/plain_text.h"

namespace bloch::app {

Toolbar::Toolbar(Actions& actions, Session& session, QWidget* parent)
    : QWidget(parent)
    , actions_(actions)
    , session_(session)
    , row_(new QHBoxLayout(this))
    , menu_button_(make_tool_button("toolbar.menu", "menu", "Menu"))
    , layouts_(new QComboBox)
    , search_(new ActionSearch(actions)) {
  setObjectName("toolbar");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(44);
  row_->setContentsMargins(10, 0, 10, 1);
  row_->setSpacing(2);
  row_->addWidget(new IconLabel("bloch", "accent", 20));
  row_->addSpacing(6);
  row_->addWidget(make_label("Bloch", "brand"));
  row_->addSpacing(6);
  make_menu();
  row_->addWidget(menu_button_);
  add_gap_line();

  auto* switcher = new QWidget;
  switcher->setProperty("segmented", true);
  switcher->setAttribute(Qt::WA_StyledBackground);
  switcher->setFixedHeight(28);
  auto* switches = new QHBoxLayout(switcher);
  switches->setContentsMargins(1, 1, 1, 1);
  switches->setSpacing(1);
  for (const char* name : {"workspace.read", "workspace.reconstruct", "workspace.detect"}) {
    QToolButton* button = add_action_button(name);
    row_->removeWidget(button);
    button->setProperty("kind", "workspace");
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setMinimumSize(0, 0);
    button->setMaximumSize(QWIDGETSIZE_MAX, 26);
    switches->addWidget(button);
  }
  row_->addWidget(switcher);
  add_gap_line();
  for (const ViewerToolInfo& tool : viewer_tools()) {
    if (QString(tool.name) == "distance") add_gap_line();
    add_action_button(QString("tool.") + tool.name);
  }
  add_gap_line();
  for (const char* id : {"view.reset", "view.overlay", "edit.undo", "edit.redo"}) add_action_button(id);
  row_->addSpacing(14);
  layouts_->setObjectName("toolbar.layout");
  layouts_->setToolTip("Which views are shown");
  layouts_->setMinimumWidth(108);
  layouts_->setFocusPolicy(Qt::TabFocus);
  row_->addWidget(layouts_);
  connect(layouts_, &QComboBox::activated, this, [this](int index) {
    if (workspace_) workspace_->set_layout(index);
  });
  row_->addStretch(1);
  row_->addWidget(search_);
  row_->addSpacing(6);

  auto* settings = make_tool_button("toolbar.settings", "settings", "Settings");
  auto* settings_menu = new QMenu(settings);
  for (const char* id : {"view.dark", "view.light"}) settings_menu->addAction(actions_[id]);
  settings_menu->addSeparator();
  for (const char* id : {"view.left-panel", "view.right-panel", "view.full-screen"})
    settings_menu->addAction(actions_[id]);
  settings->setMenu(settings_menu);
  settings->setPopupMode(QToolButton::InstantPopup);
  row_->addWidget(settings);
  auto* help = make_tool_button("toolbar.help", "circle-question-mark", "Help");
  auto* help_menu = new QMenu(help);
  for (const char* id : {"help.keys", "help.about"}) help_menu->addAction(actions_[id]);
  help->setMenu(help_menu);
  help->setPopupMode(QToolButton::InstantPopup);
  row_->addWidget(help);
}

void Toolbar::make_menu() {
  auto* menu = new QMenu(menu_button_);
  menu->setObjectName("toolbar.main_menu");
  for (const char* id : {"file.open-folder", "file.open-files", "file.open-kspace", "file.open-truth"})
    menu->addAction(actions_[id]);
  QMenu* recent = menu->addMenu(icon("history"), "Open recent");
  connect(recent, &QMenu::aboutToShow, this, [this, recent] { fill_recent(recent); });
  for (const char* id : {"file.open-demo", "file.rescan"}) menu->addAction(actions_[id]);
  menu->addSeparator();
  for (const char* id : {"file.save-picture", "file.save-window", "file.save-image", "file.save-series"})
    menu->addAction(actions_[id]);
  menu->addSeparator();
  for (const char* id : {"edit.undo", "edit.redo", "edit.delete", "edit.copy-measurements"})
    menu->addAction(actions_[id]);
  menu->addSeparator();
  for (const char* id : {"view.reset", "view.invert", "view.previous-series", "view.next-series",
                         "view.previous-volume", "view.next-volume", "series.reconstruct", "series.resample",
                         "view.crosshair", "view.overlay", "view.truth"})
    menu->addAction(actions_[id]);
  menu->addSeparator();
  for (const char* id : {"workspace.run", "jobs.cancel"}) menu->addAction(actions_[id]);
  menu->addSeparator();
  menu->addAction(actions_["file.quit"]);
  menu_button_->setMenu(menu);
  menu_button_->setPopupMode(QToolButton::InstantPopup);
}

void Toolbar::fill_recent(QMenu* menu) {
  menu->clear();
  for (const std::string& path : session_.settings().recent) {
    const QString text = QString::fromStdString(path);
    QAction* action =
        menu->addAction(without_mnemonic(QFileInfo(text).fileName() + "   " + QFileInfo(text).path()));
    connect(action, &QAction::triggered, this, [this, text] { emit recent_chosen(text); });
  }
  if (menu->isEmpty()) menu->addAction("Nothing opened yet")->setEnabled(false);
}

QToolButton* Toolbar::add_action_button(const QString& id) {
  QAction* action = actions_[id];
  auto* button = make_tool_button("toolbar." + id, "menu", {});
  button->setDefaultAction(action);
  buttons_[id] = button;
  row_->addWidget(button);
  return button;
}

void Toolbar::add_gap_line() {
  row_->addSpacing(6);
  row_->addWidget(make_vertical_line(20));
  row_->addSpacing(6);
}

void Toolbar::show_workspace(Workspace& workspace) {
  if (workspace_) disconnect(workspace_, nullptr, layouts_, nullptr);
  workspace_ = &workspace;
  const QStringList hidden = workspace.hidden_tools();
  for (const ViewerToolInfo& tool : viewer_tools()) {
    const bool shown = !hidden.contains(tool.name);
    actions_[QString("tool.") + tool.name]->setVisible(shown);
    buttons_[QString("tool.") + tool.name]->setVisible(shown);
  }
  const QSignalBlocker quiet(layouts_);
  layouts_->clear();
  for (const QString& name : workspace.layouts()) layouts_->addItem(icon("layout-grid"), name);
  layouts_->setCurrentIndex(workspace.layout());
  layouts_->setVisible(layouts_->count() > 0);
  connect(&workspace, &Workspace::layout_changed, layouts_, [this, &workspace](int index) {
    const QStringList names = workspace.layouts();
    for (int i = 0; i < names.size(); ++i) layouts_->setItemText(i, names[i]);
    layouts_->setCurrentIndex(index);
  });
}

} // namespace bloch::app
