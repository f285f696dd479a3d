#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace bloch::app {

/// One reconstruction of a batch.
struct BatchJob {
  std::string name; ///< file name without ending, the same for the same arguments
  std::filesystem::path input;
  std::vector<std::pair<std::string, std::string>> settings; ///< for the table: the input's path
                                                             ///< from the batch file, method, what was set
  std::vector<std::string> arguments;                        ///< of recon, without --out and --json
};

struct BatchPlan {
  std::vector<BatchJob> jobs;
  std::string ending = ".nii.gz";
};

/// Every combination of the file's lists, inputs slowest. errors: not_found, malformed, invalid_parameter
Result<BatchPlan> plan_batch(const std::filesystem::path& batch);

} // namespace bloch::app
