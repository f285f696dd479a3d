#include "core/jobs/job_queue.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>

#include "core/base/contract.h"

namespace bloch {
namespace {
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

bool ended(JobState state) {
  return state == JobState::done || state == JobState::failed || state == JobState::cancelled;
}
} // namespace

struct JobQueue::State {
  struct Entry {
    JobStatus status;
    Progress progress;
    Clock::time_point begun;
  };

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::vector<Entry> entries;
  JobId next_id = 1;
  Listener listener;

  Entry* find(JobId id) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.status.id == id; });
    return found == entries.end() ? nullptr : &*found;
  }

  /// Changes a job's status under the lock, then tells the listener outside of it.
  template <class Change> void update(JobId id, Change change) {
    JobStatus status;
    {
      const std::lock_guard lock(mutex);
      Entry* entry = find(id);
      if (!entry || !change(*entry)) return;
      status = entry->status;
    }
    changed.notify_all();
    if (listener) listener(status);
  }

  void heard(JobId id, double fraction, const std::string& stage) {
    update(id, [&](Entry& entry) {
      if (entry.status.state != JobState::running) return false;
      entry.status.fraction = fraction;
      entry.status.stage = stage;
      entry.status.elapsed_s = seconds_since(entry.begun);
      if (fraction > 0.02 && entry.status.elapsed_s > 0.3)
        entry.status.remaining_s = entry.status.elapsed_s * (1 - fraction) / fraction;
      return true;
    });
  }

  bool begin(JobId id) {
    bool begun = false;
    update(id, [&](Entry& entry) {
      if (entry.status.state != JobState::waiting) return false;
      entry.status.state = JobState::running;
      entry.begun = Clock::now();
      return begun = true;
    });
    return begun;
  }

  void end(JobId id, Result<void> result) {
    update(id, [&](Entry& entry) {
      entry.status.elapsed_s = seconds_since(entry.begun);
      entry.status.remaining_s.reset();
      if (result) {
        entry.status.state = JobState::done;
        entry.status.fraction = 1;
      } else if (result.error().kind == ErrorKind::cancelled) {
        entry.status.state = JobState::cancelled;
      } else {
        entry.status.state = JobState::failed;
        entry.status.error = std::move(result.error());
      }
      return true;
    });
  }
};

JobQueue::JobQueue(std::unique_ptr<Executor> executor, Listener listener)
    : state_(std::make_shared<State>())
    , executor_(std::move(executor)) {
  BLOCH_EXPECTS(executor_ != nullptr);
  state_->listener = std::move(listener);
}

JobQueue::~JobQueue() {
  cancel_all();
  executor_.reset();
}

JobId JobQueue::add(std::string title, JobWork work) {
  JobId id = 0;
  Progress progress;
  JobStatus status;
  {
    const std::lock_guard lock(state_->mutex);
    id = state_->next_id++;
    progress = Progress([weak = std::weak_ptr(state_), id](double fraction, const std::string& stage) {
      if (const auto state = weak.lock()) state->heard(id, fraction, stage);
    });
    State::Entry entry;
    entry.status.id = id;
    entry.status.title = std::move(title);
    entry.progress = progress;
    state_->entries.push_back(entry);
    status = entry.status;
  }
  if (state_->listener) state_->listener(status);
  executor_->run([state = state_, id, progress, work = std::move(work)] {
    if (!state->begin(id)) return;
    Result<void> result = failure(ErrorKind::failed, "nothing ran");
    try {
      result = work(progress);
    } catch (const std::bad_alloc&) {
      result = failure(ErrorKind::out_of_memory,
                       "there is not enough memory for this; close something or choose a smaller part");
    } catch (const std::exception& error) {
      result = failure(ErrorKind::failed, std::string("this should not happen: ") + error.what());
    }
    state->end(id, std::move(result));
  });
  return id;
}

void JobQueue::cancel(JobId id) {
  state_->update(id, [](State::Entry& entry) {
    if (ended(entry.status.state)) return false;
    entry.progress.cancel();
    if (entry.status.state == JobState::waiting) entry.status.state = JobState::cancelled;
    return true;
  });
}

void JobQueue::cancel_all() {
  for (const auto& status : jobs()) cancel(status.id);
}

std::vector<JobStatus> JobQueue::jobs() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<JobStatus> list;
  for (const auto& entry : state_->entries) list.push_back(entry.status);
  return list;
}

void JobQueue::wait() const {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] {
    return std::all_of(state_->entries.begin(), state_->entries.end(),
                       [](const State::Entry& e) { return ended(e.status.state); });
  });
}

} // namespace bloch
