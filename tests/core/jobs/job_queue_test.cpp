#include "core/jobs/job_queue.h"

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bloch {
namespace {

/// Every status that a listener heard, readable from any thread.
class Heard {
 public:
  JobQueue::Listener listener() {
    return [this](const JobStatus& status) {
      const std::lock_guard lock(mutex_);
      all_.push_back(status);
    };
  }
  std::vector<JobState> states_of(JobId id) const {
    const std::lock_guard lock(mutex_);
    std::vector<JobState> states;
    for (const auto& status : all_)
      if (status.id == id && (states.empty() || states.back() != status.state)) states.push_back(status.state);
    return states;
  }
  std::vector<double> fractions_of(JobId id) const {
    const std::lock_guard lock(mutex_);
    std::vector<double> fractions;
    for (const auto& status : all_)
      if (status.id == id) fractions.push_back(status.fraction);
    return fractions;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<JobStatus> all_;
};

JobStatus status_of(const JobQueue& queue, JobId id) {
  for (const auto& status : queue.jobs())
    if (status.id == id) return status;
  return {};
}

TEST(JobQueue, RunsJobsInTheirOrderAndTellsEachStep) {
  Heard heard;
  JobQueue queue(std::make_unique<ThreadExecutor>(1), heard.listener());
  std::vector<int> order;
  const JobId first = queue.add("first", [&](const Progress& progress) -> Result<void> {
    progress.report(0.5);
    order.push_back(1);
    return {};
  });
  queue.add("second", [&](const Progress&) -> Result<void> {
    order.push_back(2);
    return {};
  });
  queue.wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_THAT(heard.states_of(first),
              ::testing::ElementsAre(JobState::waiting, JobState::running, JobState::done));
  EXPECT_THAT(heard.fractions_of(first), ::testing::ElementsAre(0.0, 0.0, 0.5, 1.0));
}

TEST(JobQueue, RunsAsManyAtOnceAsItHasThreads) {
  JobQueue queue(std::make_unique<ThreadExecutor>(2), {});
  std::promise<void> here;
  std::promise<void> there;
  queue.add("a", [&](const Progress&) -> Result<void> {
    here.set_value();
    there.get_future().wait();
    return {};
  });
  queue.add("b", [&](const Progress&) -> Result<void> {
    there.set_value();
    here.get_future().wait();
    return {};
  });
  queue.wait();
  for (const auto& status : queue.jobs()) EXPECT_EQ(status.state, JobState::done);
}

TEST(JobQueue, KeepsTheErrorOfAJobThatFailed) {
  JobQueue queue(std::make_unique<ThreadExecutor>(1), {});
  const JobId id = queue.add(
      "bad", [](const Progress&) -> Result<void> { return failure(ErrorKind::malformed, "broken file"); });
  queue.wait();
  EXPECT_EQ(status_of(queue, id).state, JobState::failed);
  EXPECT_EQ(status_of(queue, id).error->message, "broken file");
}

TEST(JobQueue, TurnsAnExceptionIntoAFailure) {
  JobQueue queue(std::make_unique<ThreadExecutor>(1), {});
  const JobId id =
      queue.add("bug", [](const Progress&) -> Result<void> { throw std::logic_error("surprise"); });
  const JobId memory = queue.add("memory", [](const Progress&) -> Result<void> { throw std::bad_alloc(); });
  queue.wait();
  EXPECT_EQ(status_of(queue, id).state, JobState::failed);
  EXPECT_EQ(status_of(queue, memory).error->kind, ErrorKind::out_of_memory);
}

TEST(JobQueue, StopsARunningJobAtItsNextStep) {
  JobQueue queue(std::make_unique<ThreadExecutor>(1), {});
  std::promise<void> begun;
  const JobId id = queue.add("long", [&](const Progress& progress) -> Result<void> {
    begun.set_value();
    while (!progress.cancelled()) std::this_thread::yield();
    return failure(ErrorKind::cancelled, "cancelled");
  });
  begun.get_future().wait();
  queue.cancel(id);
  queue.wait();
  EXPECT_EQ(status_of(queue, id).state, JobState::cancelled);
}

TEST(JobQueue, NeverStartsAWaitingJobThatWasCancelled) {
  JobQueue queue(std::make_unique<ThreadExecutor>(1), {});
  std::promise<void> go;
  std::shared_future<void> gate(go.get_future());
  queue.add("first", [gate](const Progress&) -> Result<void> {
    gate.wait();
    return {};
  });
  std::atomic<bool> ran{false};
  const JobId second = queue.add("second", [&](const Progress&) -> Result<void> {
    ran = true;
    return {};
  });
  queue.cancel(second);
  go.set_value();
  queue.wait();
  EXPECT_FALSE(ran);
  EXPECT_EQ(status_of(queue, second).state, JobState::cancelled);
}

TEST(JobQueue, MayBeDestroyedWhileItWorks) {
  for (int round = 0; round < 20; ++round) {
    JobQueue queue(std::make_unique<ThreadExecutor>(2), {});
    for (int i = 0; i < 8; ++i)
      queue.add("job", [](const Progress& progress) -> Result<void> {
        for (int step = 0; step < 1000 && !progress.cancelled(); ++step) progress.report(step / 1000.0);
        return {};
      });
  }
}

TEST(Progress, MapsChildrenIntoTheWholeAndNeverGoesBack) {
  std::vector<double> heard;
  const Progress whole([&](double fraction, const std::string&) { heard.push_back(fraction); });
  const Progress second = whole.child(0.5, 1, "second");
  whole.child(0, 0.5, "first").report(0.5);
  second.report(0.5);
  whole.report(0.1);
  second.child(0.5, 1).report(1);
  EXPECT_THAT(heard, ::testing::ElementsAre(0.25, 0.75, 1.0));
}

TEST(Progress, WithoutAListenerIsSilentAndNeverCancelled) {
  const Progress nothing;
  nothing.report(0.5);
  nothing.cancel();
  EXPECT_FALSE(nothing.cancelled());
}

} // namespace
} // namespace bloch
