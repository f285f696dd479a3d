#include "app/panels/reconstruct_workspace.h"

#include <algorithm>
#include <limits>

#include <QFileDialog>
#include <QVBoxLayout>

#include "app/panels/file_patterns.h"
#include "app/panels/reconstruct_command.h"
#include "app/panels/reconstruct_panel.h"
#include "app/panels/reconstruct_results.h"
#include "app/panels/reconstruct_runner.h"
#include "app/panels/reconstruct_source.h"
#include "app/panels/reconstruct_views.h"
#include "core/base/file.h"
#include "imaging/io/image_file.h"

namespace bloch::app {
namespace {

/// Everything the panel says, as one text to compare with.
QString settings_text(const ReconstructRequest& request, const std::vector<MethodChoice>& choices) {
  std::string text = to_json(request.coil_parameters);
  for (const auto& choice : choices) text += "\n" + command_line(request, choice);
  return QString::fromStdString(text);
}

} // namespace

ReconstructWorkspace::ReconstructWorkspace(Session& session, QObject* parent)
    : Workspace(parent)
    , session_(session)
    , runner_(new ReconstructRunner(session, this))
    , panel_(new ReconstructPanel(session))
    , views_(new ReconstructViews(session))
    , command_(new CommandBar("reconstruct"))
    , results_(new ReconstructResults(session, *runner_))
    , centre_(new QWidget) {
  centre_->setObjectName("reconstruct.centre");
  auto* column = new QVBoxLayout(centre_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(views_, 1);
  column->addWidget(command_);

  connect(panel_, &ReconstructPanel::run_requested, this, &ReconstructWorkspace::run);
  connect(panel_, &ReconstructPanel::cancel_requested, runner_, &ReconstructRunner::cancel);
  connect(panel_, &ReconstructPanel::changed, this, &ReconstructWorkspace::settings_changed);
  connect(runner_, &ReconstructRunner::row_changed, results_, &ReconstructResults::show_row);
  connect(runner_, &ReconstructRunner::method_done, this, &ReconstructWorkspace::method_done);
  connect(runner_, &ReconstructRunner::finished, this, [this] {
    panel_->set_running(false);
    emit finished();
  });
  connect(results_, &ReconstructResults::method_chosen, this, &ReconstructWorkspace::choose);
  connect(views_, &ReconstructViews::method_chosen, this, &ReconstructWorkspace::choose);
  connect(views_, &ReconstructViews::export_requested, this, &ReconstructWorkspace::export_result);
  connect(command_, &CommandBar::recipe_requested, this, &ReconstructWorkspace::save_recipe);
  show_results();
  refresh_command();
}

ReconstructWorkspace::~ReconstructWorkspace() = default;

QWidget* ReconstructWorkspace::left_panel() { return panel_; }
QWidget* ReconstructWorkspace::centre() { return centre_; }
QWidget* ReconstructWorkspace::right_panel() { return results_; }
void ReconstructWorkspace::set_tool(const std::string& name) { views_->set_tool(name); }
std::vector<std::pair<QString, QImage>> ReconstructWorkspace::pictures() { return views_->pictures(); }
void ReconstructWorkspace::open_kspace(const std::filesystem::path& path) { panel_->source().open_file(path); }
bool ReconstructWorkspace::is_running() const { return runner_->is_running(); }

void ReconstructWorkspace::run_default(int slices) {
  if (slices > 0) panel_->source().choose_slices(slices);
  run();
}

void ReconstructWorkspace::run() {
  if (runner_->is_running()) return;
  if (const auto fine = panel_->check(); !fine) {
    session_.show_message({Message::Kind::warning, QString::fromStdString(fine.error().message), {}});
    emit finished();
    return;
  }
  const ReconstructRequest request = panel_->request();
  const auto choices = panel_->choices();
  settings_of_run_ = settings_text(request, choices);
  selected_.clear();
  panel_->set_running(true);
  runner_->start(request, choices);
  results_->show_run();
  show_results();
}

void ReconstructWorkspace::method_done(const QString& method) {
  // The best so far is the one to look at, until the user chooses.
  const auto& rows = runner_->rows();
  const auto better = [&](const std::string& a, const std::string& b) {
    const auto nrmse = [&](const std::string& name) {
      for (const auto& row : rows)
        if (row.method == name)
          if (const auto found = row.numbers.find("nrmse"); found != row.numbers.end()) return found->second;
      return std::numeric_limits<double>::infinity();
    };
    return nrmse(a) < nrmse(b);
  };
  if (selected_.isEmpty() || better(method.toStdString(), selected_.toStdString())) selected_ = method;
  show_results();
  results_->choose(selected_.toStdString());
  refresh_command();
}

void ReconstructWorkspace::choose(const QString& method) {
  if (runner_->image_of(method.toStdString()) == 0) return;
  selected_ = method;
  show_results();
  results_->choose(method.toStdString());
  refresh_command();
}

void ReconstructWorkspace::show_results() {
  ReconstructShown shown;
  const bool has_results = std::any_of(runner_->rows().begin(), runner_->rows().end(),
                                       [](const MetricsRow& row) { return row.item != 0; });
  const ReconstructRequest request = has_results ? runner_->request() : panel_->request();
  shown.reference = request.series ? request.series->id : has_results ? runner_->reference() : 0;
  shown.selected = selected_.toStdString();
  for (const auto& row : runner_->rows())
    if (row.item != 0) shown.results.emplace_back(row.method, row.item);
  shown.error = runner_->error_of(shown.selected);
  views_->show_results(std::move(shown));
}

void ReconstructWorkspace::settings_changed() {
  const ReconstructRequest request = panel_->request();
  if (!settings_of_run_.isEmpty())
    results_->set_outdated(!runner_->is_running() &&
                           settings_text(request, panel_->choices()) != settings_of_run_);
  if (runner_->rows().empty()) show_results();
  refresh_command();
}

void ReconstructWorkspace::refresh_command() {
  const auto choices = panel_->choices();
  const std::string wanted = selected_.toStdString();
  const MethodChoice* shown = choices.empty() ? nullptr : &choices.back();
  for (const auto& choice : choices)
    if (choice.name == wanted || (wanted.empty() && choice.name == imaging::ReconstructionTask{}.method))
      shown = &choice;
  command_->set_line(shown ? QString::fromStdString(command_line(panel_->request(), *shown)) : QString());
  const Item* item = session_.document().find(runner_->image_of(wanted));
  command_->set_recipe_available(item && item->recipe);
}

void ReconstructWorkspace::export_result() {
  const ItemId item = runner_->image_of(selected_.toStdString());
  if (item == 0) return;
  const QString path =
      QFileDialog::getSaveFileName(centre_, tr("Save the reconstruction"), selected_ + ".nii.gz",
                                   tr("Images (%1)").arg(file_patterns(imaging::image_formats(), true)));
  if (path.isEmpty()) return;
  session_.save_image(item, path.toStdString());
}

void ReconstructWorkspace::save_recipe() {
  const Item* item = session_.document().find(runner_->image_of(selected_.toStdString()));
  if (!item || !item->recipe) return;
  const QString path = QFileDialog::getSaveFileName(centre_, tr("Save the recipe"),
                                                    selected_ + ".nii.gz.recipe.json", "JSON (*.json)");
  if (path.isEmpty()) return;
  const auto written = write_file(path.toStdString(), std::string_view(to_json(*item->recipe)));
  if (!written)
    session_.show_message({Message::Kind::error, tr("The recipe was not saved."),
                           QString::fromStdString(written.error().message)});
}

} // namespace bloch::app
