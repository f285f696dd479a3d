#pragma once

#include <optional>

#include "app/cli/command.h"
#include "app/cli/recon_files.h"
#include "app/cli/recon_run.h"

namespace bloch::app {

/// What is written as DICOM: a series of MR images into a folder, or an enhanced MR into one .dcm file.
struct ReconResult {
  const ReconInput& input;
  const imaging::ReconstructionTask& task;
  const imaging::ReconstructedScan& scan;
  const Volume& image; ///< magnitude, where --like or the input says it lies
  const std::optional<imaging::OpenedImage>& like;
};

/// Patient and study of --like, else of the input; always as MR, which is said where those are of another
/// modality. errors: those of writing
Result<void> write_recon_dicom(const Invocation& invocation, const ReconOptions& options,
                               const ReconResult& result);

} // namespace bloch::app
