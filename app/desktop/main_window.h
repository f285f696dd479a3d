#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QMainWindow>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"
#include "app/desktop/workspace.h"

class QHBoxLayout;
class QVBoxLayout;

namespace bloch::app {

class ActionSearch;
class MessageBar;
class ReadWorkspace;
class Toolbar;

/// The window: toolbar, one workspace at a time, message bar, status line.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Session& session);
  ~MainWindow() override;

  Actions& actions() { return *actions_; }
  /// "read", "reconstruct", "detect"; made when first shown. Contract: there is such a workspace.
  Workspace& show_workspace(const QString& name);
  Workspace& workspace() { return *current_; }
  ReadWorkspace& read() { return *read_; }
  MessageBar& messages() { return *messages_; }

  /// As the last session left it; the size of the pictures when there was none.
  void restore_state();
  void save_state();

 signals:
  void workspace_changed(const QString& name);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Page {
    std::unique_ptr<Workspace> workspace;
    QWidget* left = nullptr;
    QWidget* centre = nullptr;
    QWidget* right = nullptr;
  };
  Page make_page(const QString& name);
  Page& page_of(const QString& name);
  void show_panels();

  void bind_files();
  void bind_edit();
  void bind_view();
  void bind_workspaces();
  void bind_help();
  void open_dialog(bool folders);
  void save_picture(bool whole_window);
  void save_active();
  /// Asks which volumes, where there are several; then where to.
  void save_as_series();
  void choose_series_folder(const Item& item, bool all_volumes);
  void save_object(const std::string& kind);
  /// Asks about the volumes first where the series has several.
  void save_fractional();
  void choose_dicom_file(const std::string& name, const std::string& kind,
                         const std::function<void(const std::filesystem::path&)>& save);
  /// What would be saved as a kind of DICOM object: the map or mask over the active image, else the image.
  const Item* item_to_save(const std::string& kind) const;
  void set_theme(const QString& name);
  void refresh_actions();
  void set_tool(const QString& name);
  void open_kspace(const std::filesystem::path& path);
  void open_dropped(const std::vector<std::filesystem::path>& paths);

  Session& session_;
  Actions* actions_;
  Toolbar* toolbar_ = nullptr;
  MessageBar* messages_ = nullptr;
  QHBoxLayout* body_ = nullptr;
  QVBoxLayout* centre_ = nullptr;
  std::vector<Page> pages_;
  Workspace* current_ = nullptr;
  ReadWorkspace* read_ = nullptr;
  QString tool_ = "window-level";
  bool left_shown_ = true;
  bool right_shown_ = true;
};

} // namespace bloch::app
