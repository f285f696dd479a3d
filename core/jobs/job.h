#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/jobs/progress.h"

namespace bloch {

enum class JobState { waiting, running, done, failed, cancelled };

using JobId = unsigned long long;

/// What a listener of the queue sees of a job, by value.
struct JobStatus {
  JobId id = 0;
  std::string title;
  JobState state = JobState::waiting;
  double fraction = 0;
  std::string stage;
  std::optional<Error> error; ///< when failed
  double elapsed_s = 0;
  /// From the pace so far; nothing until there is one.
  std::optional<double> remaining_s;
};

/// The work of a job. What it makes, it hands over inside a `Result` of its own; the queue only needs to know
/// whether it went well.
using JobWork = std::function<Result<void>(const Progress&)>;

} // namespace bloch
