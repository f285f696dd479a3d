#include "app/desktop/main_window.h"

#include <algorithm>

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMimeData>
#include <QVBoxLayout>

#include "app/desktop/action_search.h"
#include "app/desktop/status_line.h"
#include "app/desktop/toolbar.h"
#include "app/panels/detect_workspace.h"
#include "app/panels/linked_views.h"
#include "app/panels/read_workspace.h"
#include "app/panels/reconstruct_workspace.h"
#include "app/widgets/message_bar.h"
#include "core/base/contract.h"
#include "core/base/file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::app {
namespace {

const QSize picture_size(1440, 900);

using Paths = std::vector<std::filesystem::path>;

std::string ending_of(const std::filesystem::path& path) { return file_of(path).extension().string(); }

/// Raw data goes to Reconstruct, not to the browser, and so do complex variables of a .mat. .npy may hold
/// either and is tried as an image first; the window then says that it may be k-space.
bool is_raw_data(const std::filesystem::path& path) {
  const std::string ending = ending_of(path);
  if (ending == ".mat") return !imaging::holds_real_numbers(path);
  return ending == ".h5" || ending == ".cfl" || ending == ".hdr" || ending == ".npz";
}

/// A series read from a file of complex numbers, which may be k-space.
bool is_complex_file(const Item& item) {
  const auto& warnings = item.series.warnings;
  return item.kind == ItemKind::series && item.series.files.size() == 1 &&
         std::any_of(warnings.begin(), warnings.end(),
                     [](const Warning& warning) { return warning.kind == "complex-numbers"; });
}

struct SortedPaths {
  Paths raw, images;
};

SortedPaths sorted(const Paths& paths) {
  SortedPaths result;
  for (const auto& path : paths) (is_raw_data(path) ? result.raw : result.images).push_back(path);
  return result;
}

} // namespace

MainWindow::MainWindow(Session& session)
    : session_(session)
    , actions_(new Actions(this)) {
  setObjectName("window");
  setWindowTitle("Bloch");
  setAcceptDrops(true);
  setMinimumSize(960, 600);
  auto* whole = new QWidget;
  auto* column = new QVBoxLayout(whole);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  toolbar_ = new Toolbar(*actions_, session_);
  column->addWidget(toolbar_);
  body_ = new QHBoxLayout;
  body_->setSpacing(0);
  auto* middle = new QWidget;
  middle->setObjectName("centre");
  centre_ = new QVBoxLayout(middle);
  centre_->setContentsMargins(0, 0, 0, 0);
  centre_->setSpacing(0);
  messages_ = new MessageBar;
  centre_->addWidget(messages_);
  body_->addWidget(middle, 1);
  column->addLayout(body_, 1);
  column->addWidget(new StatusLine(session_));
  setCentralWidget(whole);

  pages_.push_back(make_page("read"));
  read_ = static_cast<ReadWorkspace*>(pages_.front().workspace.get());
  bind_files();
  bind_edit();
  bind_view();
  bind_workspaces();
  bind_help();
  BLOCH_EXPECTS(actions_->unbound().isEmpty());
  connect(&session_, &Session::message_shown, this, [this](const Message& message) {
    messages_->show_message(static_cast<MessageBar::Kind>(message.kind), message.text, message.details);
  });
  connect(&session_.document_model(), &DocumentModel::changed, this, &MainWindow::refresh_actions);
  connect(&session_.jobs(), &QtJobQueue::changed, this, &MainWindow::refresh_actions);
  connect(toolbar_, &Toolbar::recent_chosen, this,
          [this](const QString& path) { open_dropped({path.toStdString()}); });
  show_workspace("read");
  set_tool(tool_);
  refresh_actions();
}

MainWindow::~MainWindow() = default;

MainWindow::Page MainWindow::make_page(const QString& name) {
  Page page;
  if (name == "read") page.workspace = std::make_unique<ReadWorkspace>(session_);
  if (name == "reconstruct") page.workspace = std::make_unique<ReconstructWorkspace>(session_);
  if (name == "detect") page.workspace = std::make_unique<DetectWorkspace>(session_);
  BLOCH_EXPECTS(page.workspace != nullptr);
  page.left = page.workspace->left_panel();
  page.centre = page.workspace->centre();
  page.right = page.workspace->right_panel();
  if (page.left) body_->insertWidget(0, page.left);
  if (page.right) body_->addWidget(page.right);
  centre_->addWidget(page.centre, 1);
  for (QWidget* part : {page.left, page.centre, page.right})
    if (part) part->hide();
  return page;
}

MainWindow::Page& MainWindow::page_of(const QString& name) {
  for (Page& page : pages_)
    if (page.workspace->name() == name) return page;
  pages_.push_back(make_page(name));
  return pages_.back();
}

Workspace& MainWindow::show_workspace(const QString& name) {
  Page& wanted = page_of(name);
  current_ = wanted.workspace.get();
  show_panels();
  toolbar_->show_workspace(*current_);
  for (const QString& known : {QString("read"), QString("reconstruct"), QString("detect")})
    (*actions_)["workspace." + known]->setChecked(known == name);
  if (current_->hidden_tools().contains(tool_)) tool_ = "window-level";
  set_tool(tool_);
  session_.settings().workspace = name.toStdString();
  emit workspace_changed(name);
  return *current_;
}

