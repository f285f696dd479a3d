#include "app/panels/reconstruct_runner.h"

#include <algorithm>

namespace bloch::app {

struct ReconstructRunner::Outcome {
  ReconstructedItems items;
};

ReconstructRunner::ReconstructRunner(Session& session, QObject* parent)
    : QObject(parent)
    , session_(session) {
  connect(&session_.jobs(), &QtJobQueue::changed, this, &ReconstructRunner::heard);
}

void ReconstructRunner::start(ReconstructRequest request, std::vector<MethodChoice> choices) {
  if (running_ || choices.empty() || !request.has_source()) return;
  request_ = std::move(request);
  choices_ = std::move(choices);
  rows_.clear();
  for (const auto& choice : choices_) {
    MetricsRow row;
    row.method = choice.name;
    rows_.push_back(std::move(row));
  }
  errors_.assign(rows_.size(), 0);
  reference_ = 0;
  next_ = 0;
  running_ = true;
  cancelled_ = false;
  run_next();
}

void ReconstructRunner::cancel() {
  if (!running_) return;
  cancelled_ = true;
  session_.jobs().cancel(job_);
}

void ReconstructRunner::run_next() {
  if (cancelled_)
    for (; next_ < rows_.size(); ++next_) {
      rows_[next_].state = JobState::cancelled;
      emit row_changed(static_cast<int>(next_));
    }
  if (next_ >= rows_.size()) {
    running_ = false;
    emit finished();
    return;
  }
  const std::size_t row = next_++;
  const ReconstructRequest request = request_;
  const MethodChoice choice = choices_[row];
  rows_[row].state = JobState::running;
  emit row_changed(static_cast<int>(row));
  const QString title = tr("Reconstructing · %1").arg(QString::fromStdString(method_label(choice.name)));
  job_ = session_.jobs().run<Outcome>(
      title, this,
      [request, choice](const Progress& progress) -> Result<Outcome> {
        BLOCH_TRY(scan, run_method(request, choice, progress.child(0, 0.98)));
        Outcome outcome{to_items(request, choice, scan)};
        BLOCH_TRY(recipe, make_recipe(request, choice));
        outcome.items.image.recipe = recipe;
        if (outcome.items.error) outcome.items.error->recipe = recipe;
        return outcome;
      },
      [this, row](Outcome outcome) { take(row, std::move(outcome)); });
}

void ReconstructRunner::take(std::size_t row, Outcome outcome) {
  DocumentModel& model = session_.document_model();
  if (outcome.items.reference && reference_ == 0) reference_ = model.add(std::move(*outcome.items.reference));
  if (!request_.series && reference_ != 0) outcome.items.image.source = reference_;
  rows_[row].numbers = outcome.items.image.numbers;
  rows_[row].item = model.add(std::move(outcome.items.image));
  rows_[row].fraction = 1;
  if (outcome.items.error) {
    outcome.items.error->source = rows_[row].item;
    errors_[row] = model.add(std::move(*outcome.items.error));
  }
}

void ReconstructRunner::heard(const JobStatus& status) {
  if (!running_ || status.id != job_ || next_ == 0) return;
  const std::size_t index = next_ - 1;
  MetricsRow& row = rows_[index];
  row.fraction = status.fraction;
  row.remaining_s = status.remaining_s;
  // A job that is waiting for its turn counts as running here: the row's bar is at nought.
  row.state = status.state == JobState::waiting ? JobState::running : status.state;
  if (status.state == JobState::failed) row.error = status.error ? status.error->message : "failed";
  emit row_changed(static_cast<int>(index));
  if (status.state == JobState::done) emit method_done(QString::fromStdString(row.method));
  const bool ended =
      status.state == JobState::done || status.state == JobState::failed || status.state == JobState::cancelled;
  if (ended) run_next();
}

const MethodChoice* ReconstructRunner::choice_of(const std::string& method) const {
  const auto found = std::find_if(choices_.begin(), choices_.end(),
                                  [&](const MethodChoice& one) { return one.name == method; });
  return found == choices_.end() ? nullptr : &*found;
}

ItemId ReconstructRunner::image_of(const std::string& method) const {
  for (const auto& row : rows_)
    if (row.method == method) return row.item;
  return 0;
}

ItemId ReconstructRunner::error_of(const std::string& method) const {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].method == method) return errors_[i];
  return 0;
}

} // namespace bloch::app
