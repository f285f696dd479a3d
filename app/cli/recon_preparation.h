#pragma once

#include <optional>

#include "app/cli/recon_files.h"
#include "app/cli/recon_run.h"

namespace bloch::app {

/// Method, settings, slices and mask of the line. Errors: invalid_parameter.
Result<imaging::ReconstructionTask> read_task(const ReconOptions& options);

/// What was done to the coils before anything else.
struct CoilPreparation {
  int measured = 0, used = 0;
  double kept_energy = 1;
  bool whitened = false;
};

/// Whitens and compresses the coils of raw data as the line asks, maps from a file with them.
///
/// input, task: changed in place
/// returns:     nothing where nothing was asked for
Result<std::optional<CoilPreparation>> prepare_coils(const ReconOptions& options, ReconInput& input,
                                                     imaging::ReconstructionTask& task);

/// Reads maps, mask and reference into the task.
Result<std::optional<Volume>> read_side_files(const ReconOptions& options, const ReconInput& input,
                                              imaging::ReconstructionTask& task, const Progress& progress);

Result<imaging::ReconstructedScan> run_task(const ReconOptions& options, const ReconInput& input,
                                            const imaging::ReconstructionTask& task,
                                            const std::optional<Volume>& reference, const Progress& progress);

} // namespace bloch::app
