#include "app/bridge/qt_job_queue.h"

#include <QMetaObject>
#include <QPointer>

namespace bloch::app {

struct QtJobQueue::Open {
  QPointer<QObject> context;
  std::function<void()> done;
};

QtJobQueue::QtJobQueue(int threads, QObject* parent)
    : QObject(parent) {
  queue_ =
      std::make_unique<JobQueue>(std::make_unique<ThreadExecutor>(threads), [this](const JobStatus& status) {
        QMetaObject::invokeMethod(
            this, [this, status] { heard(status); }, Qt::QueuedConnection);
      });
}

QtJobQueue::~QtJobQueue() = default;

JobId QtJobQueue::start(const QString& title, QObject* context, JobWork work, std::function<void()> done) {
  // Status changes are queued to this thread, so the entry below is there before the first one is heard.
  const JobId id = queue_->add(title.toStdString(), std::move(work));
  open_[id] = std::make_shared<Open>(Open{context, std::move(done)});
  return id;
}

void QtJobQueue::heard(const JobStatus& status) {
  const bool ended =
      status.state == JobState::done || status.state == JobState::failed || status.state == JobState::cancelled;
  if (!ended) {
    emit changed(status);
    return;
  }
  const auto found = open_.find(status.id);
  if (found == open_.end()) return;
  const std::shared_ptr<Open> open = found->second;
  open_.erase(found);
  if (status.state == JobState::done && open->context && open->done) open->done();
  emit changed(status);
  if (open_.empty()) emit became_idle();
}

} // namespace bloch::app
