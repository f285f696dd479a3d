#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/jobs/executor.h"
#include "core/jobs/job.h"

namespace bloch {

/// Runs jobs in the order they were added, as many at once as the executor has threads.
///
/// The listener is called from worker threads (and from the caller of `add` and `cancel`) at each change of a
/// job; the window marshals it to its own thread. A job that throws counts as failed.
class JobQueue {
 public:
  using Listener = std::function<void(const JobStatus&)>;

  JobQueue(std::unique_ptr<Executor> executor, Listener listener);
  /// Cancels everything and waits for what is running.
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  JobId add(std::string title, JobWork work);
  /// A waiting job never starts; a running one stops at its next step. Unknown and ended jobs are left alone.
  void cancel(JobId id);
  void cancel_all();
  std::vector<JobStatus> jobs() const;
  /// Until no job is waiting or running.
  void wait() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::unique_ptr<Executor> executor_;
};

} // namespace bloch
