#pragma once

#include <functional>
#include <memory>
#include <string>

namespace bloch {

/// How far a piece of work is, and whether it should stop. Cheap to copy, safe to use from any thread.
///
/// A default-constructed Progress listens to nothing and never cancels.
class Progress {
 public:
  /// fraction from 0 to 1 of the whole, and the name of the stage at work (may be empty).
  using Listener = std::function<void(double fraction, const std::string& stage)>;

  Progress() = default;
  explicit Progress(Listener listener);

  /// Fraction of this part done, 0 to 1. The listener hears it as a fraction of the whole, never going
  /// backwards.
  void report(double fraction) const;

  /// The part of this work from `begin` to `end` (fractions), under a name of its own.
  Progress child(double begin, double end, std::string stage = {}) const;

  /// Asks every copy and child to stop at its next step.
  void cancel() const;
  bool cancelled() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  double begin_ = 0;
  double end_ = 1;
  std::string stage_;
};

} // namespace bloch
