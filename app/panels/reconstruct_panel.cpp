#include "app/panels/reconstruct_panel.h"

#include <thread>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/panels/reconstruct_mask.h"
#include "app/panels/reconstruct_methods.h"
#include "app/panels/reconstruct_preview.h"
#include "app/panels/reconstruct_source.h"
#include "app/widgets/buttons.h"
#include "app/widgets/parameter_form.h"
#include "app/widgets/plain_text.h"
#include "imaging/recon/coils.h"

namespace bloch::app {
namespace {

/// What the picture of k-space depends on.
std::string kspace_key(const ReconstructRequest& request) {
  if (request.series) return std::to_string(request.series->id) + " " + imaging::to_text(request.simulation);
  return request.file.string() + " " + imaging::to_text(request.coil_axis);
}

} // namespace

ReconstructPanel::ReconstructPanel(Session& session, QWidget* parent)
    : SidePanel("reconstruct.panel", session.settings(), 272, parent)
    , session_(session)
    , source_(new ReconstructSource(session))
    , mask_(new ReconstructMask)
    , methods_(new ReconstructMethods)
    , coils_(new ParameterForm("reconstruct.coils", imaging::coil_parameters(), ParameterForm::Look{84, {}})) {
  auto* coils = new Section("reconstruct.coils_section", tr("Coil sensitivities"));
  coils->set_hint("ESPIRiT");
  coils->content()->addWidget(coils_);
  add_section(source_);
  add_section(mask_);
  add_section(methods_);
  add_section(coils);
  make_foot();

  preview_delay_.setSingleShot(true);
  preview_delay_.setInterval(120);
  connect(&preview_delay_, &QTimer::timeout, this, &ReconstructPanel::start_preview);
  connect(source_, &ReconstructSource::changed, this, [this] {
    mask_->set_raw(source_->is_raw());
    settings_changed();
  });
  connect(&session_.jobs(), &QtJobQueue::changed, this, [this](const JobStatus& status) {
    if (status.id == preview_job_ && status.state != JobState::waiting && status.state != JobState::running)
      preview_running_ = false;
  });
  connect(mask_, &ReconstructMask::changed, this, &ReconstructPanel::settings_changed);
  connect(methods_, &ReconstructMethods::changed, this, &ReconstructPanel::settings_changed);
  connect(coils_, &ParameterForm::changed, this, &ReconstructPanel::settings_changed);
  settings_changed();
}

void ReconstructPanel::make_foot() {
  auto* foot = new QWidget;
  auto* column = new QVBoxLayout(foot);
  column->setContentsMargins(12, 8, 12, 10);
  column->setSpacing(6);
  count_ = make_label({}, "hint", "reconstruct.foot.count");
  count_->setWordWrap(true);
  amount_ = make_label({}, "mono", "reconstruct.foot.amount");
  auto* line = new QHBoxLayout;
  line->addWidget(count_, 1);
  line->addWidget(amount_);
  run_ = make_primary_button("reconstruct.run", tr("Run"), "play");
  cancel_ = make_button("reconstruct.cancel", tr("Cancel"), "x");
  cancel_->setToolTip(tr("Stop after the step at work"));
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(run_, 1);
  buttons->addWidget(cancel_);
  column->addLayout(line);
  column->addLayout(buttons);
  set_footer(foot);
  connect(run_, &QPushButton::clicked, this, &ReconstructPanel::run_requested);
  connect(cancel_, &QPushButton::clicked, this, &ReconstructPanel::cancel_requested);
}

ReconstructRequest ReconstructPanel::request() const {
  ReconstructRequest request;
  source_->fill(request);
  request.undersample = mask_->request();
  request.coil_parameters = coils_->changed_values();
  return request;
}

std::vector<MethodChoice> ReconstructPanel::choices() const { return methods_->choices(); }

Result<void> ReconstructPanel::check() const {
  BLOCH_CHECK(source_->check());
  BLOCH_CHECK(mask_->check());
  BLOCH_CHECK(methods_->check());
  BLOCH_CHECK(coils_->check());
  if (methods_->choices().empty()) return failure(ErrorKind::invalid_parameter, "Check at least one method.");
  return {};
}

void ReconstructPanel::set_running(bool running) {
  running_ = running;
  refresh_foot();
}

void ReconstructPanel::settings_changed() {
  refresh_foot();
  preview_delay_.start();
  emit changed();
}

void ReconstructPanel::refresh_foot() {
  const auto fine = check();
  const auto chosen = choices().size();
  run_->setText(chosen == 1 ? tr("Run 1 method") : tr("Run %1 methods").arg(chosen));
  run_->setEnabled(fine && !running_);
  run_->setToolTip(!fine      ? plain_tip(QString::fromStdString(fine.error().message))
                   : running_ ? tr("A run is at work")
                              : QString());
  cancel_->setVisible(running_);
  const int threads = session_.settings().threads > 0 ? session_.settings().threads
                                                      : static_cast<int>(std::thread::hardware_concurrency());
  if (!fine) {
    count_->setText(QString::fromStdString(fine.error().message));
    amount_->clear();
    return;
  }
  count_->setText(tr("%1 · %2").arg(chosen == 1 ? tr("1 method") : tr("%1 methods").arg(chosen),
                                    threads == 1 ? tr("1 thread") : tr("%1 threads").arg(threads)));
  const ReconstructRequest now = request();
  const int slices = now.last_slice - now.first_slice + 1;
  amount_->setText(slices == 1 ? tr("1 slice") : tr("%1 slices").arg(slices));
}

void ReconstructPanel::start_preview() {
  const ReconstructRequest now = request();
  if (!now.has_source() || !mask_->check()) return;
  if (preview_running_) {
    preview_delay_.start(); // The one at work is out of date: look again when it has ended.
    return;
  }
  const std::string key = kspace_key(now);
  const bool with_kspace = key != pictured_;
  if (with_kspace) source_->show_kspace({});
  preview_running_ = true;
  using Made = Result<ReconstructPreview>;
  preview_job_ = session_.jobs().run<Made>(
      tr("Sampling mask"), this,
      [now, with_kspace](const Progress&) -> Result<Made> { return make_preview(now, with_kspace); },
      [this, key, with_kspace](Made made) {
        if (!made) {
          mask_->show_problem(QString::fromStdString(made.error().message));
          return;
        }
        mask_->show_preview(*made);
        if (!with_kspace) return;
        pictured_ = key;
        source_->show_kspace(made->kspace);
      });
}

} // namespace bloch::app
