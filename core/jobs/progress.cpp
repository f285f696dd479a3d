#include "core/jobs/progress.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace bloch {

struct Progress::Shared {
  Listener listener;
  std::atomic<bool> cancelled{false};
  std::mutex mutex;
  double furthest = 0;
  std::string stage;
};

Progress::Progress(Listener listener)
    : shared_(std::make_shared<Shared>()) {
  shared_->listener = std::move(listener);
}

void Progress::report(double fraction) const {
  if (!shared_ || !shared_->listener) return;
  const double whole = begin_ + (end_ - begin_) * std::clamp(fraction, 0.0, 1.0);
  const std::lock_guard lock(shared_->mutex);
  if (whole < shared_->furthest || (whole == shared_->furthest && stage_ == shared_->stage && whole > 0))
    return;
  shared_->furthest = whole;
  shared_->stage = stage_;
  shared_->listener(whole, stage_);
}

Progress Progress::child(double begin, double end, std::string stage) const {
  Progress part = *this;
  part.begin_ = begin_ + (end_ - begin_) * std::clamp(begin, 0.0, 1.0);
  part.end_ = begin_ + (end_ - begin_) * std::clamp(end, 0.0, 1.0);
  if (!stage.empty()) part.stage_ = std::move(stage);
  return part;
}

void Progress::cancel() const {
  if (shared_) shared_->cancelled = true;
}

bool Progress::cancelled() const { return shared_ && shared_->cancelled; }

} // namespace bloch
