#pragma once

#include <filesystem>
#include <string>

#include "app/cli/command.h"
#include "core/base/result.h"

namespace bloch::app {

/// Runs `recon` for every combination that a batch file describes, into a folder:
///
///   {"inputs": ["scans/*.h5"],
///    "methods": [{"method": "cg-sense", "set": {"lambda": [0.001, 0.01]}}, "l1-wavelet"],
///    "options": {"undersample": ["random,accel=4", "poisson,accel=8"], "compress": 8},
///    "ending": ".nii.gz"}
///
/// Paths are relative to the file; `options` are recon's own by their long names, a list is one axis of the
/// grid, true is an option without a value. Each job leaves NAME.json last, so that what was finished before a
/// kill is not done again while its arguments and the content of its input are the same. DIR/batch.csv and
/// DIR/batch.json hold one row a job: settings, metrics, times, or the error.
///
/// errors: malformed or invalid_parameter (the file), failed (some jobs; the table says which), cancelled
Result<void> run_recon_batch(const Invocation& invocation, const std::filesystem::path& batch,
                             const std::string& out);

} // namespace bloch::app
