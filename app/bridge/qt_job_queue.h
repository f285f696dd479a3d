#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QString>

#include "core/jobs/job_queue.h"

namespace bloch::app {

/// The job queue for widgets: work runs on its own threads, everything else is heard and called on the GUI
/// thread.
class QtJobQueue : public QObject {
  Q_OBJECT

 public:
  explicit QtJobQueue(int threads = 2, QObject* parent = nullptr);
  ~QtJobQueue() override;

  /// work: runs elsewhere and returns Result<Value>; done: called on the GUI thread with the value when it went
  /// well, unless `context` is gone by then. Failures arrive as `changed` with an error.
  template <class Value>
  JobId run(const QString& title, QObject* context, std::function<Result<Value>(const Progress&)> work,
            std::function<void(Value)> done) {
    auto value = std::make_shared<std::optional<Value>>();
    return start(
        title, context,
        [value, work = std::move(work)](const Progress& progress) -> Result<void> {
          auto result = work(progress);
          if (!result) return failure(std::move(result.error()));
          value->emplace(std::move(*result));
          return {};
        },
        [value, done = std::move(done)] {
          if (*value) done(std::move(**value));
        });
  }

  void cancel(JobId id) { queue_->cancel(id); }
  std::vector<JobStatus> jobs() const { return queue_->jobs(); }
  /// Nothing waiting or running, and every `done` called.
  bool idle() const { return open_.empty(); }

 signals:
  void changed(const bloch::JobStatus& status);
  void became_idle();

 private:
  JobId start(const QString& title, QObject* context, JobWork work, std::function<void()> done);
  void heard(const JobStatus& status);

  struct Open;
  std::map<JobId, std::shared_ptr<Open>> open_;
  std::unique_ptr<JobQueue> queue_;
};

} // namespace bloch::app
