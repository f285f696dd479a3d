#include "app/desktop/job_bar.h"

#include <algorithm>
#include <cmath>

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include "app/widgets/buttons.h"
#include "app/widgets/icon_label.h"

namespace bloch::app {

JobBar::JobBar(QtJobQueue& jobs, QWidget* parent)
    : QWidget(parent)
    , jobs_(jobs)
    , title_(make_label({}, "label", "jobs.title"))
    , bar_(new QProgressBar)
    , percent_(make_label({}, "mono-value", "jobs.percent"))
    , remaining_(make_label({}, "mono", "jobs.remaining"))
    , cancel_(make_small_button("jobs.cancel", "x", "Cancel this job")) {
  setObjectName("jobs.bar");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  auto* glyph = new IconLabel("loader-circle", "text-2", 13);
  bar_->setObjectName("jobs.progress");
  bar_->setRange(0, 1000);
  bar_->setTextVisible(false);
  bar_->setFixedWidth(130);
  percent_->setMinimumWidth(36);
  percent_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row->addWidget(glyph);
  row->addWidget(title_);
  row->addWidget(bar_);
  row->addWidget(percent_);
  row->addWidget(remaining_);
  row->addWidget(cancel_);
  connect(&jobs_, &QtJobQueue::changed, this, &JobBar::heard);
  connect(cancel_, &QToolButton::clicked, this, [this] { jobs_.cancel(shown_); });
  hide();
}

void JobBar::heard(const JobStatus& status) {
  if (status.state == JobState::waiting || status.state == JobState::running)
    at_work_[status.id] = status;
  else
    at_work_.erase(status.id);
  show_oldest();
}

void JobBar::show_oldest() {
  setVisible(!at_work_.empty());
  if (at_work_.empty()) return;
  const auto running = std::find_if(at_work_.begin(), at_work_.end(),
                                    [](const auto& job) { return job.second.state == JobState::running; });
  const JobStatus& job = running == at_work_.end() ? at_work_.begin()->second : running->second;
  QString title = QString::fromStdString(job.title);
  if (!job.stage.empty()) title += QString(" · ") + QString::fromStdString(job.stage);
  if (at_work_.size() > 1) title += QString(" · %1 more").arg(at_work_.size() - 1);
  title_->setText(title);
  bar_->setValue(static_cast<int>(std::lround(job.fraction * 1000)));
  percent_->setText(QString("%1 %").arg(static_cast<int>(job.fraction * 100)));
  remaining_->setText(to_time_left(job.remaining_s));
  shown_ = job.id;
}

QString to_time_left(const std::optional<double>& seconds) {
  if (!seconds || !std::isfinite(*seconds)) return {};
  const auto whole = static_cast<long long>(std::ceil(*seconds));
  return QString("%1:%2 left").arg(whole / 60).arg(whole % 60, 2, 10, QChar('0'));
}

} // namespace bloch::app