void MainWindow::show_panels() {
  for (Page& page : pages_)
    if (page.workspace.get() != current_)
      for (QWidget* part : {page.left, page.centre, page.right})
        if (part) part->hide();
  for (Page& page : pages_) {
    if (page.workspace.get() != current_) continue;
    if (page.left) page.left->setVisible(left_shown_);
    if (page.right) page.right->setVisible(right_shown_);
    page.centre->show();
  }
}

void MainWindow::set_tool(const QString& name) {
  tool_ = name;
  for (const QAction* action : actions_->all())
    if (const QString id = Actions::id_of(action); id.startsWith("tool."))
      (*actions_)[id]->setChecked(id == "tool." + name);
  current_->set_tool(name.toStdString());
}

void MainWindow::refresh_actions() {
  const DocumentModel& model = session_.document_model();
  const Document& document = session_.document();
  const auto with_name = [](const char* verb, const QString& name) {
    return name.isEmpty() ? QString(verb) : QString("%1 %2").arg(verb, name.toLower());
  };
  Actions& actions = *actions_;
  actions["edit.undo"]->setEnabled(model.can_undo());
  actions["edit.undo"]->setText(with_name("Undo", model.undo_name()));
  actions["edit.redo"]->setEnabled(model.can_redo());
  actions["edit.redo"]->setText(with_name("Redo", model.redo_name()));
  const Item* active = document.active_item();
  const bool image = active && active->volume;
  for (const char* id : {"file.save-image", "file.save-series", "file.save-picture", "file.open-truth",
                         "view.reset", "view.invert"})
    actions[id]->setEnabled(image);
  for (const auto& [id, kind] : {std::pair("file.save-enhanced", "enhanced"),
                                 {"file.save-capture", "capture"},
                                 {"file.save-map", "parametric-map"},
                                 {"file.save-seg", "seg"},
                                 {"file.save-fractional", "fractional-seg"}})
    actions[id]->setEnabled(item_to_save(kind) != nullptr);
  const bool several = image && active->kind == ItemKind::series && active->series.volumes > 1;
  for (const char* id : {"view.next-volume", "view.previous-volume"}) actions[id]->setEnabled(several);
  actions["series.reconstruct"]->setEnabled(image && is_complex_file(*active));
  actions["series.resample"]->setEnabled(image && !active->series.slice_origins.empty());
  actions["edit.delete"]->setEnabled(!document.measurements.empty());
  actions["edit.copy-measurements"]->setEnabled(!document.measurements.empty());
  actions["view.overlay"]->setEnabled(document.overlay.map.has_value());
  actions["view.overlay"]->setChecked(document.overlay.map.has_value() && document.overlay.visible);
  actions["view.truth"]->setChecked(document.overlay.truth_visible);
  actions["jobs.cancel"]->setEnabled(!session_.jobs().idle());
  setWindowTitle(active ? QString::fromStdString(active->name) + " – Bloch" : QString("Bloch"));
}

void MainWindow::restore_state() {
  const auto& kept = session_.settings().window;
  const auto geometry = kept.find("geometry");
  if (geometry == kept.end() ||
      !restoreGeometry(QByteArray::fromBase64(QByteArray::fromStdString(geometry->second))))
    resize(picture_size);
}

void MainWindow::save_state() {
  session_.settings().window["geometry"] = saveGeometry().toBase64().toStdString();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  save_state();
  QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  std::vector<std::filesystem::path> paths;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) paths.emplace_back(url.toLocalFile().toStdString());
  event->acceptProposedAction();
  open_dropped(paths);
}

void MainWindow::open_dropped(const std::vector<std::filesystem::path>& paths) {
  const auto open = [this](const SortedPaths& found) {
    for (const auto& path : found.raw) open_kspace(path);
    if (!found.images.empty()) session_.open_paths(found.images);
  };
  // What a .mat holds is known once it is read, and a damaged one may take its time: the window goes on.
  const bool looks_inside =
      std::any_of(paths.begin(), paths.end(), [](const auto& path) { return ending_of(path) == ".mat"; });
  if (!looks_inside) return open(sorted(paths));
  session_.jobs().run<SortedPaths>(
      "Looking into files", this, [paths](const Progress&) -> Result<SortedPaths> { return sorted(paths); },
      open);
}

void MainWindow::open_kspace(const std::filesystem::path& path) {
  session_.settings().remember(path.string());
  static_cast<ReconstructWorkspace&>(show_workspace("reconstruct")).open_kspace(path);
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
  // Reaches the window when no view or field wanted it.
  if (event->key() == Qt::Key_Escape && isFullScreen()) return (*actions_)["view.full-screen"]->trigger();
  if (event->key() == Qt::Key_Escape && current_ == read_) return read_->views().escape();
  QMainWindow::keyPressEvent(event);
}

} // namespace bloch::app
