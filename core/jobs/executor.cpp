#include "core/jobs/executor.h"

#include "core/base/contract.h"

namespace bloch {

ThreadExecutor::ThreadExecutor(int threads) {
  BLOCH_EXPECTS(threads > 0);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work_until_stopped(); });
}

ThreadExecutor::~ThreadExecutor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void ThreadExecutor::run(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void ThreadExecutor::work_until_stopped() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

} // namespace bloch
