#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bloch {

/// Where jobs run.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void run(std::function<void()> work) = 0;
};

/// A fixed number of threads. The destructor waits for what has begun and drops what has not.
class ThreadExecutor final : public Executor {
 public:
  explicit ThreadExecutor(int threads = 1);
  ~ThreadExecutor() override;
  ThreadExecutor(const ThreadExecutor&) = delete;
  ThreadExecutor& operator=(const ThreadExecutor&) = delete;

  void run(std::function<void()> work) override;

 private:
  void work_until_stopped();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace bloch
