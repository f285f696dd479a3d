#include "app/panels/detect_workspace.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include "app/panels/detect_circuit.h"
#include "app/panels/detect_findings.h"
#include "app/panels/detect_kernels.h"
#include "app/panels/detect_rail.h"
#include "app/panels/detect_settings.h"
#include "app/panels/detect_verdict.h"
#include "app/panels/detect_views.h"
#include "app/panels/file_patterns.h"
#include "app/widgets/buttons.h"
#include "app/widgets/side_panel.h"
#include "imaging/io/image_file.h"

namespace bloch::app {
namespace {

constexpr int answers_width = 284;
constexpr int settings_width = 316; // a row holds label, slider, number and Auto

std::string text_value(const ParameterSet& values, const char* name) {
  const ParameterValue* value = values.find(name);
  return value ? to_text(*value) : std::string("?");
}

} // namespace

DetectWorkspace::DetectWorkspace(Session& session, QObject* parent)
    : Workspace(parent)
    , session_(session)
    , views_(new DetectViews(session))
    , findings_(new FindingsSection(session))
    , normal_(new NormalSection(session))
    , map_(new FeatureMapSection(session))
    , verdict_(new VerdictSection)
    , roc_(new RocSection)
    , gram_(new GramSection)
    , kernels_(new KernelSection)
    , circuit_(new CircuitSection)
    , rail_(new ImageRail(session))
    , centre_(new QWidget)
    , find_delay_(new QTimer(this)) {
  centre_->setObjectName("detect.centre");
  auto* column = new QVBoxLayout(centre_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* below = new QWidget;
  below->setProperty("panel", true);
  below->setAttribute(Qt::WA_StyledBackground);
  auto* below_column = new QVBoxLayout(below);
  below_column->setContentsMargins(0, 0, 0, 0);
  findings_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
  below_column->addWidget(findings_);
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setObjectName("detect.splitter");
  splitter->setHandleWidth(1);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(views_);
  splitter->addWidget(below);
  splitter->setStretchFactor(0, 2);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({550, 270});
  column->addWidget(splitter);
  make_right_panel();

  find_delay_->setSingleShot(true);
  find_delay_->setInterval(250);
  connect(find_delay_, &QTimer::timeout, this, &DetectWorkspace::find_again);
  connect(views_, &DetectViews::threshold_changed, find_delay_, qOverload<>(&QTimer::start));
  connect(views_, &DetectViews::export_requested, this, &DetectWorkspace::export_map);
  connect(views_, &DetectViews::box_drawn, this, [this](const WorldPoint& first, const WorldPoint& last) {
    const auto item = normal_->item();
    const auto box = item ? box_between(*item, first, last) : std::nullopt;
    normal_->box_is_drawn();
    if (!box) return;
    session_.document_model().edit(tr("Box of normal tissue"),
                                   [&](Document& document) { document.normal_box = *box; });
  });
  connect(normal_, &NormalSection::drawing_box, views_, &DetectViews::draw_box);
  connect(normal_, &NormalSection::changed, this, &DetectWorkspace::settings_changed);
  connect(map_, &FeatureMapSection::changed, this, &DetectWorkspace::settings_changed);
  connect(map_, &FeatureMapSection::score_requested, this, &DetectWorkspace::run);
  connect(map_, &FeatureMapSection::cancel_requested, this, [this] { session_.jobs().cancel(job_); });
  connect(verdict_, &VerdictSection::truth_requested, this, [this] {
    const QString path = QFileDialog::getOpenFileName(
        centre_, tr("Mask of known findings"), QString::fromStdString(session_.settings().last_folder),
        tr("Images (%1)").arg(file_patterns(imaging::image_formats())));
    if (!path.isEmpty()) session_.open_truth(path.toStdString());
  });
  connect(&session_.jobs(), &QtJobQueue::changed, this, [this](const JobStatus& status) {
    if (job_ == 0 || status.id != job_ || status.state == JobState::waiting ||
        status.state == JobState::running)
      return;
    job_ = 0;
    map_->set_running(false);
    settings_changed();
    emit finished();
  });
  settings_changed();
}

DetectWorkspace::~DetectWorkspace() = default;

void DetectWorkspace::make_right_panel() {
  right_ = new QWidget;
  right_->setObjectName("detect.panel");
  right_->setProperty("panel", true);
  right_->setAttribute(Qt::WA_StyledBackground);
  right_->setFixedWidth(answers_width + settings_width + 1);
  auto* answers = new SidePanel("detect.answers", session_.settings(), answers_width);
  answers->add_section(verdict_);
  answers->add_section(roc_);
  answers->add_section(gram_);
  answers->add_section(circuit_);
  auto* settings = new SidePanel("detect.settings", session_.settings(), settings_width);
  settings->add_section(normal_);
  settings->add_section(map_);
  settings->add_section(kernels_);
  auto* row = new QHBoxLayout(right_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(answers);
  auto* line = make_vertical_line();
  line->setMaximumHeight(QWIDGETSIZE_MAX);
  line->setMinimumHeight(0);
  row->addWidget(line);
  row->addWidget(settings);
}

QWidget* DetectWorkspace::left_panel() { return rail_; }
QWidget* DetectWorkspace::centre() { return centre_; }
QWidget* DetectWorkspace::right_panel() { return right_; }
void DetectWorkspace::set_tool(const std::string& name) { views_->set_tool(name); }
std::vector<std::pair<QString, QImage>> DetectWorkspace::pictures() { return views_->pictures(); }
QStringList DetectWorkspace::layouts() const { return {tr("Twin 2 × 1"), tr("Map + 3D")}; }
int DetectWorkspace::layout() const { return views_->layout_index(); }
void DetectWorkspace::set_layout(int index) { views_->set_layout_index(index); }
void DetectWorkspace::set_parameters(const ParameterSet& values) { map_->set_values(values); }

DetectRequest DetectWorkspace::current_request() const {
  DetectRequest request;
  static_cast<void>(normal_->fill(request)); // What is missing shows in the form.
  request.parameters = map_->changed_values();
  return request;
}

void DetectWorkspace::settings_changed() {
  DetectRequest request;
  const auto fine = normal_->fill(request);
  const auto form = map_->check();
  map_->set_problem(job_ != 0 ? tr("Scoring is at work.")
                    : !fine   ? QString::fromStdString(fine.error().message)
                    : !form   ? QString::fromStdString(form.error().message)
                              : QString());
  circuit_->show_settings(map_->values());
  show_outcome();
  if (run_when_loaded_ && !normal_->is_loading()) run();
}

void DetectWorkspace::run() {
  if (job_ != 0) return;
  run_when_loaded_ = normal_->is_loading();
  if (run_when_loaded_) return;
  DetectRequest request;
  auto fine = normal_->fill(request);
  if (fine) fine = map_->check();
  if (!fine) {
    session_.show_message({Message::Kind::warning, QString::fromStdString(fine.error().message), {}});
    emit finished();
    return;
  }
  request.parameters = map_->changed_values();
  struct Made {
    DetectOutcome outcome;
    Recipe recipe;
  };
  job_ = session_.jobs().run<Made>(
      tr("Scoring %1").arg(QString::fromStdString(request.item->name)), this,
      [request](const Progress& progress) -> Result<Made> {
        BLOCH_TRY(outcome, run_detection(request, progress));
        BLOCH_TRY(recipe, make_recipe(request));
        return Made{std::move(outcome), std::move(recipe)};
      },
      [this, request](Made made) { take(request, std::move(made.outcome), std::move(made.recipe)); });
  map_->set_running(true);
  settings_changed();
}

void DetectWorkspace::take(DetectRequest request, DetectOutcome outcome, Recipe recipe) {
  DocumentModel& model = session_.document_model();
  auto items = to_items(request, outcome);
  for (Item& item : items) item.recipe = recipe;
  const ItemId quantum = model.add(std::move(items[0]));
  classical_ = model.add(std::move(items[1]));
  quantum_ = quantum;
  of_outcome_ = std::move(request);
  outcome_ = std::move(outcome);
  model.amend([quantum](Document& document) {
    document.overlay.map = quantum;
    document.overlay.visible = true;
  });
  for (const auto& warning : outcome_->training.warnings)
    session_.show_message({Message::Kind::warning, QString::fromStdString(warning), {}});
  show_outcome();
  if (!outcome_->findings.empty()) session_.set_crosshair(outcome_->findings.front().centre);
}

/// Everything that depends on the outcome; another image has none until it is scored.
void DetectWorkspace::show_outcome() {
  const auto item = normal_->item();
  const bool fits = outcome_ && item && of_outcome_.item && of_outcome_.item->id == item->id;
  const DetectOutcome* outcome = fits ? &*outcome_ : nullptr;
  DetectShown shown;
  shown.item = item;
  if (fits) {
    shown.quantum = quantum_;
    shown.classical = classical_;
    const auto complete = with_defaults(imaging::anomaly_parameters(), of_outcome_.parameters);
    if (complete) {
      // The widths in force: what "auto" became.
      shown.quantum_text = QStringLiteral("%1 · %2 q · c %3")
                               .arg(QString::fromStdString(text_value(*complete, "map")).toUpper(),
                                    QString::fromStdString(text_value(*complete, "qubits")),
                                    QString::number(outcome->training.quantum.width, 'g', 3));
      shown.classical_text =
          tr("same patches · gamma %1").arg(QString::number(outcome->training.classical.width, 'g', 3));
    }
  }
  views_->show_result(std::move(shown));
  verdict_->show_outcome(outcome, item && truth_of(session_.document(), *item));
  roc_->show_outcome(outcome);
  gram_->show_outcome(outcome);
  kernels_->show_outcome(outcome);
  if (outcome)
    findings_->show_findings(outcome->findings);
  else
    findings_->show_nothing({});
}

/// The threshold has moved: the findings follow.
void DetectWorkspace::find_again() {
  if (!outcome_ || job_ != 0) return;
  const double threshold = session_.document().overlay.threshold;
  const auto quantum = session_.document().share(quantum_);
  const auto classical = session_.document().share(classical_);
  if (!quantum || !classical) return;
  using Found = std::vector<imaging::Finding>;
  session_.jobs().run<Found>(
      tr("Listing findings"), this,
      [quantum, classical, threshold, truth = of_outcome_.truth](const Progress&) -> Result<Found> {
        return imaging::find_findings(*quantum->volume, *classical->volume, threshold,
                                      truth ? std::optional<LabelMap>(*truth) : std::nullopt);
      },
      [this, quantum](Found found) {
        if (!outcome_ || quantum->id != quantum_) return;
        outcome_->findings = std::move(found);
        findings_->show_findings(outcome_->findings);
      });
}

void DetectWorkspace::export_map() {
  const ItemId id = session_.document().find(quantum_) ? quantum_ : 0;
  if (id == 0) return;
  const QString path =
      QFileDialog::getSaveFileName(centre_, tr("Save the anomaly map"), "quantum.nii.gz",
                                   tr("Images (%1)").arg(file_patterns(imaging::image_formats(), true)));
  if (!path.isEmpty()) session_.save_image(id, path.toStdString());
}

} // namespace bloch::app
