#include "app/desktop/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPixmapCache>

#include "app/desktop/action_search.h"
#include "app/desktop/file_dialog.h"
#include "app/desktop/help_dialogs.h"
#include "app/desktop/toolbar.h"
#include "app/panels/file_patterns.h"
#include "app/panels/linked_views.h"
#include "app/panels/measurements_panel.h"
#include "app/panels/planes_panel.h"
#include "app/panels/read_workspace.h"
#include "app/panels/studies_panel.h"
#include "app/panels/window_panel.h"
#include "app/theme/theme.h"
#include "app/tools/viewer_tools.h"
#include "app/widgets/message_bar.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::app {
void MainWindow::bind_files() {
  Actions& actions = *actions_;
  actions.bind("file.open-folder", [this] { open_dialog(true); });
  actions.bind("file.open-files", [this] { open_dialog(false); });
  connect(&read_->studies(), &StudiesPanel::open_requested, this, [this] { open_dialog(true); });
  actions.bind("file.open-kspace", [this] {
    auto* dialog =
        make_file_dialog(this, "Open raw k-space", QString::fromStdString(session_.settings().last_folder),
                         [this](const QStringList& files) {
                           if (!files.isEmpty()) open_kspace(files.front().toStdString());
                         });
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter("Raw k-space (" + file_patterns(imaging::kspace_formats()) + ")");
    dialog->open();
  });
  actions.bind("file.open-truth", [this] {
    auto* dialog =
        make_file_dialog(this, "Open truth mask", QString::fromStdString(session_.settings().last_folder),
                         [this](const QStringList& files) {
                           if (!files.isEmpty()) session_.open_truth(files.front().toStdString());
                         });
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter("Masks (" + file_patterns(imaging::image_formats()) + ")");
    dialog->open();
  });
  actions.bind("file.open-demo", [this] { session_.open_demo(); });
  actions.bind("file.rescan", [this] { session_.rescan(); });
  actions.bind("file.save-picture", [this] { save_picture(false); });
  actions.bind("file.save-window", [this] { save_picture(true); });
  actions.bind("file.save-image", [this] { save_active(); });
  actions.bind("file.save-series", [this] { save_as_series(); });
  actions.bind("file.save-enhanced", [this] { save_object("enhanced"); });
  actions.bind("file.save-capture", [this] { save_object("capture"); });
  actions.bind("file.save-map", [this] { save_object("parametric-map"); });
  actions.bind("file.save-seg", [this] { save_object("seg"); });
  actions.bind("file.save-fractional", [this] { save_fractional(); });
  actions.bind("file.quit", [this] { close(); });
}

void MainWindow::open_dialog(bool folders) {
  auto* dialog = make_file_dialog(
      this, folders ? "Open a folder" : "Open files", QString::fromStdString(session_.settings().last_folder),
      [this, folders](const QStringList& files) {
        std::vector<std::filesystem::path> paths;
        for (const QString& file : files) paths.emplace_back(file.toStdString());
        if (paths.empty()) return;
        session_.settings().last_folder = (folders ? paths.front() : paths.front().parent_path()).string();
        open_dropped(paths);
      });
  dialog->setFileMode(folders ? QFileDialog::Directory : QFileDialog::ExistingFiles);
  if (folders) dialog->setOption(QFileDialog::ShowDirsOnly);
  dialog->open();
}

void MainWindow::bind_edit() {
  Actions& actions = *actions_;
  DocumentModel& model = session_.document_model();
  actions.bind("edit.undo", [&model] {
    if (model.can_undo()) model.undo();
  });
  actions.bind("edit.redo", [&model] {
    if (model.can_redo()) model.redo();
  });
  actions.bind("edit.delete", [this] { read_->views().delete_selected_measurement(); });
  actions.bind("edit.copy-measurements",
               [this] { QGuiApplication::clipboard()->setText(read_->measurements().text()); });
}

void MainWindow::bind_view() {
  Actions& actions = *actions_;
  for (const char* id :
       {"view.overlay", "view.truth", "view.left-panel", "view.right-panel", "view.full-screen"})
    actions[id]->setCheckable(true);
  actions["view.left-panel"]->setChecked(true);
  actions["view.right-panel"]->setChecked(true);
  actions.bind("view.reset", [this] { read_->views().reset(); });
  // Space means something else on a button or a check box: here it belongs to the views alone.
  actions["view.reset"]->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  removeAction(actions["view.reset"]);
  read_->views().addAction(actions["view.reset"]);
  actions.bind("view.invert", [this] {
    if (current_ == read_) read_->views().invert();
  });
  actions.bind("view.next-series", [this] { read_->studies().open_neighbour(1); });
  actions.bind("view.previous-series", [this] { read_->studies().open_neighbour(-1); });
  actions.bind("view.next-volume", [this] { session_.step_volume(1); });
  actions.bind("view.previous-volume", [this] { session_.step_volume(-1); });
  actions.bind("series.reconstruct", [this] {
    if (const Item* active = session_.document().active_item(); active && !active->series.files.empty())
      open_kspace(active->series.files.front());
  });
  actions.bind("series.resample", [this] { session_.resample_active(); });
  actions.bind("view.crosshair", [this] { read_->planes().toggle_crosshair(); });
  actions.bind("view.overlay", [this] {
    session_.document_model().amend(
        [on = (*actions_)["view.overlay"]->isChecked()](Document& document) { document.overlay.visible = on; });
  });
  actions.bind("view.truth", [this] {
    session_.document_model().amend([on = (*actions_)["view.truth"]->isChecked()](Document& document) {
      document.overlay.truth_visible = on;
    });
  });
  actions.bind("view.left-panel", [this] {
    left_shown_ = !left_shown_;
    show_panels();
  });
  actions.bind("view.right-panel", [this] {
    right_shown_ = !right_shown_;
    show_panels();
  });
  actions.bind("view.full-screen", [this] { isFullScreen() ? showNormal() : showFullScreen(); });
  actions.bind("view.dark", [this] { set_theme("dark"); });
  actions.bind("view.light", [this] { set_theme("light"); });
  for (int number = 0; number < 10; ++number)
    actions.bind(QString("view.preset-%1").arg(number),
                 [this, number] { read_->window().apply_preset(number); });
  for (const ViewerToolInfo& tool : viewer_tools())
    actions.bind(QString("tool.") + tool.name, [this, name = QString(tool.name)] { set_tool(name); });
}

void MainWindow::set_theme(const QString& name) {
  QPixmapCache::clear();
  apply_theme(*static_cast<QApplication*>(QApplication::instance()), name);
  session_.settings().theme = name.toStdString();
}

void MainWindow::bind_workspaces() {
  for (const char* name : {"read", "reconstruct", "detect"}) {
    const QString id = QString("workspace.") + name;
    (*actions_)[id]->setCheckable(true);
    actions_->bind(id, [this, name] { show_workspace(name); });
  }
  actions_->bind("workspace.run", [this] { current_->run(); });
  actions_->bind("jobs.cancel", [this] {
    for (const JobStatus& job : session_.jobs().jobs()) session_.jobs().cancel(job.id);
  });
}

void MainWindow::bind_help() {
  actions_->bind("search.actions", [this] { toolbar_->search().open(); });
  actions_->bind("help.keys", [this] { show_keys(this, *actions_); });
  actions_->bind("help.about", [this] { show_about(this); });
}

} // namespace bloch::app
