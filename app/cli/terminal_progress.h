#pragma once

#include <memory>

#include "core/jobs/progress.h"

namespace bloch::app {

/// A progress bar on stderr, drawn on a terminal only; Ctrl+C cancels the work instead of killing the program.
class TerminalProgress {
 public:
  explicit TerminalProgress(bool quiet);
  ~TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  const Progress& progress() const { return progress_; }
  /// Removes the bar.
  void finish();

 private:
  struct State;
  std::shared_ptr<State> state_;
  Progress progress_;
};

} // namespace bloch::app
